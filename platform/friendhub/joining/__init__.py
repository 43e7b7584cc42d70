"""The door: sign up, confirm, sign in, passwords."""
