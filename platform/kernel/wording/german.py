"""German as the country at hand writes it: our texts have ß and „…“, Switzerland gets ss, «…» and words of its own."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from django.utils.translation import trans_real

SWITZERLAND = "CH"
# Only where the Swiss word is another one.
_WORDS = {
    "Aufzug": "Lift",
    "Festpreis": "Fixpreis",
    "Urlaub": "Ferien",
    "USt-IdNr. oder MWST-Nummer": "MWST-Nummer",
    "USt-IdNr.": "MWST-Nummer",
}
_ANY_WORD = re.compile("|".join(rf"(?<!\w){re.escape(word)}(?!\w)" for word in _WORDS))
_QUOTED = re.compile("„([^„“]*)“")
_QUOTED_INSIDE = re.compile("‚([^‚‘]*)‘")
_country: ContextVar[str] = ContextVar("country of the reader", default="")


def swiss_german(text: str) -> str:
    """Return a German text as it is written in Switzerland."""
    text = _ANY_WORD.sub(lambda found: _WORDS[found[0]], text)
    text = _QUOTED.sub(r"«\1»", _QUOTED_INSIDE.sub(r"‹\1›", text))
    return text.replace("ß", "ss")


@contextmanager
def written_for(country: str) -> Iterator[None]:
    """Write German for a reader in this country (ISO code), wherever the work is done; "" leaves it to the tenant."""
    token = _country.set(country)
    try:
        yield
    finally:
        _country.reset(token)


def as_written_here(text: str) -> str:
    """Return a German text as the reader's country writes it, or the first country of the tenant at hand."""
    own = getattr(getattr(connection, "tenant", None), "countries", None) or [""]
    return swiss_german(text) if (_country.get() or own[0]) == SWITZERLAND else text


class CountryTranslation(trans_real.DjangoTranslation):
    """Django's translation, where German follows the country at hand. What people typed never comes through here."""

    def gettext(self, message: str) -> str:
        """Return the translation of a message."""
        return self._here(super().gettext(message))

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the translation of a message with a number."""
        return self._here(super().ngettext(msgid1, msgid2, n))

    def _here(self, text: str) -> str:
        return as_written_here(text) if self.language() == "de" else text


def let_german_follow_the_country() -> None:
    """Make every translation from now on a CountryTranslation: Django has no setting for the class."""
    trans_real.DjangoTranslation = CountryTranslation  # type: ignore[misc]
    trans_real._translations.clear()  # type: ignore[attr-defined]
