"""Who of the operators may be in this admin, and how they come in."""
