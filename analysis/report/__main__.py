"""`python -m analysis.report`."""

import gc
import os

gc.disable()  # what is imported stays: to look through it again and again is a tenth of a report
os.environ.setdefault("OMP_NUM_THREADS", "1")  # of BLAS: matrices are small, and others draw

from analysis.report.command import main  # noqa: E402

gc.freeze()
gc.enable()

if __name__ == "__main__":
    main()
