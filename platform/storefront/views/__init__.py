"""Views of a brand site, by what the customer does: look, book, follow."""
