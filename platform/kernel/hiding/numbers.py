"""Phone numbers: in digits or words or both, with anything between them; what devices show as numbers stays.

Numbers that are something else (dates, addresses of a network, prices, channels, serial numbers …) are taken out first.
What is left is read as groups of digits with gaps between them. Groups that stand close together are a phone number by
their length; groups of a list ("079, then 555, then …") only where the country's numbers look like that.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

import phonenumbers

from kernel.hiding.folding import BREAK, Span, words_of
from kernel.hiding.spoken import add_to, joined_digits, repeats, value_of

# Where customers, friends and their neighbours have their numbers.
COUNTRIES = ("CH", "DE", "AT", "PL", "FR", "IT")

# --- What is not a phone number ---------------------------------------------------------------------------------------

_DAY, _MONTH, _YEAR = r"(?:0?[1-9]|[12]\d|3[01])", r"(?:0?[1-9]|1[0-2])", r"(?:19|20)\d\d"
_DATE = (
    rf"(?:{_DAY}[./]{_MONTH}[./]{_YEAR}(?!\d)|{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|{_DAY}\.(?:0?[1-9]|1[0-2])\.(?=[ \n,;)]|$))"
)
_TIME = r"(?:[01]?\d|2[0-4]):[0-5]\d(?![\d:])"
_MOMENTS = (
    rf"(?<![\d+])(?<!\d[.:/\-])(?:{_DATE}|{_TIME})"
    rf"(?:[ \-–/,]{{1,3}}(?:{_DATE}|{_TIME})|[ ]?[\-–/][ ]?(?:1?\d|2[0-4])(?![\d./:]|[ ]\d)){{0,8}}"
)
_YEARS = rf"(?<![\d.])(?<!\d[ \-/]){_YEAR}[ ]?[/\-–][ ]?(?:{_YEAR}|\d\d)(?![\d]|[ .\-/]\d)"
_MAC = r"(?<![\w:\-])(?:[0-9a-f]{2}[:\-]){5}[0-9a-f]{2}(?![\w:\-])"
_IP = r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d]|\.\d)(?:/\d{1,2}(?!\d))?"
_HEX = r"(?<!\w)0x[0-9a-f]{4,8}(?!\w)"
_SPEED = r"(?<![\d/])10/100(?:/1000)?(?![\d/])"
# Below a million: three groups of three are a phone number in Poland.
_NUMERAL = r"(?:\d{1,3}[.,'’ ]\d{3}(?:[.,]\d{1,2})?|\d{1,6}(?:[.,]\d{1,3})?)"
_UNIT = (
    r"(?:[kmgt]?hz|[kmgt]?(?:bit|b|o|bps)(?:/s|ps)?|m[bo]/s|gb?it/s|mbit/s|kb|mb|gb|tb|go|mo|to|[mck]?m[23²]?|qm|km/h"
    r"|zoll|inch(?:es)?|pollici|cali|pouces|watt|w|kw|kwh|volt|v|ampere|a|mah|ah|db\w{0,3}|%|°|grad|min(?:uten"
    r"|utes|uti|ut)?"
    r"|std|stunden|hours|heures|ore|godz|uhr|h|sek|sec|ms|s|jahre?|years|ans|anni|lat|eur|euro|chf|franken"
    r"|francs|franchi"
    r"|fr|zl|zloty|pln|rappen|cent|€|[$]|£|stuck|stk|x|mal|fach|px|pixel|fps|dpi|lumen|lm|grad|kg|g)"
)
_QUANTITY = (
    rf"(?<![\d+])(?<!\d[ .,:/\-–])(?<!\d[ .,:/\-–]{{2}})(?<!\d[ .,:/\-–]{{3}})"
    rf"(?!0\d){_NUMERAL}[ ]?{_UNIT}(?!\w)"
)
_PRICE = rf"(?<!\w)(?:chf|eur|euro|fr\.|zl|pln|€|[$]|£)[ ]?(?!0\d){_NUMERAL}(?!\d)"
_DECIMAL = r"(?<![\d.,+])(?<!\d[ .,:/\-])(?!0\d)\d{1,4}[.,]\d{1,2}(?!\d|[.,\-/ ]\d)"
_VERSION = (
    r"(?<![a-z])(?:versione?|wersja|build|firmware|os|ios|macos|kernel|v|ver)[^\w\x1c]{0,3}\d{1,6}(?:\.\d{1,6}){1,5}"
)
_CUE = (
    r"(?:serial(?: number| no)?|serien-?(?:nummer|nr)|s/n|sn|imei|numero de serie|numero di serie|numer seryjny|modell?"
    r"|modele|model number|modello|reference|riferimento|artikel-?(?:nummer|nr)?|article|fehler(?:code)?"
    r"|error(?: code)?"
    r"|erreur|errore|blad|code d[’']erreur|codice di errore|kod bledu|ean|kunden-?(?:nummer|nr)"
    r"|vertrags-?(?:nummer|nr))"
)
_NAMED = (
    rf"(?<![a-z]){_CUE}(?:[^\w\x1c]{{1,3}}(?:ist|is|est|e|to|nr|no))?[^\w\x1c]{{1,3}}"
    r"(?![0+]\d)\d{3,16}(?!\d|[ .\-/]\d)"
)
_CHANNELS = (
    r"(?<![a-z])(?:kanale?|channels?|canaux|canal|canali|canale|kanal|kanaly)[^\w\x1c]{1,3}[1-9]\d{0,2}(?!\d)"
    r"(?:(?:[,;/\-– ]{1,3}|[ ](?:und|and|et|e|i|bis|to|a|do|od|da|von|from|de)[ ]){1,2}[1-9]\d{0,2}(?!\d)){0,30}"
)
_ORDINARY = tuple(re.compile(pattern) for pattern in (
    _HEX, _MOMENTS, _YEARS, _SPEED, _VERSION, _NAMED, _CHANNELS, _PRICE, _QUANTITY, _DECIMAL,
))  # fmt: skip
_MAC_ADDRESS, _IP_ADDRESS = re.compile(_MAC), re.compile(_IP)
# Networks in homes, names of the open internet's phone book, masks.
_KNOWN_IP = re.compile(
    r"(?:192\.168|10\.\d{1,3}|172\.(?:1[6-9]|2\d|3[01])|169\.254|127\.0|255\.255|100\.64)\.\d{1,3}\.\d{1,3}"
    r"|([189])\.\1\.\1\.\1|8\.8\.4\.4|1\.0\.0\.1|9\.9\.9\.9|0\.0\.0\.0"
)
_IP_CUE = re.compile(
    r"(?<![a-z])(?:ip|ipv4|dns|gateway|server|ping|subnetz?|router|host)\W{1,3}(?:\w{1,10}\W{1,3}){0,2}$"
)
_IP_CUE_REACH = 30

# --- Groups and gaps --------------------------------------------------------------------------------------------------

# The plus before a country's code is part of the number.
_PLUS = re.compile(r"(?:\+[ (]{0,2})?$")
_TOKEN = re.compile(r"\d+|[^\W\d_]+|[\W_]+")
_LIKE_DIGITS = re.compile(r"(?<![a-z0-9])[0-9olig]{2,20}(?![a-z0-9])")
_AS_DIGITS = str.maketrans("olig", "0119")
_GLUED = re.compile(r"(?:tel|telefon|phone|fon|mob|mobil|mobile|handy|natel|nr|num|kom|cell|call|t|m|p|n|numer|numero)")
_CONNECTORS = words_of(
    "dann danach und zuletzt schluss zum ende rest then and next finally after puis ensuite et enfin apres poi",
    "dopo infine e quindi potem nastepnie i oraz a na koncu dalej dash minus strich bindestrich punkt dot point",
    "punto kropka slash schragstrich pause leerzeichen space tiret trattino myslnik plus komma comma virgule",
    "virgola przecinek der die",
)
_WIDEST_GAP, _MOST_CONNECTORS = 6, 3
_LIST_GAP = re.compile(r"[,;][ \n]|[ ][,;]")

_SHORTEST_DIALLED = 6
_SHORTEST_CLOSE = 7
_SHORTEST_SPOKEN = 7
_LEAST_SPOKEN = 3
_TAIL = 6
_LONGEST = 15
_SHORTEST_GLUED = 9
_OF_NINE, _NINE_DIGITS = 9, ("PL", "CH")
_LOCAL_PART = 5
_WITHOUT_TRUNK = range(8, 13)
_MOBILE = re.compile(
    r"7[4-9]\d{7}|1[5-7]\d{8,9}|6[5-9]\d{7,10}|[67]\d{8}|3[1-9]\d{7,8}|(?:4|5|6|7|8)[05]\d{7}|5[01367]\d{7}"
)
_NATIONAL = re.compile(r"0[1-9]\d{7,11}")
_ABROAD = re.compile(r"00[1-9]\d{8,12}")
_A_LIST = range(3, 7)
_SIZES = 4


@dataclass(frozen=True)
class _Part:
    """A word of a possible number, with the gap before it: digits, a spoken number (``value``), or a small word."""

    word: str
    start: int
    end: int
    gap: str
    digits: str
    value: int | None = None


@dataclass(frozen=True)
class _Group:
    """Digits that stand together; ``words`` counts those that were said in words, ``value`` is what these come to.

    ``opens`` says that a plus stands before, ``is_close`` that nothing but a short gap parts it from the group before.
    """

    digits: str
    start: int
    end: int
    value: int | None
    words: int
    opens: bool
    is_close: bool

    @property
    def begins_dialling(self) -> bool:
        """Say whether a number begins here rather than anywhere."""
        return self.opens or self.digits[0] == "0"


def phone_numbers(text: str, *, known: Sequence[str] = ()) -> Iterator[Span]:
    """Find phone numbers in a folded text; ``known`` are such as must not be told, even their last digits alone."""
    tails = [number[-_TAIL:] for number in known if len(number) >= _TAIL]
    for groups in _runs(_without_ordinary(text)):
        yield from _found(groups, tails)


def _without_ordinary(text: str) -> str:
    """Return the text with all numbers that are something else in letters, at the same places."""
    text = _LIKE_DIGITS.sub(_with_digits, text)
    text = _MAC_ADDRESS.sub(_crossed_out_mac, text)
    text = _IP_ADDRESS.sub(_crossed_out_ip, text)
    for pattern in _ORDINARY:
        text = pattern.sub(_crossed_out, text)
    return text


def _crossed_out(found: re.Match[str]) -> str:
    return "x" * len(found.group())


def _crossed_out_mac(found: re.Match[str]) -> str:
    digits = re.sub(r"[:\-]", "", found.group())
    is_phone = digits.isdecimal() and any(_is_valid(digits, country) for country in COUNTRIES)
    return found.group() if is_phone else _crossed_out(found)


def _crossed_out_ip(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _IP_CUE_REACH) : found.start()]
    if _KNOWN_IP.match(found.group()) or _IP_CUE.search(before):
        return _crossed_out(found)
    return found.group()


def _with_digits(found: re.Match[str]) -> str:
    """Return a word of digits and letters that look like them as digits: O171."""
    word = found.group()
    letters = sum(char.isalpha() for char in word)
    is_short = len(word) == 2 and word[0] == "o" and word[1] in "1345679"  # o7 9 555; O2 is a brand
    if letters and (is_short or len(word) - letters >= max(2, letters)):
        return word.translate(_AS_DIGITS)
    return word


def _runs(text: str) -> Iterator[list[_Group]]:
    """Yield groups of digits with nothing but gaps and small words between them."""
    parts: list[_Part] = []
    gap = glued_to = ""
    for found in _TOKEN.finditer(text):
        token = found.group()
        if not token[0].isalnum():
            if BREAK in token or len(token) > _WIDEST_GAP:
                yield from _groups(parts)
                parts = []
            gap, glued_to = token, ""
            continue
        part = _part(token, found.start(), gap, glued_to)
        if part is None:
            yield from _groups(parts)
            parts = []
        else:
            parts.append(part)
        gap, glued_to = "", "" if part is not None else token
    yield from _groups(parts)


def _part(token: str, start: int, gap: str, glued_to: str) -> _Part | None:
    """Return what a token is in a number, or None where it ends one."""
    end = start + len(token)
    if token[0].isdecimal():
        is_of_a_name = glued_to and not _GLUED.fullmatch(glued_to)
        is_number_anyway = len(token) >= _SHORTEST_GLUED and token[0] == "0"
        return None if is_of_a_name and not is_number_anyway else _Part(token, start, end, gap, token)
    value = value_of(token)
    if value is not None:
        return _Part(token, start, end, gap, str(value), value)
    if token in _CONNECTORS or repeats(token):
        return _Part(token, start, end, gap, "")
    joined = joined_digits(token)
    return _Part(token, start, end, gap, joined) if joined else None


def _groups(parts: Sequence[_Part]) -> Iterator[list[_Group]]:
    """Put spoken numbers together, and yield what too many small words part."""
    groups: list[_Group] = []
    small_words = repeat = 0
    for part in parts:
        if not part.digits:
            repeat = repeats(part.word)
            small_words += not repeat
            if small_words > _MOST_CONNECTORS:
                yield groups
                groups, small_words = [], 0
            continue
        is_apart = small_words or repeat or "," in part.gap
        last = groups[-1] if groups and not is_apart else None
        whole = add_to(last.value, part.word, part.value) if last and part.value is not None else None
        if last is not None and whole is not None:
            groups[-1] = replace(last, digits=str(whole), value=whole, end=part.end, words=last.words + 1)
        else:
            is_joined = part.value is None and part.word != part.digits
            groups.append(
                _Group(
                    digits=part.digits * (repeat or 1),
                    start=part.start - len(_PLUS.search(part.gap)[0]),  # type: ignore[index]  # matches nothing too
                    end=part.end,
                    value=None if repeat else part.value,
                    words=len(part.digits) if is_joined else int(part.value is not None),
                    opens="+" in part.gap,
                    is_close=not small_words and not _LIST_GAP.search(part.gap),
                )
            )
        small_words = repeat = 0
    yield groups


def _found(groups: Sequence[_Group], tails: Sequence[str]) -> Iterator[Span]:
    """Give the places of the phone numbers among the groups."""
    if not groups:
        return
    digits = "".join(group.digits for group in groups)
    if len(digits) < _SHORTEST_DIALLED:
        return
    shortest = _SHORTEST_DIALLED if digits[0] == "0" else _SHORTEST_SPOKEN
    if sum(group.words for group in groups) >= _LEAST_SPOKEN and len(digits) >= shortest:
        yield groups[0].start, groups[-1].end
        return
    if any(tail in digits for tail in tails):
        yield groups[0].start, groups[-1].end
        return
    for close in _close_ones(groups):
        yield from _dialled(close)
    if len(groups) > 1:
        yield from _listed(groups)


def _close_ones(groups: Sequence[_Group]) -> Iterator[Sequence[_Group]]:
    start = 0
    for place in range(1, len(groups) + 1):
        if place == len(groups) or not groups[place].is_close:
            yield groups[start:place]
            start = place


def _dialled(groups: Sequence[_Group]) -> Iterator[Span]:
    """Find a number whose groups stand close together: by its beginning, by a long group, or by its look."""
    left = sum(len(group.digits) for group in groups)
    for group in groups:
        if group.begins_dialling and left >= _SHORTEST_DIALLED:
            yield group.start, groups[-1].end
            break
        left -= len(group.digits)
    if any(len(group.digits) >= _SHORTEST_CLOSE for group in groups):
        yield groups[0].start, groups[-1].end
        return
    for place in range(len(groups)):
        digits = ""
        for count, last in enumerate(groups[place : place + _LONGEST], start=1):
            digits += last.digits
            if len(digits) > max(_WITHOUT_TRUNK):
                break
            window = groups[place : place + count]
            if len(digits) in _WITHOUT_TRUNK and _is_without_trunk(digits, window):
                yield window[0].start, last.end


def _is_without_trunk(digits: str, groups: Sequence[_Group]) -> bool:
    """Say whether digits are a number whose leading zero is missing, or that has none, as in Poland."""
    if len(groups) >= _SIZES and _is_a_list(groups):
        return False
    if _MOBILE.fullmatch(digits) and _is_valid_somewhere(digits):
        return True
    if len(digits) == _OF_NINE and any(_is_valid(digits, country) for country in _NINE_DIGITS):
        return True
    # Berlin without its zero: 30 1234567.
    is_in_two = len(groups) > 1 and len(groups[-1].digits) >= _LOCAL_PART
    return is_in_two and (_is_valid(digits, "DE") or _is_valid(digits, "AT"))


def _listed(groups: Sequence[_Group]) -> Iterator[Span]:
    """Find a number in a list of groups: "079, then 555, then 45, then 67"."""
    for place, first in enumerate(groups):
        digits, last = "", None
        for count, group in enumerate(groups[place : place + _LONGEST], start=1):
            digits += group.digits
            if len(digits) > _LONGEST:
                break
            if first.begins_dialling:
                is_number = bool(_NATIONAL.fullmatch(digits) or _ABROAD.fullmatch(digits) or first.opens)
            else:
                is_number = count in _A_LIST and bool(_MOBILE.fullmatch(digits))
            if is_number and not _is_a_list(groups[place : place + count]) and _is_valid_somewhere(digits):
                last = group
        if last is not None:
            yield first.start, last.end


def _is_a_list(groups: Sequence[_Group]) -> bool:
    """Say whether the groups are numbers in their order, as sizes and channels are listed."""
    if groups[0].begins_dialling and any(len(group.digits) > 1 for group in groups):
        return False
    # Sizes and channels have no zeros before them.
    if any(len(group.digits) > 1 and group.digits[0] == "0" for group in groups):
        return False
    pairs = list(pairwise(int(group.digits) for group in groups))
    return all(one < other for one, other in pairs) or all(one > other for one, other in pairs)


def _is_valid_somewhere(digits: str) -> bool:
    return any(_is_valid(digits, country) for country in COUNTRIES)


@lru_cache(maxsize=4096)
def _is_valid(digits: str, country: str) -> bool:
    """Say whether a number exists in the country, as dialled there or without its zero."""
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(digits, country))
    except phonenumbers.NumberParseException:
        return False
