"""Packages with their prices and questions."""
