"""Measures that conditions are compared by, one family in each module."""
