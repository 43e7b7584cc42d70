"""Offers: looked at, accepted, declined, asked about, answered with other times."""
