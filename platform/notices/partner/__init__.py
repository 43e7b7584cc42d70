"""Words about partners: who of the platform looks in."""
