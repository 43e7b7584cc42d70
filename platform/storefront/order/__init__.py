"""An order as its customer sees it, and all that the customer can do about it."""
