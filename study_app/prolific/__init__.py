"""Prolific: what to paste there, what it says of people, and whom to pay."""
