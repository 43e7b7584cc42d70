"""What the platform knows of a friend: profile, availability, communities, being a pro."""
