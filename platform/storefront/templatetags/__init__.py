"""Template tags of the storefront, for the pages of the CMS."""
