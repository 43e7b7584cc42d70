"""A partner's own domains, and the proof that they are."""
