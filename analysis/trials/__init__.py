"""Anybody's trials, a CSV file with a row for each answer, as an export (`docs/import.md`)."""
