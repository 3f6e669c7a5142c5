"""How much a reader could learn from what a condition shows: the ceiling of an explanation."""
