"""`python -m analysis.report`."""

from analysis.report.command import main

if __name__ == "__main__":
    main()
