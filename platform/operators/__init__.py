"""The operators' pages on the platform host: partners, settings, commissions, and what is being done to them."""
