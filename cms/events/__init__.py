"""Events on the brand site: their pages, how they are written and repeated, and what is announced of them."""
