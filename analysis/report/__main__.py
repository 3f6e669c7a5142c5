"""`python -m analysis.report`."""

import gc

gc.disable()  # what is imported stays: to look through it again and again is a tenth of a report

from analysis.report.command import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
