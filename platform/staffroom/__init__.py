"""What the partners' managers and the platform's operators share: forms, words and parts of their screens."""
