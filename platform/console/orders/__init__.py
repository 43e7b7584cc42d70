"""Orders: the desk, the list, one order with its log, and what a manager does about it."""
