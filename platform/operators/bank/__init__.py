"""The banks' files: what customers have paid in, and what waits for a decision."""
