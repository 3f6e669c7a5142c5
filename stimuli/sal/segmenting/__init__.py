"""Masks of an off-the-shelf segmenter, as files that scenario "files" reads."""
