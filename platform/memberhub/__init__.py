"""What friends see of their community on a brand's host: the door, the welcome."""
