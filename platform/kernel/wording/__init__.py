"""Texts, dates and percentages as people of each language write them."""
