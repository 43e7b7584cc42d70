"""The root of all errors that a person may cause and must understand."""

from django.utils.functional import Promise


class DomainError(Exception):
    """A rule said no. ``message`` is for the person, in their language; ``status`` is the HTTP status to answer with.

    ``code`` is the same in every language, for programs and logs.
    """

    message: str | Promise = ""
    status: int = 409
    code: str = "refused"

    def __init__(self, message: str | Promise | None = None) -> None:
        if message is not None:
            self.message = message
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.message) or self.code
