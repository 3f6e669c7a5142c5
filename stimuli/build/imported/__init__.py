"""Explanations that another tool made: found by image, checked before any work, and shown."""
