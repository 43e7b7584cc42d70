"""Both sides rate each other, and people look after what is written there."""
