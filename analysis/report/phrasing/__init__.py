"""Results in words, for the page and for the text of a paper."""
