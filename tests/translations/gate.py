"""``python -m tests.translations.gate``: every catalogue is complete, in step with the code, and well formed.

Looks for missing, fuzzy and obsolete entries, differing placeholders and tags, wrong numbers of plural forms, texts
left in English, differing end punctuation, and formal words where friends are spoken to, or the other way round.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("de", "fr", "it", "pl")
PLACEHOLDER = re.compile(r"%\(\w+\)[sdf]|%[sd]|\{\w*\}|</?[a-z]+[^>]*>")
# Words that are the same in another language.
# fmt: off
SAME = {
    "Computer",
    "Router",
    "Thermostat",
    "Wi-Fi",
    "E-mail",
    "Partner",
    "Partner %(number)s",
    "Photos",
    "Photo %(number)s",
    "commission",
    "e-mail",
    "Friend",
    "friend",
    "Friends",
    "Quartett",
    "Code %(status)s",
    "Code",
    "Link",
    "Passkey",
    "Passkeys",
    "Passkey %(number)s",
    "%(km)s km",
    "Total",
    "minutes",
    "Stars",
    "Name",
    "Text",
    "Commission",
    "Commission %(rate)s",
    "community",
    "Community",
    "position",
    "Position",
    "Contact",
    "Message",
    "Question",
    "question",
    "Photo",
    "photo",
    "document",
    "file",
    "Distance",
    "Prix",
    "logo",
    "slogan",
    "price",
    "text",
    "phone",
    "pause",
    "description",
    "Material:",
    "Operator",
    "%(count)s friend",
    "%(count)s friends",
    "%(count)s question",
    "%(count)s questions",
    "Introduction (%(language)s)",
    "Name (%(language)s)",
    "Question %(number)s",
    "%(minutes)s minute",
    "%(minutes)s minutes",
    "introduction",
    "Password",
    "Phone",
    "demo",
    "Austria",
    "Error:",
    "Type",
    "Accent",
    "Commissions",
    "Demo",
    "Export",
    "Hosts",
    "Import",
    "Pages",
    "Push",
    "Support",
}
# fmt: on
FORMAL = {
    "de": re.compile(r"\b(Sie|Ihnen|Ihre?[mnrs]?)\b"),
    "fr": re.compile(r"(?<!rendez-)\b(vous|votre|vos)\b", re.IGNORECASE),
    "it": re.compile(r"\b(Lei|Suo|Sua|La contatta)\b"),
    "pl": re.compile(r"\b(Państw\w+|Pan[ai]?)\b"),
}
INFORMAL = {
    "de": re.compile(r"\b(du|dir|dich|dein\w*)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(tu|toi|ton|ta|tes)\b", re.IGNORECASE),
    "it": re.compile(r"\b(tu|tuo|tua|tuoi)\b", re.IGNORECASE),
    "pl": re.compile(r"\b(ty|ciebie|twój|twoja|twoje|ci)\b", re.IGNORECASE),
}
ENDS = ".:!?…"
ABBREVIATIONS = ("MwSt.",)


def main() -> int:
    """Print what is wrong and return the exit code."""
    catalogues = {language: _catalogue(language) for language in LANGUAGES}
    faults = [fault for language, catalogue in catalogues.items() for fault in faults_of(language, catalogue)]
    ids = {language: {(entry.msgctxt, entry.msgid) for entry in po} for language, po in catalogues.items()}
    faults += [
        f"{language}: other messages than {LANGUAGES[0]}" for language in LANGUAGES if ids[language] != ids["de"]
    ]
    for fault in faults:
        print(fault)  # noqa: T201  # a terminal's programme
    print(f"{len(faults)} problems in {len(LANGUAGES)} catalogues of {len(ids['de'])} messages")  # noqa: T201
    return bool(faults)


def faults_of(language: str, catalogue: polib.POFile) -> Iterator[str]:
    """Return what is wrong with a catalogue."""
    if catalogue.metadata_is_fuzzy:
        yield f"{language}: the header is fuzzy"
    forms = int(re.search(r"nplurals=(\d)", catalogue.metadata["Plural-Forms"])[1])  # type: ignore[index]  # always there
    for entry in catalogue:
        for fault in _entry_faults(language, entry, forms):
            yield f"{language}:{entry.linenum}: {fault}: {entry.msgid[:60]!r}"


def _entry_faults(language: str, entry: polib.POEntry, forms: int) -> Iterator[str]:
    if entry.obsolete or entry.fuzzy:
        yield "obsolete" if entry.obsolete else "fuzzy"
        return
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if entry.msgid_plural and len(texts) != forms:
        yield f"{len(texts)} of {forms} plural forms"
    for text in texts:
        yield from _text_faults(language, entry, text)


def _text_faults(language: str, entry: polib.POEntry, text: str) -> Iterator[str]:
    source = entry.msgid_plural or entry.msgid
    if not text.strip():
        yield "not translated"
        return
    if sorted(PLACEHOLDER.findall(text)) != sorted(PLACEHOLDER.findall(source)):
        yield "placeholders or tags differ"
    if text == source and len(text) > 3 and text not in SAME:
        yield "left in English"
    if (source[-1:] in ENDS) != (text[-1:] in ENDS) and not text.endswith(ABBREVIATIONS):
        yield "end punctuation differs"
    is_friend = entry.msgctxt == "friend"
    wrong = FORMAL[language].search(text) if is_friend else INFORMAL[language].search(text)
    if wrong:
        yield f"{'formal' if is_friend else 'informal'} address ({wrong[0]})"


def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


if __name__ == "__main__":
    sys.exit(main())
