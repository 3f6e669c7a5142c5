"""Statistics: tables in, tables out. Nothing here knows the report."""
