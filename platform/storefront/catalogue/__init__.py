"""Packages, whether somebody comes to a place, and who waits until somebody does."""
