"""Operators see in what Stripe, the banks and the payouts differ from the books."""
