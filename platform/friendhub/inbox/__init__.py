"""Notices to the friend, and by which channels they come."""
