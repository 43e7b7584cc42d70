"""What money does in the stories that cross apps. It begins no order's way; an order's way begins it."""
