"""Who is asked and when, and what happens before somebody accepts."""
