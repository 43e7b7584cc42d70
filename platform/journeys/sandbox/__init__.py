"""What a developer lets happen in a sandbox: how its friends and customers answer. The same journeys as everywhere."""
