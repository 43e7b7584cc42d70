"""Skills of the partner's own, and certificates for them."""
