"""Each night the books are compared with what others say; each provider has a side."""
