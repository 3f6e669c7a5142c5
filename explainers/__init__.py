"""Classifiers and what explains them. Knows nothing about studies."""
