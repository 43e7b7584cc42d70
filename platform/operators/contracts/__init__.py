"""Contracts on overflow, and the log of what crossed by them."""
