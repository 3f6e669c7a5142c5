"""People with the AI, beside the AI without people, on the same footing."""
