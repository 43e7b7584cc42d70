"""The newsletter for everybody: sign up, confirm, choose, leave with one click, and read what came before."""
