"""Correlations within bins: what drives both sides from bin to bin, such as how hard a stimulus
is, is then no correlation. Chances and intervals come from permutations within bins.
"""
