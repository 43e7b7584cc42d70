"""What the tax office is told about friends' earnings, and what friends are asked for it."""
