"""Events: who comes, who is there, what everybody is told."""
