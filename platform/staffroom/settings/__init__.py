"""A partner's settings: their words, fields, forms, and what they bring about."""
