"""Texts that travel with a record in several languages, as ``{"de": "…", "en": "…"}``."""

from collections.abc import Mapping

from kernel.german import as_written_here

Texts = dict[str, str]

FALLBACK = ("en", "de", "fr", "it", "pl")


def pick(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, or in the first of en, de, fr, it, pl that exists; else an empty string.

    German comes as the country at hand writes it.
    """
    for code in (language, *FALLBACK):
        if texts.get(code):
            return as_written_here(texts[code]) if code == "de" else texts[code]
    return ""
