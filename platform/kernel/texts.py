"""Texts that travel with a record in several languages, as ``{"de": "…", "en": "…"}``."""

from collections.abc import Mapping

Texts = dict[str, str]

FALLBACK = ("en", "de", "fr", "it", "pl")


def pick(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, or in the first of en, de, fr, it, pl that exists; else an empty string."""
    for code in (language, *FALLBACK):
        if texts.get(code):
            return texts[code]
    return ""
