"""Too few images for a study: what it needs, and the first filter that takes it away."""
