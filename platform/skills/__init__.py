"""The tree of skills that packages need and friends have. Public schema, the same for all partners."""
