"""Events on a brand site: sign up, confirm, cancel, and calendar files. What they say is pages of the cms."""
