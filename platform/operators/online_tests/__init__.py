"""Online tests and their questions."""
