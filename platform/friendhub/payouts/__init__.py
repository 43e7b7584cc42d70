"""A friend's money: what is owed and what keeps it, payouts with their statements, and the bank account."""
