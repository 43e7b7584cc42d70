"""What is known of somebody: their names in any writing, their mail address, street and house number."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kernel.hiding.folding import Folded, Span, plain

_SHORT_NAME = 2
_LONG_NAME = 4
_NOT_NAMES = {
    "von", "van", "der", "den", "de", "du", "da", "di", "la", "le", "zu", "zum", "zur", "und", "and", "et", "herr",
    "frau", "dr", "prof", "mr", "mrs", "ms", "mme", "pan", "pani", "ing", "dipl", "mag", "jr", "sr",
}  # fmt: skip
# How a name ends in German, English and Polish sentences.
_ENDINGS = ("", "s", "es", "n", "a", "u", "owi", "em", "ie", "ego", "emu", "im", "y", "ej", "iego", "iemu", "iej")
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
_LEET = str.maketrans("013457", "oieast")
_WORD = re.compile(r"[^\W_]+")
_LONGEST_WORD = 80
_SPREAD = 2
_STREET_KINDS = {
    "strasse", "str", "gasse", "weg", "platz", "allee", "ring", "rue", "avenue", "av", "boulevard", "bd", "chemin",
    "ch", "route", "rte", "place", "via", "viale", "piazza", "corso", "vicolo", "ul", "ulica", "al", "aleja", "v",
    "pl", "plac", "os", "osiedle", "am", "an", "im", "in", "auf", "zum", "zur", "der", "den", "dem", "de", "des", "du",
    "la", "le", "les", "di", "del", "della", "l", "d", "alte", "alten", "neue", "neuen", "lane", "street", "road",
}  # fmt: skip
_WORDS_OF_A_SIMPLE_STREET = 2
_NUMBER = r"\d{1,5}(?:[ ]?[a-z](?!\w))?(?:[ ]?[/\-][ ]?\d{1,4}(?:[ ]?[a-z](?!\w))?)?"
_HOUSE_NUMBER = re.compile(_NUMBER)
_HOUSE = (
    r"(?:hausnummer|haus-?nr|haus|nummer|nr|no|house(?:[ ]?number)?|number|numero(?:[ ]?civico)?|civico"
    r"|numer(?:[ ]?domu)?|dom)"
)
# Anybody's street with a number: nothing else is written like that.
_ANY_STREET = re.compile(
    rf"(?<!\w)(?:[a-z][a-z\-]{{2,40}}(?:strasse|str\.|gasse|allee)[ ]?{_NUMBER}(?!\w)"
    rf"|(?:rue|avenue|boulevard|chemin|ulica|ul\.|viale|piazza"
    rf"|corso)(?:[ ][a-z][a-z’'\-]{{0,30}}){{1,4}}[ ,]{{1,2}}{_NUMBER}(?![\w.]))"
)


@dataclass(frozen=True)
class Person:
    """What is known of somebody and must not be told; any of it may be empty."""

    names: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    street: str = ""


class Known:
    """What is known of some people, ready to be looked for."""

    def __init__(self, people: Iterable[Person]) -> None:
        persons = tuple(people)
        self._parts = {form for person in persons for name in person.names for form in _forms_of(name)}
        self._forms = {
            part + ending for part in self._parts for ending in _ENDINGS if not ending or len(part) >= _LONG_NAME
        }
        self._forms |= {part + "s" for part in self._parts}
        long = sorted((part for part in self._parts if len(part) >= _LONG_NAME), key=len, reverse=True)
        self._inside = re.compile("|".join(map(re.escape, long))) if long else None
        patterns = [pattern for person in persons for pattern in _patterns_of(person)]
        self._patterns = [re.compile(rf"(?<![^\W_])(?:{pattern})(?![^\W_])") for pattern in patterns]

    def places_in(self, folded: Folded, original: str) -> Iterator[Span]:
        """Find what is known, and any street with a house number, in a folded text."""
        text = folded.text
        for found in _WORD.finditer(text):
            yield from self._name_in(found.group(), found.start(), folded, original)
        for pattern in (*self._patterns, _ANY_STREET):
            yield from (found.span() for found in pattern.finditer(text))

    def _name_in(self, word: str, start: int, folded: Folded, original: str) -> Iterator[Span]:
        if self._is_name(word) or (not word.isalpha() and self._is_name(word.translate(_LEET))):
            yield start, start + len(word)
            return
        for begin, end in _humps(word, start, folded, original):
            if self._is_name(folded.text[begin:end]):
                yield begin, end
        if self._inside and _is_closed_up(word, start, folded):
            yield from ((start + found.start(), start + found.end()) for found in self._inside.finditer(word))

    def _is_name(self, word: str) -> bool:
        if word in self._forms:
            return True
        if self._inside is None or len(word) > _LONGEST_WORD or not self._inside.search(word):
            return False
        # What is left of "janakoester85" or "jkoester" without the names is no word.
        rest = self._inside.sub("", word)
        rest = rest if rest in self._parts else rest.rstrip("0123456789")
        return len(rest) < _SHORT_NAME or rest in self._parts


def _is_closed_up(word: str, start: int, folded: Folded) -> bool:
    """Say whether a word was written letter by letter; where it ends is not known then."""
    return folded.at[start + len(word) - 1] - folded.at[start] >= _SPREAD * (len(word) - 1)


def _humps(word: str, start: int, folded: Folded, original: str) -> Iterator[Span]:
    """Split a word where a capital follows a small letter: FrauKöster."""
    begin = start
    end = start + len(word)
    for place in range(start + 1, end):
        here, before = original[folded.at[place]], original[folded.at[place - 1]]
        if here.isupper() and before.islower() and folded.at[place] != folded.at[place - 1]:
            yield begin, place
            begin = place
    if begin != start:
        yield begin, end


def _forms_of(name: str) -> Iterator[str]:
    """Yield the parts of a name that are long enough to be somebody's, as people write them: with ö, oe or o."""
    for word in name.split():
        for part in {*re.findall(r"\w+", word.lower()), "".join(re.findall(r"\w+", word.lower()))}:
            folded = plain(part)
            for form in {folded, plain(part.translate(_GERMAN)), *_shortened(folded)}:
                if len(form) >= _SHORT_NAME and form not in _NOT_NAMES:
                    yield form


