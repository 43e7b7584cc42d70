"""A partner's settings as managers and operators see them: forms, their history in words, the look of colours."""
