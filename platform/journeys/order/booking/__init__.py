"""A customer books, or leaves an address where nobody comes yet; wishes may still change."""
