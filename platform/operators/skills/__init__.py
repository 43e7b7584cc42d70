"""The tree of skills."""
