"""How notices reach people, and what was given up."""
