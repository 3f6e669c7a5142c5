"""`study load`: what may be put in force, and what of it may change once people have come."""
