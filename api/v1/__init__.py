"""Version 1, a module for each noun."""
