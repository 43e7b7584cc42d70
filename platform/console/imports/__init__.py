"""Orders that come in a table: looked at row by row, then placed."""
