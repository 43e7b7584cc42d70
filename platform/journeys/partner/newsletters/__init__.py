"""A partner's newsletter: signing up and leaving, choosing recipients, sending."""
