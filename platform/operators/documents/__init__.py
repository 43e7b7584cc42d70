"""Documents of friends that wait for a decision, and where pros are enabled."""
