"""Asking and writing: in few round trips, and what the database's refusals mean."""
