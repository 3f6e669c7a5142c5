"""Anybody's photos: a folder with labels.csv, or with a folder for each class."""
