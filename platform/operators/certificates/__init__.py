"""Certificates of friends: found, read, taken back."""
