"""Hiding what tells who somebody is: phones, mail addresses, links, messenger names, and words known to be theirs.

Text is compared in a folded form of the same length (no accents, plain digits, small letters), so what is found there
is found at the same place in the original. Rather too much is hidden than too little; what people need to talk about
devices stays: model numbers, prices, dates, times, sizes, the router's own address.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import phonenumbers
from django.utils.translation import gettext as _

# Stands in a stored text for what was hidden; one character, so a masked text is never longer than the original.
HIDDEN = "\N{BLACK VERTICAL RECTANGLE}"
COUNTRIES = ("CH", "DE", "AT", "PL")

_Span = tuple[int, int]
_PLAIN = {"ł": "l", "ø": "o", "đ": "d", "ı": "i"}

# What stands between the digits of one number, as people write it.
_BETWEEN = r"[\s.\-‐-―/()\[\]_·:|*]|,(?!\s)"
_RUN = re.compile(rf"(?:\+|\()?\d(?:(?:{_BETWEEN}){{0,4}}\d)*")
_DATE = (
    r"(?:(?:0?[1-9]|[12]\d|3[01])[./](?:0?[1-9]|1[0-2])[./](?:19|20)\d\d"
    r"|(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"|(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?=\s))"
)
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d"
_DATES = re.compile(rf"(?:{_DATE}|{_TIME})(?:[\s\-–/]{{1,3}}(?:{_DATE}|{_TIME}|(?:[01]?\d|2[0-4])(?!\d)))*")
# Addresses inside a home; everybody's router has one.
_AT_HOME = re.compile(r"(?:192\.168|10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}")
# Speeds of a socket, and what devices show as an error.
_OF_DEVICES = re.compile(r"10/100(?:/1000)?")
_ERROR_CODE = re.compile(r"(?<!\w)0x[0-9a-f]{4,8}(?!\w)")
_SHORTEST_DIALLED = 6
_SHORTEST_CLOSE = 7
_SHORTEST_SPREAD = 8
_TAIL = 6

_DIGIT_WORDS = (
    "null|eins|zwei|zwo|drei|vier|funf|fuenf|sechs|sieben|acht|neun"
    "|zero|oh|one|two|three|four|five|six|seven|eight|nine"
    "|un|deux|trois|quatre|cinq|sept|huit|neuf"
    "|uno|due|tre|quattro|cinque|sei|sette|otto|nove"
    "|jeden|dwa|trzy|cztery|piec|szesc|siedem|osiem|dziewiec|plus"
)
_SPELLED = re.compile(rf"(?<!\w)(?:(?:{_DIGIT_WORDS}|\d+)[\s,.\-/]+){{5,}}(?:{_DIGIT_WORDS}|\d+)(?!\w)")
_WORD = re.compile(r"[a-z]+")
_LEAST_SPELLED = 3

_TLD = (
    "com|net|org|info|biz|eu|de|ch|at|pl|fr|it|li|lu|be|nl|es|pt|uk|us|cz|sk|hu|dk|se|no|fi|io|me|app|dev|online|shop"
    "|site|xyz|link|ly|gl|gg|tv|cc|to|co|ai|swiss|berlin|wien|tirol|hamburg|koeln|bayern|zuerich|email|blog|page|club"
    "|store|tech|cloud|space|website|pro|name|mobi|tel|edu|gov"
)
# After a full stop without a space these begin a sentence rather than end a host's name.
_ALSO_WORDS = {"it", "at", "to", "me", "be", "no", "us", "pro", "co", "es", "de", "li", "name", "page", "site", "link"}
_DOT_WORD = r"(?:dot|punkt|point|punto|kropka)"
_DOT = rf"(?:\.|\s?[\(\[{{]\s?(?:{_DOT_WORD}|\.)\s?[\)\]}}]\s?|\s{_DOT_WORD}\s)"
_AT_WORD = r"(?:at|a|aet|malpa|chiocciola|arobase|klammeraffe|affe|@)"
_AT = rf"(?:\s?[\(\[{{<]\s?{_AT_WORD}\s?[\)\]}}>]\s?|\s(?:at|malpa|chiocciola|arobase|klammeraffe)\s|\s@\s?|@\s)"
_LINKS = (
    re.compile(r"\S*(?:[a-z][a-z0-9+.\-]*://|www\.)\S+"),
    re.compile(r"(?:mailto|tel|sms|skype):\S+"),
)
_MAILS = (
    re.compile(r"\S*@\S+"),
    # The host of a spelled-out address ends in a known domain, or "I am at home. Please" would be one.
    re.compile(rf"[\w.!#$%&'*+/=?^`{{|}}~\-]+{_AT}[\w\-]+(?:\s?{_DOT}\s?[\w\-]+)*?\s?{_DOT}\s?(?:{_TLD})(?!\w)"),
)
_HOST = re.compile(rf"(?<![\w@])(?:[\w\-]+\.)+(?P<tld>{_TLD})(?![\w\-]|\.\w)(?:[:/?#]\S*)?")
_SPELLED_HOST = re.compile(
    rf"(?<!\w)[\w\-]+(?:(?:\s?[\(\[]\s?{_DOT_WORD}\s?[\)\]]\s?|\s{_DOT_WORD}\s)[\w\-]+)*?"
    rf"(?:\s?[\(\[]\s?{_DOT_WORD}\s?[\)\]]\s?|\s{_DOT_WORD}\s)(?:{_TLD})(?!\w)"
)
_MESSENGERS = (
    r"(?:whats\s?app|telegram|insta(?:gram)?|threema|skype|facebook|messenger|viber|discord|snapchat|wechat|tiktok"
    r"|signal)"
)
_NAMED = re.compile(
    rf"(?<!\w){_MESSENGERS}(?:[\s\-]?(?:id|nick(?:name)?|name|user(?:name)?|handle|konto|compte|account))?\s?[:=]?\s?"
    r"(?P<handle>[\w.\-]{3,})"
)
_HANDLE_SIGN = re.compile(r"[a-z]\w*[_.]\w|[a-z]+\d|\d+[a-z]")
_CLEARLY_NAMED = re.compile(
    r"(?:telegram|insta(?:gram)?|threema|skype|viber|discord|snapchat|wechat|tiktok)\s?[:=]"
    r"|[\s\-](?:id|nick(?:name)?|user(?:name)?|handle)\s?[:=]?\s"
)

_SHORT_NAME = 2
_NOT_NAMES = {
    "von", "van", "der", "den", "de", "du", "da", "di", "la", "le", "zu", "zum", "zur", "und", "and", "et", "herr",
    "frau", "dr", "prof", "mr", "mrs", "ms", "mme", "pan", "pani", "ing", "dipl", "mag", "jr", "sr",
}  # fmt: skip
_STREET_KINDS = {
    "strasse", "str", "gasse", "weg", "platz", "allee", "ring", "rue", "avenue", "av", "boulevard", "bd", "chemin",
    "ch", "route", "rte", "place", "via", "viale", "piazza", "corso", "vicolo", "ul", "ulica", "al", "aleja",
    "pl", "plac", "os", "osiedle", "am", "an", "im", "in", "auf", "zum", "zur", "der", "den", "dem", "de", "des", "du",
    "la", "le", "les", "di", "del", "della", "l", "d", "alte", "alten", "neue", "neuen",
}  # fmt: skip
_WORDS_OF_A_SIMPLE_STREET = 2
_HOUSE_NUMBER = re.compile(r"\d+(?:\s?[a-z](?!\w))?(?:\s?[/\-]\s?\d+(?:\s?[a-z](?!\w))?)?")
_HOUSE = (
    r"(?:hausnummer|haus-?nr|haus|nummer|nr|no|house(?:\s?number)?|number|numero(?:\s?civico)?|civico"
    r"|numer(?:\s?domu)?|dom)"
)


@dataclass(frozen=True)
class Person:
    """What is known of somebody and must not be told; any of it may be empty."""

    names: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    street: str = ""


@dataclass(frozen=True)
class Masked:
    """A text in which each hidden place is one ``HIDDEN``, and whether there is one that was not there before."""

    text: str
    has_hidden: bool = field(default=False)

    @property
    def says_something(self) -> bool:
        """Say whether a letter or digit is left."""
        return any(char.isalnum() for char in self.text)


def mask(text: str, *, country: str, people: Iterable[Person] = ()) -> Masked:
    """Hide phones, mail addresses, links, messenger names, and what is known of the people. Numbers are the country's.

    Masking a masked text changes nothing.
    """
    # Signs without width would let anything through; nobody misses them.
    text = "".join(char for char in unicodedata.normalize("NFC", text) if unicodedata.category(char) != "Cf")
    folded = _ERROR_CODE.sub(lambda found: "x" * len(found.group()), _fold(text))
    known = tuple(people)
    spans = [*_links(folded, text), *_phones(folded, country, known)]
    for person in known:
        spans += _of_person(folded, person)
    if not spans:
        return Masked(text)
    return Masked(_hide(text, spans), has_hidden=True)


def show_hidden(text: str) -> str:
    """Return a masked text as people read it, with words in place of what is hidden."""
    return text.replace(HIDDEN, _("[contact details hidden]"))


def _fold(text: str) -> str:
    return "".join(_plain(char) for char in text)


def _plain(char: str) -> str:
    """Return the character without accent, in its plain and small form; always exactly one."""
    if unicodedata.combining(char):
        return "·"
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    small = char.lower()
    base = _PLAIN.get(small) or unicodedata.normalize("NFKD", small)[:1]
    return base if len(base) == 1 and not base.isspace() else (" " if char.isspace() else char)


def _links(folded: str, text: str) -> Iterator[_Span]:
    for pattern in (*_LINKS, *_MAILS, _SPELLED_HOST):
        yield from (found.span() for found in pattern.finditer(folded))
    for found in _HOST.finditer(folded):
        written = text[slice(*found.span("tld"))]
        if not (written.istitle() and found["tld"] in _ALSO_WORDS):
            yield found.span()
    for found in _NAMED.finditer(folded):
        head = folded[found.start() : found.start("handle")]
        if _HANDLE_SIGN.search(found["handle"]) or _CLEARLY_NAMED.search(head):
            yield found.span("handle")


def _phones(folded: str, country: str, people: tuple[Person, ...]) -> Iterator[_Span]:
    for region in (country, *(other for other in COUNTRIES if other != country)):
        for match in phonenumbers.PhoneNumberMatcher(folded, region, leniency=phonenumbers.Leniency.VALID):
            if not _is_ordinary(folded[match.start : match.end]):
                yield match.start, match.end
    tails = [_digits(person.phone)[-_TAIL:] for person in people if len(_digits(person.phone)) >= _TAIL]
    for found in _RUN.finditer(folded):
        run, digits = found.group(), _digits(found.group())
        if any(tail in digits for tail in tails) or (_is_dialled(run, digits) and not _is_ordinary(run)):
            yield found.span()
    for found in _SPELLED.finditer(folded):
        if len(_WORD.findall(found.group())) >= _LEAST_SPELLED:
            yield found.span()


def _is_dialled(run: str, digits: str) -> bool:
    """Say whether a run of digits has the length of a phone number, by how it is written."""
    if run[0] in "+(" or digits.startswith("0"):
        return len(digits) >= _SHORTEST_DIALLED
    return len(digits) >= (_SHORTEST_CLOSE if run.isdecimal() else _SHORTEST_SPREAD)


def _is_ordinary(run: str) -> bool:
    """Say whether a run of digits is a date, a time of day, an address inside a home, or a speed."""
    return any(pattern.fullmatch(run) for pattern in (_DATES, _AT_HOME, _OF_DEVICES))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _of_person(folded: str, person: Person) -> Iterator[_Span]:
    patterns = [_name_pattern(name) for name in person.names]
    patterns += [re.escape(_fold(person.email))] if person.email else []
    patterns += _street_patterns(_fold(person.street))
    for pattern in filter(None, patterns):
        yield from (found.span() for found in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", folded))


def _name_pattern(name: str) -> str:
    """Return a pattern for each part of a name that is long enough to be somebody's."""
    parts = [part for part in re.findall(r"\w+", _fold(name)) if part not in _NOT_NAMES and len(part) >= _SHORT_NAME]
    # With the genitive of German, English and Polish endings left alone.
    return "|".join(rf"{re.escape(part)}s?" for part in parts)


