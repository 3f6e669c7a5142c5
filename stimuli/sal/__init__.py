"""Saliency in active learning: whom to ask about which images, and what to learn from it."""
