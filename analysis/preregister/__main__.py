"""`python -m analysis.preregister`."""

from analysis.preregister.command import main

if __name__ == "__main__":
    main()
