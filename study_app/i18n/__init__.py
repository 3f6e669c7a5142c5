"""The study's language: sentences, their translations, numbers and sums."""
