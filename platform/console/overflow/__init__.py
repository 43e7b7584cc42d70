"""Contracts on overflow and what crossed by them."""
