"""What the experimenter sees and decides while the study runs."""
