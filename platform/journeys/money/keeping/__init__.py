"""For how long money's records are kept, and what becomes of them then."""