def _shortened(folded: str) -> Iterator[str]:
    """Yield a name written with "oe" as it is without, if enough is left of it."""
    short = folded.replace("oe", "o").replace("ue", "u").replace("ae", "a")
    if len(short) >= _LONG_NAME:
        yield short


def _patterns_of(person: Person) -> list[str]:
    patterns = [re.escape(plain(person.email))] if person.email else []
    local = plain(person.email).partition("@")[0]
    if len(local) > _LONG_NAME:
        patterns.append(re.escape(local))
    for street in {plain(person.street), plain(person.street.lower().translate(_GERMAN))} - {""}:
        patterns += _street_patterns(street)
    return patterns


def _street_patterns(street: str) -> list[str]:
    """Return patterns for a street as written, for its own words alone, and for its number as that of a house."""
    words = re.findall(r"[^\W\d]+", _HOUSE_NUMBER.sub(" ", street))
    number = _HOUSE_NUMBER.search(street)
    if not words:
        return []
    house = rf"(?:[ ,]{{0,3}}{_NUMBER}(?!\w))?"
    lead = rf"(?:{_NUMBER}[ ,]{{0,3}})?"
    said = [word for word in words if len(words) == 1 or word not in {"ul", "al", "os"}]
    patterns = [rf"{lead}{_phrase(said)}\.?{house}"]
    own = [word for word in words if word not in _STREET_KINDS]
    # A single word of a longer name ("Am Alten Markt") may be any word.
    is_simple = len(own) == 1 and len(words) <= _WORDS_OF_A_SIMPLE_STREET and len(own[0]) > len("weg")
    if is_simple or (len(own) > 1 and own != said):
        patterns.append(rf"{_phrase(own)}\.?{house}")
    if number:
        patterns.append(rf"{_HOUSE}\.?[ ]?:?[ ]?{re.escape(number.group())}")
    return patterns


def _phrase(words: Iterable[str]) -> str:
    return r"[ .,\-’']{0,3}".join(_street_word(word) for word in words)


def _street_word(word: str) -> str:
    stem = re.sub(r"(?:strasse|str)$", "", word)
    if stem != word:
        return rf"{re.escape(stem)}[ \-]{{0,2}}(?:strasse|str)" if stem else r"(?:strasse|str)"
    if word.endswith(("ska", "cka", "owa")):
        return rf"{re.escape(word[:-1])}(?:a|ej|iej)"
    return rf"{re.escape(word)}(?:s(?!\w))?"
