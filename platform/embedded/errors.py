"""What can go wrong, each in one line for the terminal."""


class UnableToStart(Exception):
    """A server or process did not start; the text says which, why, and where its log is."""
