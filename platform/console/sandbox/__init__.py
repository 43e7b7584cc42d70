"""The sandbox of the partner's developers: set up, made anew, its test keys, and what it would have sent."""
