"""Rehearsals: simulated participants who go through the study over HTTP."""
