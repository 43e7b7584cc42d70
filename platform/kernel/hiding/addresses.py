"""Mail addresses, links and messenger names, as typed or disguised ("max (at) web punkt de", "koester-it . de")."""

import re
from collections.abc import Iterator

from kernel.hiding.folding import BREAK, Folded, Span, words_of

_TLD = (
    "com|net|org|info|biz|eu|de|ch|at|pl|fr|it|li|lu|be|nl|es|pt|uk|us|cz|sk|hu|dk|se|no|fi|io|me|app|dev|online|shop"
    "|site|xyz|link|ly|gl|gg|tv|cc|to|co|ai|swiss|berlin|wien|tirol|hamburg|koeln|bayern|zuerich|email|blog|page|club"
    "|store|tech|cloud|space|website|pro|name|mobi|tel|edu|gov|example"
)
# Endings that are words too: after a full stop they rather begin a sentence.
_ALSO_WORDS = {"it", "at", "to", "me", "be", "no", "us", "pro", "co", "es", "de", "li", "name", "page", "site", "link"}
_DOT_WORD = r"(?:dot|punkt|point|punto|kropka)"
# In these languages the ending is no word of its own, so nothing else is meant.
_MEANT = {("punkt", "de"), ("punto", "it"), ("punkt", "at"), ("dot", "de"), ("kropka", "de"), ("dot", "es")}
_AT_WORD = r"(?:at|a|aet|malpa|chiocciola|arobase|klammeraffe|affe|@)"
_PROVIDER = (
    r"(?:gmail|googlemail|gmx|outlook|hotmail|yahoo|icloud|proton(?:mail)?|bluewin|hispeed|web\.de|t-online|posteo|aol"
    r"|libero|orange|wanadoo|wp|onet|interia|o2|freenet|sunrise|swissonline)"
)
_BOXED_DOT = rf"[ ]?[\(\[{{<][ ]?(?:{_DOT_WORD}|\.)[ ]?[\)\]}}>][ ]?"
_SAID_DOT = rf"[ ]{{1,2}}(?P<said>{_DOT_WORD})[ ]{{1,2}}"
_SPACED_DOT = r"[ ]\.[ ]?"
_LABEL = r"[a-z0-9][a-z0-9_\-]{0,40}"

_WORD = re.compile(r"\S+")
_LINK = re.compile(r"://|(?<!\w)www\.|(?<!\w)(?:mailto|tel|sms|skype|live):\S")
_MAIL = re.compile(r"@[^\s@]")
_HOST = re.compile(rf"(?<![\w@\-])(?:[\w\-]{{1,63}}\.){{1,5}}(?P<tld>{_TLD})(?![\w\-]|\.\w)(?:[:/?#]\S{{0,500}})?")
_DISGUISED_HOST = re.compile(
    rf"(?<![\w\-])(?P<host>{_LABEL}(?:\.{_LABEL}){{0,3}})(?:(?P<boxed>{_BOXED_DOT})|(?:{_SAID_DOT})"
    rf"|(?P<spaced>{_SPACED_DOT}))"
    rf"(?P<tld>{_TLD})(?!\w)"
)
_LOCAL_BEFORE = re.compile(
    rf"(?P<local>[\w.+\-]{{1,64}})(?:[ ]?[\(\[{{<][ ]?{_AT_WORD}[ ]?[\)\]}}>][ ]?"
    r"|[ ](?:at|malpa|chiocciola|arobase|klammeraffe)[ ]|[ ]?@[ ]?)$"
)
_REACH_BEFORE = 80
_NO_LOCAL = {
    "look",
    "looked",
    "is",
    "was",
    "be",
    "me",
    "am",
    "are",
    "here",
    "available",
    "bought",
    "found",
    "see",
    "out",
}
_AT_PROVIDER = re.compile(
    rf"(?<![\w.\-])[\w.+\-]{{2,64}}(?:[ ]?[\(\[{{<][ ]?{_AT_WORD}[ ]?[\)\]}}>][ ]?"
    rf"|[ ](?:at|malpa|chiocciola|arobase|klammeraffe)[ ]"
    rf"|[ ]?@[ ]?){_PROVIDER}(?![\w\-])(?:[ ]?\.[ ]?(?:{_TLD})(?!\w))?"
)
_REST_OF_HOST = re.compile(rf"[ ]\.[ ]?(?:{_TLD})(?!\w)")
_BEFORE_AT = re.compile(r"[\w.+\-]{1,64}[ ]$")
_PROVIDER_AT = re.compile(rf"@{_PROVIDER}(?!\w)|@[\w\-]{{1,63}}\.[a-z]")
_SIGN = re.compile(r"[a-z]\w*[_.]\w|[a-z]+\d|\d+[a-z]|#\d")
_AT_MY_PROVIDER = re.compile(
    rf"(?<![\w.@]){_PROVIDER}(?:[ ](?:is|ist|e|est|to|jest|c[’']est|adresse|address|name))?[ ]?[:=]?[ ]"
    r"(?P<handle>[\w.\-]{4,64})"
)

