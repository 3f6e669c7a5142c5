"""Gorilla's task files, turned into an export: `python -m analysis.gorilla FILES… --out EXPORT`."""
