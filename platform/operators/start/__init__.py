"""The operators' first page: what waits for a decision, over all sections."""
