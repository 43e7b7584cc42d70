"""A partner's settings: what is right, and what they bring about."""
