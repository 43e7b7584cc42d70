"""Words about orders and jobs: to customers, friends and managers."""
