"""A friend's way: sign up, documents, certificates, communities, decisions."""
