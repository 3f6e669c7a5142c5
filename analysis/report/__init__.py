"""The report: one page of tables and figures, `python -m analysis.report`."""
