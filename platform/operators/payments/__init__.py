"""Card payments that a person has to look at: disputes, wrong amounts, refunds that have failed."""
