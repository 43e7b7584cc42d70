"""``python -m tests.translations.gate``: every catalogue is complete, in step with the code, and well formed.

Looks for missing, fuzzy and obsolete entries, differing placeholders and tags, wrong numbers of plural forms, texts
left in English, differing end punctuation, formal words where friends are spoken to or the other way round, English
that is not plain, and words of ours that would change what Wagtail, allauth and Django say on their own pages.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
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
    "Partner",
    "Partner %(number)s",
    "Photos",
    "Photo %(number)s",
    "commission",
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
    "Document",
    "Documents",
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

# English as nobody says it, or a second word for a thing that has one, with what to write instead.
PLAIN_ENGLISH = {
    re.compile(pattern): better
    for pattern, better in {
        r"\b[Ee]-[Mm]ails?\b|\b[Mm]ails?\b(?! reader)": "email",
        r"\bwished\b": "preferred",
        r"\b(is|are) told\b": "has been notified",
        r"\b(is|are) saved\b": "has been saved",
        r"\bthe own\b": "their own",
        r"\s%%|\d %(?![(sd])": "100%, without a space",
        r"\b([Yy]our|test|unread|every) notices?\b|^Notices?\b": "notification",
        r"\bfirst who\b": "the first to",
        r"(?<!\()\b[Ww]aves?\b": "round",
        r"\bdesk\b": "needs your attention",
        r"\bout of the list\b": "from the list",
        r"\b[Oo]ffers of\b": "offers from",
        r"\b([Aa]gree on a|[Pp]roposed?( a)?|[Aa]greed) date\b": "appointment",
        r"\b([Tt]hese|[Tt]he|[Yy]our) words\b|\b[Bb]y (their )?own words\b": "comment, self-declared",
        r"\b[Cc]ontact data\b": "contact details",
        r"\bVAT id\b": "VAT number",
        r"\bhow it goes on\b": "what happens next",
        r"\bof full age\b": "18 or over",
        r"’\w": "a straight apostrophe",
    }.items()
}
# Where the pages of others get their words, as far as we show such pages.
OTHERS = (
    "django.conf",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "allauth",
    "modelcluster",
    "taggit",
    "wagtail",
    "wagtail.admin",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",
    "wagtail.documents",
    "wagtail.embeds",
    "wagtail.images",
    "wagtail.locales",
    "wagtail.sites",
    "wagtail.snippets",
    "wagtail.users",
)
# Words of others that we say differently, but mean the same by: where ours replaces theirs, their page stays right.
# "Order" is the field of a formset that nobody sees.
# fmt: off
SAME_MEANING = {
    "(optional)", "All", "Approve", "Back", "Cancelled", "Change", "Confirm", "Continue", "Created", "Download",
    "Email", "English", "Filter", "French", "Generate new codes", "German", "History", "In progress", "Italian",
    "Main menu", "Next", "Order", "Passkey", "Polish", "Previous", "Published", "Recovery codes", "Reject", "Rejected",
    "Remove", "Rename", "Revoke", "Revoked", "Save", "Search", "Sign in", "Sign in with a passkey",
    "Use your password", "Your password has been changed.", "document", "or",
}
# fmt: on


# Polish as nobody says it, or that gives a person a gender we do not know, with what to write instead.
PLAIN_POLISH = {
    re.compile(pattern): better
    for pattern, better in {
        r"\b[Cc]złowiek": "pracownik, opiekun",
        r"\b([Tt]e|[Tt]ych|[Tt]ymi?|[Tt]woje|Państwa) słow(a|om|ami)\b|\btych słów\b|^Słow(a|om|ami)\b": "komentarz",
        r"[Pp]rofesjonali|[Ff]achow(iec|c)|\b[Pp]ro\b": "specjalista",
        r"[Mm]enedżer|\b[Cc]ommunity manager": "opiekun",
        r"\b[Ff]al[aęie]\b": "tura",
        r"\b[Rr]ezerw(acj|ow|uj)|\b[Zz]arezerw(ować|owali|uj)": "zamówienie, zamawiać",
        r"[Nn]admiarow": "zlecenia innych marek",
        r"\b[Zz]wr(óć|acasz|ócon\w+) zleceni|\b[Zz]leceni\w+ zwrócon": "oddać zlecenie",
        r"\bbiurk": "wymaga uwagi",
        r"\bw drodze\b": "wysłaliśmy",
        r"\b[Pp]okazow|\bzmyślon": "demonstracyjny, fikcyjny",
        r"\b[Dd]ow(ód|odu|ody) wieku": "dokument potwierdzający wiek",
        r"\bżyczon|\bżądani": "preferowany, przesłany",
        r"\b(nie był|nie jest|nikogo) woln(y|ego)\b": "dostępny",
        r"\bjest (zapisan[ya]|usunięt[ya]|anulowan[ye]|zakończone)\b": "został",
        r"\bPani/Pan|\bPan/Pani|\((a|aś)\)|ł(eś|aś|byś|abyś)\b": "bez rodzaju",
        r"%\((friend|name)\)s (nie )?\w+ł\b": "bez rodzaju",
        r"\b(z|o|u|przez|dla|strony) %\(friend\)s": "imię w mianowniku, bez przyimka",
        r"[\w,;)] (Ci|Ciebie|Cię|Tobie|Tobą|Twój|Two(ja|ją|je|jego|jej|jemu|im|ich|imi))\b": "mała litera",
        r"[\w,;)] (Friend|Poniedział|Wtor|Środ|Czwart|Piąt|Sobot|Niedziel)": "mała litera",
        r"[\w,;)] (Stycz|Lut|Marz?|Kwie|Maj|Czerw|Lip|Sierp|Wrze|Paździer|Listopad|Grud)[a-ząęóśźń]+\b": "mała litera",
        r"\d %(?!\()|\)s %%": "bez spacji przed %",
        r"[«»“]|(?<!=)\"[^<>=]*\"": "„…”",
    }.items()
}


def polish_faults(catalogue: polib.POFile) -> Iterator[str]:
    """Return which translations are not in plain Polish."""
    for entry in catalogue:
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            for pattern, better in PLAIN_POLISH.items():
                found = pattern.search(text)
                if found:
                    yield f"pl:{entry.linenum}: {found[0]!r}, rather {better!r}: {text[:60]!r}"


def main() -> int:
    """Print what is wrong and return the exit code."""
    catalogues = {language: _catalogue(language) for language in LANGUAGES}
    faults = [fault for language, catalogue in catalogues.items() for fault in faults_of(language, catalogue)]
    faults += english_faults(catalogues["de"])
    for language, catalogue in catalogues.items():
        faults += words_taken_from_others(language, catalogue, words_of_others(language))
    faults += polish_faults(catalogues["pl"])
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


def english_faults(catalogue: polib.POFile) -> Iterator[str]:
    """Return which messages are not in plain English."""
    for entry in catalogue:
        for pattern, better in PLAIN_ENGLISH.items():
            found = pattern.search(entry.msgid) or pattern.search(entry.msgid_plural)
            if found:
                yield f"en:{entry.linenum}: {found[0]!r}, rather {better!r}: {entry.msgid[:60]!r}"


def words_taken_from_others(language: str, catalogue: polib.POFile, others: Mapping[str, set[str]]) -> Iterator[str]:
    """Return which messages without a context would change the words on pages that are not ours."""
    for entry in catalogue:
        theirs = others.get(entry.msgid, set())
        if not entry.msgctxt and theirs and entry.msgstr not in theirs and entry.msgid not in SAME_MEANING:
            yield f"{language}:{entry.linenum}: others say {sorted(theirs)}, so give it a context: {entry.msgid[:60]!r}"


def words_of_others(language: str) -> dict[str, set[str]]:
    """Return how Django, allauth and Wagtail translate their messages without a context and a plural."""
    found: dict[str, set[str]] = {}
    for name in OTHERS:
        spec = find_spec(name)
        for folder in (spec and spec.submodule_search_locations) or ():
            path = Path(folder) / "locale" / language / "LC_MESSAGES" / "django.po"
            for entry in polib.pofile(str(path)) if path.exists() else ():
                if entry.msgstr and not (entry.msgctxt or entry.obsolete or entry.fuzzy):
                    found.setdefault(entry.msgid, set()).add(entry.msgstr)
    return found


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
