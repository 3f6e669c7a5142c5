"""ILSVRC 2012 and its 120 dog classes, read from the releases as they are."""
