"""One model: its loss, its training, what it predicts."""
