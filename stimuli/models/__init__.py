"""Classifiers of a study: trained, loaded, asked."""
