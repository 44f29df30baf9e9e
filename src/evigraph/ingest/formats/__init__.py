"""Texts of reference managers and databases, taken apart: tagged lines, BibTeX, JSON and XML."""
