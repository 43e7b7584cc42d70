"""How Stripe says no."""

from typing import Any

from demo.stand_in.errors import Refused as Error


class Refused(Error):
    """An answer with an error in Stripe's form."""

    def __init__(self, status: int, message: str, *, kind: str = "invalid_request_error", **more: Any) -> None:
        super().__init__(status, message, {"error": {"type": kind, "message": message, **more}})


def no_such(kind: str, name: str) -> Refused:
    """Return the answer to whoever asks for an object that is not there."""
    return Refused(404, f"No such {kind}: '{name}'", code="resource_missing", param="id")
