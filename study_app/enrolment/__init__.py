"""Who comes, who they are, and which condition and trials they get."""
