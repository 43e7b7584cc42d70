"""Papers, pictures and spreadsheets."""
