"""The gate of the catalogues: what it lets through and what it stops."""

import polib
import pytest

from tests.translations.gate import english_faults, polish_faults, words_of_others, words_taken_from_others


def catalogue(msgid: str, msgstr: str = "", context: str | None = None) -> polib.POFile:
    po = polib.POFile()
    po.append(polib.POEntry(msgid=msgid, msgstr=msgstr, msgctxt=context))
    return po


@pytest.mark.parametrize(
    "msgid",
    [
        "You get a mail.",
        "Please enter the e-mail address.",
        "Nobody is free at your wished times",
        "Customer and friend are told.",
        "The settings are saved.",
        "Waves in the own community",
        "From 0 to 100 %",
        "%(percent)s %% right",
        "The first who accepts has the job.",
        "Please choose a skill out of the list.",
        "You get offers of the shared crowd.",
        "Agree on a date",
        "Hide these words",
    ],
)
def test_english_that_nobody_says_is_stopped(msgid: str) -> None:
    assert list(english_faults(catalogue(msgid)))


@pytest.mark.parametrize(
    "msgid",
    [
        "You'll get an email.",
        "All emails sent land in the mail reader.",
        "Nobody is available at your preferred times",
        "The customer and the friend have been notified.",
        "The settings have been saved.",
        "Round %(wave)d: rounds in your own community",
        "From 0 to 100%: %(percent)s%% right",
        "The first to accept gets the job.",
        "Visitors see a notice and cannot book.",
        "Your date of birth",
    ],
)
def test_plain_english_passes(msgid: str) -> None:
    assert not list(english_faults(catalogue(msgid)))


def test_a_plural_is_read_too() -> None:
    po = catalogue("%(count)d unread message")
    po[0].msgid_plural = "%(count)d unread mails"

    assert list(english_faults(po))


def test_our_words_leave_those_of_the_pages_of_others_alone() -> None:
    others = words_of_others("de")
    assert "Home" in others

    assert list(words_taken_from_others("de", catalogue("Home", "Wohnort"), others))
    assert not list(words_taken_from_others("de", catalogue("Home", "Wohnort", context="friend"), others))
    assert not list(words_taken_from_others("de", catalogue("Home", sorted(others["Home"])[0]), others))
    assert not list(words_taken_from_others("de", catalogue("Place of residence", "Wohnort"), others))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Człowiek to sprawdzi.",
        "Zgłoś te słowa",
        "Słowa są ukryte.",
        "Zlecenie jest dla profesjonalistów",
        "Zostań pro",
        "potem menedżerowie",
        "Fala %(wave)d",
        "Zapraszamy do ponownej rezerwacji.",
        "Mogą Państwo zarezerwować ponownie.",
        "Nadmiarowe zlecenia wszystkich marek",
        "Zwróć zlecenie",
        "Zdejmij z biurka",
        "Zaproszenie jest w drodze.",
        "To wersja pokazowa; firma jest zmyślona.",
        "Prześlij dowód wieku",
        "w jednym z życzonych terminów",
        "Nikt nie był wolny",
        "Twój profil jest zapisany.",
        "Jakie ma Pani/Pan pytanie?",
        "Właśnie przyjąłeś zlecenie.",
        "%(friend)s nie przyszedł",
        "rozmowa z %(friend)s",
        "Co o Tobie wiadomo",
        "Dokument dla Frienda",
        "do Soboty",
        "od 0 do 100 %",
        "%(percent)s %% poprawnych",
        'Na przykład "Laptop służbowy".',
    ],
)
def test_polish_that_nobody_says_is_stopped(msgstr: str) -> None:
    assert list(polish_faults(catalogue("Something", msgstr)))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Pracownik to sprawdzi.",
        "Napisz w kilku słowach, własnymi słowami.",
        "Komentarz jest ukryty, a prowizja zachowana.",
        "Zostań specjalistą. Twój profil został zapisany.",
        "Miejsce jest zarezerwowane dla nowych.",
        "Zwrot pieniędzy",
        "Jeśli zlecenie znów będzie wolne, zapytamy cię.",
        "Zespół %(brand)s sprawdził komentarz.",
        "Zgłasza %(friend)s: nikogo nie było",
        "Weryfikacja dla: %(friend)s",
        "Witaj. Friend czeka. Twoje dane są u nas.",
        "od 0 do 100%, poprawnych %(percent)s%%",
        "Na przykład „Laptop służbowy”.",
        '<a href="https://example.com">adres</a>',
    ],
)
def test_plain_polish_passes(msgstr: str) -> None:
    assert not list(polish_faults(catalogue("Something", msgstr)))
