"""The gate that every catalogue passes."""
