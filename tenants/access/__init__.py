"""Who enters a partner from outside: by a hand-over, as support, by a link."""
