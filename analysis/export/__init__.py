"""An export: its files read strictly, and written for what another tool collected."""
