"""Extraction sheets into a review: which study a row is about, what it codes, and what coders agree on."""
