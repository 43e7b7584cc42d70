"""How much of what people try is hidden, and how much of what they may say is kept.

``PYTHONPATH=platform python -m tests.kernel.masking_rates`` prints both, with every text on the wrong side.

The tries mark in ``[[…]]`` what must not be told. One is caught when no four letters or digits in a row of a marked
piece are left; an innocent text is kept when it is the same afterwards.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kernel.hiding.masking import Person, mask

TEXTS = Path(__file__).parent / "masking"
LANGUAGES = ("de", "en", "fr", "it", "pl")
_MARKED = re.compile(r"\[\[(.*?)\]\]")
_A_PIECE = 4
# Who writes, and so what is known of them.
WRITERS = {
    "de": Person(("Jana Köster",), "jana@koester.example", "+491712345678", "Goethestraße 12"),
    "en": Person(("Grace Whitfield",), "grace@mail.example", "+41791234567", "Harbour Lane 7"),
    "fr": Person(("Hélène Dupré",), "helene@dupre.example", "+41791234567", "14 rue des Frères-Lumière"),
    "it": Person(("Niccolò D'Amico",), "niccolo@posta.example", "+41791234567", "Via Nassa 5a"),
    "pl": Person(("Łukasz Wójcik",), "lukasz@poczta.example", "+48501234567", "ul. Marszałkowska 10/4"),
}


@dataclass(frozen=True)
class Try:
    """A text with contact data, and the pieces of it that must not be told."""

    language: str
    text: str
    secrets: tuple[str, ...]

    @property
    def is_caught(self) -> bool:
        """Say whether nothing of the secrets is left."""
        left = _bare(masked(self.text, self.language))
        return not any(piece in left for secret in self.secrets for piece in _pieces(_bare(secret)))


def tries() -> list[Try]:
    """Return the texts with contact data."""
    return [Try(language, _MARKED.sub(r"\1", line), tuple(_MARKED.findall(line))) for language, line in _lines("tries")]


def innocents() -> list[tuple[str, str]]:
    """Return language and text of what has no contact data in it."""
    return list(_lines("innocent"))


def masked(text: str, language: str) -> str:
    """Return a text as friends would see it."""
    return mask(text, people=[WRITERS[language]]).text


def leaks() -> list[Try]:
    """Return the tries that are not caught."""
    return [one for one in tries() if not one.is_caught]


def touched() -> list[tuple[str, str]]:
    """Return the innocent texts that do not stay as they are."""
    return [(language, text) for language, text in innocents() if masked(text, language) != text]


def report() -> str:
    """Return both rates in words."""
    caught, kept = len(tries()) - len(leaks()), len(innocents()) - len(touched())
    return (
        f"caught {caught} of {len(tries())} tries ({caught / len(tries()):.1%}), "
        f"touched {len(innocents()) - kept} of {len(innocents())} innocent texts ({1 - kept / len(innocents()):.1%})"
    )


def _lines(kind: str) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        for line in (TEXTS / f"{kind}.{language}.txt").read_text(encoding="utf-8").splitlines():
            yield language, line


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _pieces(bare: str) -> list[str]:
    return [bare[at : at + _A_PIECE] for at in range(max(1, len(bare) - _A_PIECE + 1))]


if __name__ == "__main__":
    for leak in leaks():
        print(f"leak {leak.language}: {leak.text}  ->  {masked(leak.text, leak.language)}")  # noqa: T201  # a terminal's programme
    for language, text in touched():
        print(f"touched {language}: {text}  ->  {masked(text, language)}")  # noqa: T201
    print(report())  # noqa: T201
