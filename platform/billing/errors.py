"""What can go wrong with bills."""


class DrawingChanged(Exception):
    """A bill's file in the storage is not the PDF that was kept when it was drawn."""
