"""What the single answers of a trial say, where a trial has several steps."""
