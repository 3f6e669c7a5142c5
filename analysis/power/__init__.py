"""Before anybody is paid: what a study can find, `python -m analysis.power`."""
