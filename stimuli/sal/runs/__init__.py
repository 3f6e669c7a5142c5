"""Runs and grids: rounds of labelling and training, resumable."""
