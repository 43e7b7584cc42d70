"""What operators see on the platform host."""
