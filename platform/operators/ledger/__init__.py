"""The books: trial balance, accounts and their statements, and the closing of periods."""
