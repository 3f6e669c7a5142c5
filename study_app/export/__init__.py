"""The export: every answer as tidy CSV files."""
