"""A participant's way through the study, screen by screen."""
