"""The root of all errors that a person may cause and must understand."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


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


class FieldsNotRight(DomainError):
    """Some of what was entered is not right; ``fields`` says what is wrong about which."""

    message = _("Some details need correcting.")
    code, status = "fields_not_right", 422

    def __init__(self, fields: Mapping[str, str | Promise]) -> None:
        super().__init__()
        self.fields = {name: str(text) for name, text in fields.items()}

    def __str__(self) -> str:
        return " ".join(self.fields.values())
