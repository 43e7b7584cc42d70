"""``python -m tests.translations.gate``: every catalogue is complete, in step with the code, and well formed.

Looks for missing, fuzzy and obsolete entries, differing placeholders and tags, wrong numbers of plural forms, texts
left in English, differing end punctuation, formal words where friends are spoken to or the other way round, English
that is not plain, and words of ours that would change what Wagtail, allauth and Django say on their own pages.
For German of one country only in the data files too, and for punctuation in templates that no language can set in its
own way.
"""

import re
import sys
import tomllib
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
    "Links",
    "Website",
    "Newsletter",
    "Newsletters",
    "newsletter",
    "newsletters",
    "Check-in",
    "Online",
    "Status",
    "photos",
    "Bank",
    "Voucher",
    "voucher",
    "Voucher %(code)s",
    "Voucher %(code)s: − %(borne)s",
    "Date",
    "IBAN",
    "VAT %(rate)s",
    "Bonus",
    "Computer",
    "Router",
    "Thermostat",
    "Endpoint",
    "Webhook",
    "Webhooks",
    "Secret",
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
    "%(label)s: %(value)s",
    "%(label)s:",
    "Notification",
    "Notifications",
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
    "<strong>%(count)s</strong> minute",
    "<strong>%(count)s</strong> minutes",
    "%(num)d minute",
    "%(num)d minutes",
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
    "Median",
    "Possible %(from_then)s.",
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
ABBREVIATIONS = ("MwSt.", "USt-IdNr.")