def _street_patterns(street: str) -> list[str]:
    """Return patterns for a street as written, for its own word alone, and for its number as that of a house."""
    words = re.findall(r"[^\W\d]+", _HOUSE_NUMBER.sub(" ", street))
    number = _HOUSE_NUMBER.search(street)
    if not words:
        return []
    house = rf"(?:[\s,]*{_HOUSE_NUMBER.pattern}(?!\w))?"
    lead = rf"(?:{_HOUSE_NUMBER.pattern}[\s,]*)?"
    phrase = r"[\s.,\-']*".join(
        _street_word(word) for word in words if len(words) == 1 or word not in {"ul", "al", "os"}
    )
    patterns = [rf"{lead}{phrase}\.?{house}"]
    own = [word for word in words if word not in _STREET_KINDS]
    # A word of a longer name ("Am Alten Markt") may be any word.
    if len(own) == 1 and len(words) <= _WORDS_OF_A_SIMPLE_STREET and len(own[0]) > len("weg"):
        patterns.append(rf"{_street_word(own[0])}\.?{house}")
    if number:
        patterns.append(rf"{_HOUSE}\.?\s?:?\s?{re.escape(number.group())}")
    return patterns


def _street_word(word: str) -> str:
    stem = re.sub(r"(?:strasse|straße|str)$", "", word)
    if stem == word:
        return re.escape(word)
    return rf"{re.escape(stem)}[\s\-]?(?:strasse|straße|str)" if stem else r"(?:strasse|straße|str)"


def _hide(text: str, spans: Iterable[_Span]) -> str:
    """Put one sign in the place of all spans that touch each other."""
    kept: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if end <= at:
            continue
        if start > at or not kept:
            kept += [text[at:start], HIDDEN]
        elif start == at and kept[-1] != HIDDEN:
            kept.append(HIDDEN)
        at = end
    return "".join([*kept, text[at:]])
