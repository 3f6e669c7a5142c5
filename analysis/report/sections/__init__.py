"""The sections of the report, a module and a template each: statistics in, prose and tables out.

A module with a `PLACE` is a section, and the page shows them in the order of these numbers.
"""
