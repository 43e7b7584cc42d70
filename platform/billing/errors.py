"""What can go wrong with bills."""


class UnableToDraw(Exception):
    """This machine lacks what drawing a PDF needs."""

    def __init__(self) -> None:
        super().__init__(
            "Bills cannot be drawn: the library Pango is missing. "
            "On Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
        )


class DrawingChanged(Exception):
    """A bill's file in the storage is not the PDF that was kept when it was drawn."""
