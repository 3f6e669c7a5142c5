"""The figures of the report: a table in, a matplotlib figure out. No pyplot, no global state."""
