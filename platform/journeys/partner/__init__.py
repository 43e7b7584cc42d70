"""A partner's way: onboarded, contracts, rules tried, support, and leaving."""
