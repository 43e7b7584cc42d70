"""The partner's own accounts in the platform's books."""
