"""How SumUp says no."""

from demo.stand_in.errors import Refused as Error


class Refused(Error):
    """An answer with an error in SumUp's form."""

    def __init__(self, status: int, code: str, message: str, **more: str) -> None:
        super().__init__(status, message, {"error_code": code, "message": message, **more})


def not_found() -> Refused:
    """Return the answer to whoever asks for something that is not there."""
    return Refused(404, "NOT_FOUND", "Resource not found")
