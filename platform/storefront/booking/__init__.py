"""A booking, step by step, until it is an order."""
