"""Newsletters from their recipients to the report, and who has signed up."""
