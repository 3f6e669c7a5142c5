"""Sections on the single steps of trials; they are there where a study has such steps."""
