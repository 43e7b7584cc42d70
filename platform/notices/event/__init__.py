"""What guests of events are told."""
