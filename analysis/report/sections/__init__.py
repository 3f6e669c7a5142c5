"""The sections of the report, a module and a template each: statistics in, prose and tables out."""
