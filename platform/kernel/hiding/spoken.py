"""Numbers in words, as people dictate phone numbers in the five languages: "null eins sieben", "trente-quatre"."""

import re

_UNITS = {
    0: "null zero zéro oh nul", 1: "eins ein uno un une one jeden jedna", 2: "zwei zwo due deux two dwa dwie",
    3: "drei tre trois three trzy", 4: "vier quattro quatre four cztery", 5: "fünf fuenf cinque cinq five piec pięć",
    6: "sechs sei six szesc", 7: "sieben sette sept seven siedem", 8: "acht otto huit eight osiem",
    9: "neun nove neuf nine dziewiec",
}  # fmt: skip
_TEENS = {
    10: "zehn dieci dix ten dziesiec", 11: "elf undici onze eleven jedenascie",
    12: "zwolf zwoelf dodici douze twelve dwanascie", 13: "dreizehn tredici treize thirteen trzynascie",
    14: "vierzehn quattordici quatorze fourteen czternascie",
    15: "funfzehn fuenfzehn quindici quinze fifteen pietnascie", 16: "sechzehn sedici seize sixteen szesnascie",
    17: "siebzehn diciassette seventeen siedemnascie", 18: "achtzehn diciotto eighteen osiemnascie",
    19: "neunzehn diciannove nineteen dziewietnascie",
}  # fmt: skip
_TENS = {
    20: "zwanzig venti vingt vingts twenty dwadziescia", 30: "dreissig dreizig trenta trente thirty trzydziesci",
    40: "vierzig quaranta quarante forty fourty czterdziesci",
    50: "funfzig fuenfzig cinquanta cinquante fifty piecdziesiat",
    60: "sechzig sessanta soixante sixty szescdziesiat",
    70: "siebzig settanta septante seventy siedemdziesiat", 80: "achtzig ottanta huitante octante eighty osiemdziesiat",
    90: "neunzig novanta nonante ninety dziewiecdziesiat",
}  # fmt: skip
_HUNDREDS = {
    100: "hundert einhundert cento cent hundred sto", 200: "duecento dwiescie", 300: "trecento trzysta",
    400: "quattrocento czterysta", 500: "cinquecento piecset", 600: "seicento szescset", 700: "settecento siedemset",
    800: "ottocento osiemset", 900: "novecento dziewiecset",
}  # fmt: skip
_REPEATS = {"double": 2, "doppel": 2, "doppia": 2, "doppio": 2, "triple": 3, "tripla": 3, "triplo": 3}
_TIMES_HUNDRED = {"hundert", "cent", "cents", "hundred", "cento"}
_HUNDRED, _TWENTY, _TEN = 100, 20, 10
# Tens after which French counts on with ten to nineteen.
_COUNT_ON = {60, 80}


def _accents_off(word: str) -> str:
    return word.translate(str.maketrans("üöäéęćńśłóż", "uoaeecnsloz"))


def _table(*groups: dict[int, str]) -> dict[str, int]:
    return {_accents_off(word): value for group in groups for value, words in group.items() for word in words.split()}


_WORDS = _table(_UNITS, _TEENS, _TENS, _HUNDREDS)
_UNIT_WORDS = _table(_UNITS)
_UNIT = "|".join(sorted(_UNIT_WORDS, key=len, reverse=True))
_SMALL = "|".join(sorted(_table(_UNITS, _TEENS), key=len, reverse=True))
_GERMAN_TENS = "zwanzig|dreissig|dreizig|vierzig|funfzig|fuenfzig|sechzig|siebzig|achtzig|neunzig"
_GERMAN = re.compile(rf"(?:(?P<hundreds>{_UNIT})?hundert)?(?:und)?(?:(?:(?P<units>{_UNIT})und)?(?P<tens>{_GERMAN_TENS})"
                     rf"|(?P<small>{_SMALL}))?")  # fmt: skip
_ITALIAN_TENS = "vent|trent|quarant|cinquant|sessant|settant|ottant|novant"
_ITALIAN = re.compile(
    rf"(?:(?P<hundreds>due|tre|quattro|cinque|sei|sette|otto|nove)?cent[o]?)?"
    rf"(?:(?P<tens>{_ITALIAN_TENS})[ai]?(?P<units>uno|due|tre|quattro|cinque|sei|sette|otto|nove)?"
    rf"|(?P<small>{_SMALL}))?"
)
_JOINED = re.compile(rf"(?:{_UNIT}){{4,}}")
_LONGEST_WORD = 90


def value_of(word: str) -> int | None:
    """Return the number that one folded word says, from 0 to 999, or None."""
    if word in _WORDS:
        return _WORDS[word]
    if not 4 < len(word) <= _LONGEST_WORD:
        return None
    found = _GERMAN.fullmatch(word)
    if found:
        small = _WORDS.get(found["small"] or "", 0)
        hundreds = _WORDS.get(found["hundreds"] or "", 1) if "hundert" in word else 0
        tens, units = _WORDS.get(found["tens"] or "", 0), _WORDS.get(found["units"] or "", 0)
        return hundreds * _HUNDRED + tens + units + small
    found = _ITALIAN.fullmatch(word)
    if found:
        hundreds = _WORDS.get(found["hundreds"] or "", 1) if "cent" in word else 0
        tens = (_ITALIAN_TENS.split("|").index(found["tens"]) + 2) * _TEN if found["tens"] else 0
        return hundreds * _HUNDRED + tens + _WORDS.get(found["units"] or found["small"] or "", 0)
    return None


def joined_digits(word: str) -> str:
    """Return the digits of a word of at least four spelled digits ("nulleinssieben…"), or nothing."""
    if not 12 <= len(word) <= _LONGEST_WORD or not _JOINED.fullmatch(word):  # four of three letters
        return ""
    return "".join(str(_UNIT_WORDS[unit]) for unit in re.findall(_UNIT, word))


def repeats(word: str) -> int:
    """Return how often "double" or "triple" says the next digit, or 0."""
    return _REPEATS.get(word, 0)


def add_to(before: int | None, word: str, value: int) -> int | None:
    """Return the number that a word makes with the one before it ("trente" + "quatre"), or None if it begins anew."""
    if before is None:
        return None
    if word in _TIMES_HUNDRED and 0 < before < _TEN:
        return before * _HUNDRED
    if value == _TWENTY and before == 4 and word.startswith("vingt"):  # quatre-vingts
        return 80
    if before >= _HUNDRED and before % _HUNDRED == 0 and value < _HUNDRED:
        return before + value
    rest = before % _HUNDRED
    if 0 < value < _TEN and rest >= _TWENTY and rest % _TEN == 0:
        return before + value
    if rest in _COUNT_ON and _TEN <= value < _TWENTY:
        return before + value
    return None