_MESSENGER = re.compile(
    r"(?<![\w.])(?P<which>whats\s?app|telegram(?:ie|a|u)?|insta(?:gram)?(?:ie|a|u)?|ig|tg|threema|skype|facebook|fb"
    r"|messenger|viber|discord(?:zie)?|snap(?:chat)?|wechat|tiktok|linkedin|signal)(?P<after>[^\n]{0,90})"
)
_NEXT = re.compile(r"[ \-]{0,2}(?P<sign>[:=@])?[ ]{0,2}[\"„“»«']?(?P<word>[^\s\x1c\"“”»«,;!?()]{1,64})")
# Say that a name follows.
_NAMING = words_of(
    "unter as als sous sotto come con pod jako namen name nom nome nazwa nazwisko nick nickname pseudo user",
    "username id handle heisse heisst heiss sono jestem c'est c’est i'm konto compte account",
)
_BETWEEN = words_of(
    "dem der den die le la il lo the my mein mon mio moj is ist est e to bin ich auf me there dort on je suis",
)
_PROFILES = {"insta", "instagram", "instagramie", "ig", "snap", "snapchat", "tiktok"}
_OWNED = re.compile(r"(?<![a-z])(?:my|mein|meine|mon|mio|moj|moje)[ ]$")
_NAMED_BEFORE = re.compile(r"(?<![a-z])(?:nick(?:name)?|pseudo|username|handle)[ ](?:auf |bei |na |su |sur |on |in )?$")
_NO_NAMES = words_of(
    "nicht auch geht nur jetzt mehr immer not also too always works work aussi pas marche non si va vanno anche",
    "tak nie tez dziala app apps web android windows ios iphone ipad ipados linux ubuntu mac macos wlan wifi",
    "handy pc laptop tablet desktop chrome firefox safari browser version download update installiert installed",
    "kaputt broken slow down gone weg langsam bloque bloquee lent lento private privat gehackt hacked blocked",
    "gesperrt ein eine einem einen ersatz nachher dem den der die das the this that these my mein meinem mon ma",
    "mio mia moj moim und and et ed oraz oder or ou lub",
)
_MOST_BETWEEN = 5
_SHORTEST_NAME = 3


def addresses(folded: Folded, original: str) -> Iterator[Span]:
    """Find mail addresses, links and names in messengers in a folded text."""
    text = folded.text
    for found in _WORD.finditer(text):
        if _LINK.search(found.group()) or _MAIL.search(found.group()):
            yield _with_neighbours(text, found.span())
    for found in _HOST.finditer(text):
        first, last = folded.in_original(found.span("tld"))
        if not (original[first:last].istitle() and found["tld"] in _ALSO_WORDS):
            yield _with_local(text, found.span())
    for found in _DISGUISED_HOST.finditer(text):
        place = _with_local(text, found.span())
        if _is_meant(found) or place != found.span():
            yield place
    for found in _AT_PROVIDER.finditer(text):
        yield found.span()
    for found in _AT_MY_PROVIDER.finditer(text):
        if _SIGN.search(found["handle"]):
            yield found.span("handle")
    for found in _MESSENGER.finditer(text):
        yield from _names_in_messenger(text, found)


def _with_neighbours(text: str, span: Span) -> Span:
    """Take in what was written apart from an address: "grace @gmail .com"."""
    start, end = span
    ending = _REST_OF_HOST.match(text, end)
    if ending:
        end = ending.end()
    before = _BEFORE_AT.search(text[max(0, start - _REACH_BEFORE) : start])
    if text[start] == "@" and before and (ending or _PROVIDER_AT.match(text, start)):
        start -= len(before.group())
    return start, end


def _with_local(text: str, span: Span) -> Span:
    """Take in what stands before the at-sign of a host."""
    start, end = span
    before = _LOCAL_BEFORE.search(text[max(0, start - _REACH_BEFORE) : start])
    if before and before["local"] not in _NO_LOCAL:
        return start - len(before.group()), end
    return span


def _is_meant(found: re.Match[str]) -> bool:
    """Say whether a disguised host is one, where its ending is a word too."""
    if found["boxed"] or found["tld"] not in _ALSO_WORDS:
        return True
    has_sign = re.search(r"[\d\-_.]", found["host"]) is not None
    if found["spaced"]:
        return has_sign or not found["spaced"].endswith(" ") or found["tld"] in {"de", "it", "es", "at"}
    return has_sign or (found["said"], found["tld"]) in _MEANT


def _names_in_messenger(text: str, found: re.Match[str]) -> Iterator[Span]:
    """Find the name that somebody has in the messenger that was named."""
    which = found["which"]
    before = text[max(0, found.start() - _REACH_BEFORE) : found.start()]
    is_owned, is_naming = _OWNED.search(before) is not None, _NAMED_BEFORE.search(before) is not None
    at = found.start("after")
    if text[at : at + 1].isalnum():
        return
    for _step in range(_MOST_BETWEEN):
        following = _NEXT.match(text, at, found.end("after"))
        if following is None or BREAK in following.group():
            return
        word = following["word"].rstrip(".:")
        is_naming = is_naming or bool(following["sign"])
        if word in _NAMING:
            is_naming = True
        elif word not in _BETWEEN:
            is_sure = (is_naming and which != "signal") or (is_owned and which in _PROFILES)
            if len(word) >= _SHORTEST_NAME and (
                _SIGN.search(word) or (is_owned and is_naming) or (is_sure and word not in _NO_NAMES)
            ):
                yield following.start("word"), following.start("word") + len(following["word"])
            return
        # A colon may stand at the end of the word.
        is_naming = is_naming or following["word"].endswith(":")
        at = following.end()
