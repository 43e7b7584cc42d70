"""What can go wrong with an invoice to a partner."""

from kernel.errors import DomainError


class DrawingChanged(DomainError):
    """The file is not the one whose hash was kept."""

    code, status = "drawing_changed", 500
