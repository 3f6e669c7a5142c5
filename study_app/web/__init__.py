"""What every page has: headers, static files, pictures, problem pages."""
