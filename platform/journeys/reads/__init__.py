"""What crosses apps and is only read."""
