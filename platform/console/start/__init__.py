"""The admin's first page: what a new partner does first, and that the site is closed."""
