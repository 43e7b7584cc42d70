"""Passwords, keys and door codes as they are told: "WLAN-Schlüssel: …", "mot de passe est …", "PIN 4711"."""

import re
from collections.abc import Iterator

from kernel.hiding.folding import Folded, Span, words_of

_SECRET = (
    r"passwor[dt]e?|passphrase|passcode|kennwort|pass|pwd?|pw|mdp|mot de passe|parola d[’']ordine|parola chiave"
    r"|haslo|hasla"
    r"|(?:wi-?fi|wlan|w-lan|netzwerk|netz|wpa[23]?|wep|router|network|security)[ \-]?(?:key|schlussel"
    r"|schluessel|code|kod|kennung)"
    r"|(?:schlussel|schluessel|key|cle|code|chiave|klucz|codice|kod)[ ](?:d[iu] |de |do |della |del |der |of "
    r"|furs |fur das )?(?:la |le |the )?"
    r"(?:wi-?fi|wlan|wpa[23]?|wep|rete|reseau|sieci)"
)
_DOOR = (
    r"pin|pin-?code|code pin|codice pin|kod pin|digicode|(?:tur|tuer|haustur|haustuer|tor|eingangs|zugangs"
    r"|alarm|schliessfach)-?code"
    r"|(?:door|gate|entry|access|alarm|key ?box)[ ]?code|code (?:de |d[’'])(?:la )?(?:porte|entree|acces"
    r"|portail|alarme)"
    r"|codice (?:della |del |di )?(?:porta|portone|ingresso|accesso|cancello|allarme)"
    r"|kod (?:do )?(?:drzwi|domofonu|bramy|furtki|klatki|alarmu|wejscia)"
)
_SAYS = r"(?:lautet|heisst|ist|is|reads|est|c[’']est|e|e[’']|to|jest|brzmi)"
_VALUE = r"[\"„“»«'‚‘]?(?P<value>[^\s\x1c\"“”»«]{3,80})"
_QUOTED = r"[\"„“»«‘](?P<quoted>[^\"“”»«\n\x1c]{3,80})[\"“”»«’]"
_TOLD = re.compile(
    rf"(?<![a-z])(?P<what>{_SECRET})(?![a-z])"
    r"(?:[ ](?:furs?|for|pour|per|do|vom|von|des|du|del|of)(?:[ ][\w\-]{1,15}){1,2}|[ ](?:wi-?fi|wlan|rete|sieci))?"
    rf"(?:[ ]?(?P<sign>[:=]|[–\-](?=[ ]))|[ ](?P<says>{_SAYS})(?!\w)[ ]?[:=]?)?[ ]{{0,2}}(?:{_QUOTED}|{_VALUE})"
)
_DOOR_TOLD = re.compile(
    rf"(?<![a-z])(?:{_DOOR})(?![a-z])(?:[ ]{_SAYS}(?!\w))?[ ]?[:=]?[ ]{{0,2}}"
    r"(?P<value>[a-z*#]?\d[\da-z*#\-]{2,11})(?!\w)"
    rf""
)
# What people say of a password without telling it.
_SAID_OF_IT = words_of(
    "falsch vergessen unbekannt weg neu alt nicht kein keine keines steht stimmt geht fehlt verloren klebt liegt",
    "siehe geheim leer lang kurz auf im in an am bei hinter unter vom und oder aber habe hab kenne weiss wird",
    "wurde ist richtig ja nein wrong forgotten unknown lost gone new old not no none missing incorrect invalid",
    "required needed see on the under at behind written printed saved changed expired default secret empty long",
    "short same different and or but that which was has is does for from with reset manager oublie oubliee faux",
    "fausse inconnu inconnue perdu perdue nouveau ancien pas sur dans derriere sous est et ou mais qui que voir",
    "change vide secret wifi wlan dimenticata dimenticato sbagliata sbagliato sconosciuta persa nuova vecchia non",
    "sul sulla sull scritta scritto dietro nella nel e ed che viene vedi vuota zle zapomniane zapomnialem",
    "nieznane zgubione nowe stare nie na pod za w i oraz ale jest mam wpisane brak nieaktualne protected",
    "geschutzt wpa wpa2 wpa3 wep wpa2-psk vom von steht's",
)
_LOOKS_SECRET = re.compile(r"(?=\S{0,60}\d)(?=\S{0,60}[a-z])|\d{4}|[&%$#!*+]\w")


def passwords(folded: Folded, original: str) -> Iterator[Span]:
    """Find passwords, keys and codes of doors in a folded text."""
    for found in _TOLD.finditer(folded.text):
        if found["quoted"]:
            yield found.span("quoted")
        elif _is_told(found, folded, original):
            yield found.span("value")
    for found in _DOOR_TOLD.finditer(folded.text):
        yield found.span("value")


def _is_told(found: re.Match[str], folded: Folded, original: str) -> bool:
    value = found["value"]
    bare = value.strip(".,;:!?()'’")
    if bare in _SAID_OF_IT or not bare:
        return False
    if _LOOKS_SECRET.search(value.rstrip(".,;:!?")):
        return True
    first, last = folded.in_original(found.span("value"))
    is_capital = original[first:last].lstrip("\"'„“")[:1].isupper()
    return bool(found["sign"]) or found["says"] in {"lautet", "heisst", "reads", "brzmi"} or (
        bool(found["says"]) and is_capital
    )  # fmt: skip
