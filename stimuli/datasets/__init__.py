"""Data sets: photographs or drawings with labels, behind one small interface."""
