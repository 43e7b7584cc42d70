"""How a provider says no, and how an answer gets lost."""

from typing import Any


class Refused(Exception):
    """An answer with an error, whose body has the provider's form."""

    def __init__(self, status: int, message: str, body: Any) -> None:
        super().__init__(message)
        self.status, self.body = status, body


class AnswerLost(Exception):
    """The connection breaks before the answer."""
