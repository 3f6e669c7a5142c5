"""From an export to tables, figures and one HTML page. Reads files alone."""
