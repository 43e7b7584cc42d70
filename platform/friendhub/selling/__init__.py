"""As whom a friend sells, where the customer's contract is theirs."""
