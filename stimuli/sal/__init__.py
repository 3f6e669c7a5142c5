"""Saliency in active learning: which images people are asked about, and training with them."""
