"""Jobs that leave their partner's community: the gate, the contracts, and what has crossed."""
