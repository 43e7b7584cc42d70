"""Jobs, waves, offers and the rules by which they go."""
