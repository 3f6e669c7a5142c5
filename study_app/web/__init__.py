"""What every page has: security, static files, pictures, problem pages."""
