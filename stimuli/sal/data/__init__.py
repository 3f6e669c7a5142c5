"""Images, labels and masks in memory, and who drew what."""
