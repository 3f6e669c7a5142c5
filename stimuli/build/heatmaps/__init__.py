"""Heat maps of an explainer: drawn, kept, and scored."""
