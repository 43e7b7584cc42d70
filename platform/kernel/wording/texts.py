"""Texts that travel with a record in several languages, as ``{"de": "…", "en": "…", "main": "de"}``.

``main`` names the language that stands in where a reader's own has no text: the main one of the text's partner.
"""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from kernel.wording.german import as_written_here

Texts = dict[str, str]

FALLBACK = ("en", "de", "fr", "it", "pl")
MAIN = "main"


def pick(texts: Mapping[str, str], language: str) -> str:
    """Return the text in the language, else in the main one, else in the first of en, de, fr, it, pl; else nothing.

    German comes as the country at hand writes it.
    """
    found = language_of(texts, language)
    text = texts.get(found, "")
    return as_written_here(text) if found == "de" else text


def language_of(texts: Mapping[str, str], language: str) -> str:
    """Return the language of the text that ``pick`` returns."""
    return next((code for code in (language, texts.get(MAIN, ""), *FALLBACK) if texts.get(code)), language)


def labelled(label: str, value: str) -> str:
    """Return a value behind its label, with the colon as the language of the moment sets it; a question needs none."""
    if label.endswith("?"):
        return f"{label} {value}"
    return _("%(label)s: %(value)s") % {"label": label, "value": value}
