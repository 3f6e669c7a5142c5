"""The offline stage: from a data set and classifiers to a bundle."""