_GLUED = r"(?i)\b(until|by|on|from|since|before|after|at|of|due) %\((\w*(date|moment)\w*|day)\)s"
# English as nobody says it, or a second word for a thing that has one, with what to write instead.
PLAIN_ENGLISH = {
    re.compile(pattern): better
    for pattern, better in {
        r"\b[Ee]-[Mm]ails?\b|\b[Mm]ails?\b(?! reader)": "email",
        r"\b[Ww]ished\b": "preferred",
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
        r"(?i)\bhow (it goes|does it go) on\b": "what happens next",
        r"\bof full age\b": "18 or over",
        r"’\w": "a straight apostrophe",
        _GLUED: "a phrase of kernel.wording.dates",
    }.items()
}
# German that we say differently, or spell as only Switzerland does, with what to write instead.
PLAIN_GERMAN = {
    re.compile(pattern): better
    for pattern, better in {
        r"\b[Ii]nnert\b": "innerhalb von",
        r"\bKundschaft": "die Kundin oder der Kunde",
        r"\bKommission": "Provision",
        r"\b[Aa]us(ge|zu)?setz(en|t)\b": "sperren",
        r"(?<!MacBook )\bPros?\b": "Profi",
        r"\bWelle": "Runde",
        r"\bÜberlauf": "Weitergabe, weitergereicht",
        r"\bCommunities\b": "Communitys",
        r"\bVorführung": "Demo",
        r"\bLeitspruch": "Slogan",
        r"\b(E-)?[Mm]ailadresse|\bMails?\b(?<!E-Mail)(?<!E-Mails)": "E-Mail",
        r"\b(der|dem|den) Entscheid\b|\bPersonendaten\b|\bDistanz|\b[Ee]s braucht\b": "das Wort beider Länder",
        r"«|»|(?<!=)\"[^<>=]*\"": "„…“",
        r"\b[Ss]trasse|\b[Gg](ro|rö)ss|[Ss]chliess|\b[Aa]ussen|\b[Aa]usser": "ß",
        r"\b[Ww]eiss|\b[Hh]eiss|[Mm]assnahm|[Dd]reissig": "ß",
        r"\b(Fuss|Füsse|Spass|Grüsse?|gemäss)\b|mässig": "ß",
        r"\d(–| bis )\d\d?$": "Uhr nach einer Uhrzeit",
    }.items()
}
# French as nobody writes it, or a second word for a thing that has one, with what to write instead.
PLAIN_FRENCH = {
    re.compile(pattern): better
    for pattern, better in {
        r"(?<!\N{NO-BREAK SPACE})(?:[;!?](?=\W|$)|:(?=\s|$))": "a no-break space before it",
        r"«(?!\N{NO-BREAK SPACE})|(?<!\N{NO-BREAK SPACE})»": "a no-break space inside « »",
        r"\d ?%(?![(sd])| %%": "a no-break space before %",
        r"\w'\w": "’",
        r"\bavis\b": "notification",
        r"\bdébord": "missions d’autres marques, transfert",
        r"\b[Oo]pérateur": "exploitant",
        r"\b[Vv]agues?\b": "tour",
        r"[Hh]eures (de silence|calmes)": "heures de repos",
        r"\bdate (convenue|proposée)|nouvelle date|(la|une autre) date (est|me|te)|convenir d’une date": "rendez-vous",
        r"\b([Cc]es|[Ll]es|[Vv]os|[Tt]es) mots\b(?! de passe)|[Aa]vec (les|vos|tes) mots": "commentaire",
        r"\bclientèle\b|personne qui a commandé": "client",
        r"\b[Ll]a propre |\b(communauté|produits|[Cc]ompétences) propres?\b": "sa propre, votre",
        r"\bpremier qui\b": "le premier à",
        r"\ben route\b": "envoyé",
        r"\bmanagers?\b|\bresponsables? de communauté": "responsable de la communauté",
        r"\bessais?\b": "tentative",
        r"\bhoraires? (souhait|propos)|\bhoraires que": "créneau",
        r"[Pp]ersonne trouvé": "aucun friend trouvé",
        r"(?<=[\wé’,] )Friends?\b": "friend",
    }.items()
}
# Italian that we say differently, with what to write instead.
PLAIN_ITALIAN = {
    re.compile(pattern): better
    for pattern, better in {
        r"’": "l'apostrofo dritto",
        r"\b[Pp]ro\b": "professionista",
        r"\b[Mm]anager\b": "responsabile della community",
        r"\b[Ii]nterpella|\b[Ii]nterpello": "contattare",
        r"\b[Oo]ndat[ae]\b|\b[Tt]urn[oi]\b(?! di)(?<!proprio turno)": "giro",
        r"\b[Ss]ilenzio\b": "ore di riposo",
        r"\borar(io|i) desiderat": "orari preferiti",
        r"\b([Pp]ropon[ei]|accettato|[Cc]oncord(are|i)|fissare) (la|una|un'altra) data\b": "appuntamento",
        r"\b[Dd]ata (proposta|concordata)\b": "appuntamento",
        r"\b([Ll]e|[Qq]ueste|[Tt]ue|Sue) parole\b|\b[Pp]arole segnalate\b": "commento",
        r"\b[Aa]vvis[oi] di prova|\b(tuoi|Suoi|degli) avvisi\b": "notifica",
        r"\bin viaggio\b": "è stato inviato",
        r"\bscrivania\b": "da gestire",
        r"\bin eccesso\b|\bgirati da\b|\b[Pp]assaggio ad altri\b": "incarichi di altri marchi, inoltro",
        r"\b(prende|ha preso|ha) il Suo ordine\b": "si occupa del Suo ordine, ha accettato",
        r"(?<![eE]-)\bmail\b": "e-mail",
        r"\b[Ss]i prega di\b|, per favore\b": "l'imperativo",
        r"\b(è|sono) (salvat|annullat|eliminat|rimoss|revocat|informat)[oaie]\b": "è stato",
        r"^(Vede|Sceglie|Apri|Invia|Modifica|Annulla|Conferma|Segnala|Nasconde|Aggiunge)re\b": "l'imperativo",
        r"\w/a\b|\b(?<!il )[Bb]envenut[oa]\b|%\((friend|name)\)s non è venuto": "senza genere",
        r"[\w,;)] Friend\b": "friend",
        r"[\w,;)] (Gennaio|Febbraio|Marzo|Aprile|Maggio|Giugno)\b": "la minuscola",
        r"[\w,;)] (Luglio|Agosto|Settembre|Ottobre|Novembre|Dicembre)\b": "la minuscola",
        r"[\w,;)] (Luned|Marted|Mercoled|Gioved|Venerd)ì|[\w,;)] (Sabato|Domenica)\b": "la minuscola",
        r"\d %(?!\()|\)s %%": "uno spazio unificatore prima di %",
    }.items()
}
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
PLAIN = {"de": PLAIN_GERMAN, "fr": PLAIN_FRENCH, "it": PLAIN_ITALIAN, "pl": PLAIN_POLISH}
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
def main() -> int:
    """Print what is wrong and return the exit code."""
    catalogues = {language: _catalogue(language) for language in LANGUAGES}
    faults = [fault for language, catalogue in catalogues.items() for fault in faults_of(language, catalogue)]
    faults += english_faults(catalogues["de"])
    for language, catalogue in catalogues.items():
        faults += words_taken_from_others(language, catalogue, words_of_others(language))
        faults += plain_faults(language, catalogue)
    for path in (*ROOT.glob("platform/**/data/**/*.toml"), *ROOT.glob("cms/data/*.toml")):
        faults += data_faults(path)
    for path in templates():
        faults += template_faults(path, path.read_text())
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
        for text in (entry.msgid, entry.msgid_plural):
            for found, better in _not_plain(text, PLAIN_ENGLISH):
                yield f"en:{entry.linenum}: {found!r}, rather {better!r}: {text[:60]!r}"


