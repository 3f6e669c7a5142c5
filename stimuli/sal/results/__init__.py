"""What finished runs show: tables, curves, heat maps."""
