"""What customer and friend write to each other, and what of it the other side may read."""
