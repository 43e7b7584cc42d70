"""The operators' views, one file a noun."""
