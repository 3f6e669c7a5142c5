"""Networks by name, each cut in two where its last maps are."""
