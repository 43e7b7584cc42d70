"""Stories about money."""
