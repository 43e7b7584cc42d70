"""A text as it is compared: small plain letters and digits, whatever signs they were written with, and where each was.

Marks and signs without width are dropped, accents too; ``ß`` becomes two letters. A place of the folded text knows its
place in the original, so nothing of what is kept is ever rewritten.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# Stands in a stored text for what was hidden; one character, so a masked text is never longer than the original.
HIDDEN = "\N{BLACK VERTICAL RECTANGLE}"
# What HIDDEN is folded to: white space that no pattern of ours reaches over.
BREAK = "\x1c"

Span = tuple[int, int]

_PLAIN = {
    "ł": "l", "ø": "o", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "ŋ": "n", "ð": "d", "þ": "th",
    # Cyrillic and Greek letters that look like ours.
    "а": "a", "в": "b", "с": "c", "ԁ": "d", "е": "e", "ё": "e", "һ": "h", "і": "i", "ї": "i", "ј": "j", "к": "k",
    "м": "m", "н": "h", "о": "o", "р": "p", "ѕ": "s", "т": "t", "у": "y", "х": "x", "ӏ": "l", "г": "r", "и": "u",
    "α": "a", "β": "b", "ε": "e", "η": "n", "ι": "i", "κ": "k", "μ": "u", "ν": "v", "ο": "o", "ρ": "p", "σ": "o",
    "τ": "t", "υ": "u", "χ": "x", "ω": "w", "γ": "y", "ɡ": "g", "ɑ": "a", "ʟ": "l", "ɴ": "n", "ʀ": "r",
    "。": ".", "․": ".", "‚": ",", "🔟": "10", "🅰": "a", "🅱": "b", "🅾": "o", "🅿": "p",
}  # fmt: skip
_DROPPED = {"Mn", "Me", "Cf"}
_LETTER_SIGNS = ((0x1F1E6, 26), (0x1F150, 26), (0x1F170, 26))
_SPACED = re.compile(r"(?<![^\W_])[^\W_](?:[ .\-_*·|/]{1,2}[^\W_]|[ ]?@[ ]?[^\W_]){3,}(?![^\W_])")
_SEPARATORS = " .-_*·|/"


@dataclass(frozen=True)
class Folded:
    """A folded text; ``at`` gives for each of its characters the place in the original, which has ``length``."""

    text: str
    at: tuple[int, ...]
    length: int

    def in_original(self, span: Span) -> Span:
        """Return the place in the original, with the marks that follow it."""
        start, end = span
        after = self.at[end] if end < len(self.at) else self.length
        return self.at[start], max(self.at[end - 1] + 1, after)


def fold(text: str) -> Folded:
    """Fold a text."""
    folded: list[str] = []
    at: list[int] = []
    for place, char in enumerate(text):
        signs = _fold_char(char)
        folded.append(signs)
        at += [place] * len(signs)
    return Folded("".join(folded), tuple(at), len(text))


def plain(text: str) -> str:
    """Return only the folded characters."""
    return "".join(_fold_char(char) for char in text)


def words_of(*lines: str) -> frozenset[str]:
    """Return the words of some lines."""
    return frozenset(word for line in lines for word in line.split())


def closed_up(folded: Folded) -> Folded:
    """Return the text with words that were written letter by letter ("j a n a @ …", "J.A.N.A") closed up."""
    kept: list[int] = []
    done = 0
    for found in _SPACED.finditer(folded.text):
        kept += range(done, found.start())
        kept += [found.start() + place for place in _letters_of(found.group())]
        done = found.end()
    if not done:
        return folded
    kept += range(done, len(folded.text))
    return Folded(
        "".join(folded.text[place] for place in kept), tuple(folded.at[place] for place in kept), folded.length
    )


def _letters_of(spaced: str) -> list[int]:
    """Return the places of the letters; in an address, signs other than blanks belong to it."""
    gaps = " " if "@" in spaced or (" " in spaced and "." in spaced) else _SEPARATORS
    return [place for place, char in enumerate(spaced) if char not in gaps]


@lru_cache(maxsize=4096)
def _fold_char(char: str) -> str:
    if char == HIDDEN:
        return BREAK
    if char.isspace():
        return "\n" if char in "\n\r\x0b\x0c\x85\u2028\u2029" else " "
    if unicodedata.category(char) in _DROPPED:
        return ""
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    for first, count in _LETTER_SIGNS:
        if first <= ord(char) < first + count:
            return chr(ord("a") + ord(char) - first)
    small = char.lower()
    known = _PLAIN.get(small) or _PLAIN.get(char)
    if known:
        return known
    parts = unicodedata.normalize("NFKD", small)
    return "".join(_PLAIN.get(part, part) for part in parts.lower() if unicodedata.category(part) not in _DROPPED)
