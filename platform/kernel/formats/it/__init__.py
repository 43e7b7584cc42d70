"""Dates and times of this language: Monday first, 24 hours."""
