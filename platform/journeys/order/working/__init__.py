"""From the first contact to the work that is done, with all that may come between."""
