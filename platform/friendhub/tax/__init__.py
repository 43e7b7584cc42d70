"""What a friend says for the tax office, and what the platform has reported of them."""
