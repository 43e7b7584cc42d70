"""Template tags that every interface uses."""
