"""Every stimulus with its truth, for the experimenter's eyes: one page, and a server for it."""
