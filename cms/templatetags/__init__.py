"""Template tags of the brand site's pages."""
