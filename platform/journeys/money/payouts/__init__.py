"""What friends are paid: runs, transfers, accounts at Stripe, and the limit of cash."""
