"""Oxford Flowers102: 102 flowers of Britain with masks, read as Oxford gives them out."""