def plain_faults(language: str, catalogue: polib.POFile) -> Iterator[str]:
    """Return which translations are not in the language as its readers speak and write it."""
    for entry in catalogue:
        for text in _texts(entry):
            for found, better in _not_plain(text, PLAIN[language]):
                yield f"{language}:{entry.linenum}: {found!r}, rather {better!r}: {text[:60]!r}"


def data_faults(path: Path) -> Iterator[str]:
    """Return which German texts of a data file, packages and first pages, are not in the German of our readers."""
    for text in _texts_in(tomllib.loads(path.read_text()), "de"):
        for found, better in _not_plain(text, PLAIN["de"]):
            yield f"{path.name}: {found!r}, rather {better!r}: {text[:60]!r}"


def _texts_in(data: object, language: str | None) -> Iterator[str]:
    """Return the texts under the keys of a language; None stands for all that is below."""
    if isinstance(data, str) and language is None:
        yield data
    elif isinstance(data, list):
        yield from (text for one in data for text in _texts_in(one, language))
    elif isinstance(data, dict):
        yield from (text for key, one in data.items() for text in _texts_in(one, None if key == language else language))


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


# French sets a space before these, so they stand within a message, never behind it: "%(label)s:" is one.
_MESSAGES = re.compile(r"{% blocktranslate\b.*?{% endblocktranslate %}", re.DOTALL)
_MARKS = re.compile(r"(?:[%}]}|>)\s*[:;!?](?=[\s<]|{%|$)")


def templates() -> Iterator[Path]:
    """Return all our templates of pages and mails."""
    for part in ("platform", "tenants", "communities", "cms", "themes"):
        yield from (path for kind in ("html", "txt") for path in sorted((ROOT / part).rglob(f"templates/**/*.{kind}")))


def template_faults(path: Path, text: str) -> Iterator[str]:
    """Return which marks of punctuation follow a text in a template without being in a message."""
    bare = _MESSAGES.sub(lambda found: "{%%}" + "\n" * found[0].count("\n"), text)
    for found in _MARKS.finditer(bare):
        line = bare.count("\n", 0, found.end()) + 1
        yield f"{path.name}:{line}: {found[0][-1]!r} outside of a message, rather '%(label)s:'"


def _entry_faults(language: str, entry: polib.POEntry, forms: int) -> Iterator[str]:
    if entry.obsolete or entry.fuzzy:
        yield "obsolete" if entry.obsolete else "fuzzy"
        return
    texts = _texts(entry)
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


def _not_plain(text: str, plain: Mapping[re.Pattern[str], str]) -> Iterator[tuple[str, str]]:
    """Return what of a text nobody says, each with what to write instead."""
    for pattern, better in plain.items():
        if found := pattern.search(text):
            yield found[0], better


def _texts(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def _catalogue(language: str) -> polib.POFile:
    return polib.pofile(str(ROOT / "locale" / language / "LC_MESSAGES" / "django.po"))


if __name__ == "__main__":
    sys.exit(main())
