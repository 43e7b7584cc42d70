"""The gate of the catalogues: what it lets through and what it stops."""

from pathlib import Path

import polib
import pytest

from tests.translations.gate import (
    data_faults,
    english_faults,
    plain_faults,
    template_faults,
    words_of_others,
    words_taken_from_others,
)


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
        "Answer by %(moment)s",
        "Member since %(date)s",
    ],
)
def test_english_that_nobody_says_is_stopped(msgid: str) -> None:
    assert list(english_faults(catalogue(msgid)))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Apri l’app",
        "I pro sono attivati.",
        "Scrivi al tuo community manager.",
        "Tutti i friend interpellati vedono la Sua risposta.",
        "Ondata 2",
        "Le tue ore di silenzio",
        "Gli orari desiderati",
        "Il cliente propone una data",
        "Le parole sono nascoste.",
        "Inviami un avviso di prova",
        "L'invito è in viaggio.",
        "L'ordine è sulla scrivania.",
        "Incarichi in eccesso",
        "Anna E. prende il Suo ordine",
        "Ti mandiamo una mail.",
        "Si prega di riprovare.",
        "Lo confermi, per favore.",
        "Il Suo ordine è annullato.",
        "Vedere pacchetti e prezzi",
        "Resta collegato/a",
        "%(friend)s non è venuto",
        "I documenti dei Friend",
        "da lunedì 30 Novembre",
        "Da 0 a 100 %",
        "%(percent)s %% giuste",
    ],
)
def test_italian_that_nobody_says_is_stopped(msgstr: str) -> None:
    assert list(plain_faults("it", catalogue("Some text", msgstr)))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Apri l'app",
        "Friend contattati: tutti i friend vedono la Sua risposta.",
        "Scriva al responsabile della community.",
        "Giro 2: in attesa del proprio turno",
        "Le tue ore di riposo e gli orari preferiti",
        "Il cliente propone un appuntamento",
        "La tua data di nascita, in poche parole",
        "I visitatori vedono un avviso.",
        "%(friend)s si occupa del Suo ordine",
        "Ti mandiamo un'e-mail.",
        "Il Suo ordine è stato annullato.",
        "Vedi pacchetti e prezzi",
        "Assenza di %(friend)s",
        "da lunedì 30 novembre",
        "Da 0 a 100\u00a0%: %(percent)s\u00a0%% giuste",
    ],
)
def test_plain_italian_passes(msgstr: str) -> None:
    assert not list(plain_faults("it", catalogue("Some text", msgstr)))


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
        "Answer %(by)s",
        "Proposed an appointment: %(moment)s",
    ],
)
def test_plain_english_passes(msgid: str) -> None:
    assert not list(english_faults(catalogue(msgid)))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Innert 12 Stunden",
        "Die Kundschaft weiß es.",
        "Kommission %(rate)s",
        "Partner aussetzen",
        "Dieser Partner ist ausgesetzt.",
        "Du bist jetzt Pro",
        "Welle %(wave)d",
        "auch nicht als Überlauf",
        "In zwei Communities",
        "Startseite der Vorführung",
        "Leitspruch",
        "Sie erhalten eine Mail.",
        "Ihre Mailadresse",
        "Mit dem Entscheid löschen wir die Datei.",
        "Es braucht einen Profi",
        "Zum Beispiel «Laptop im Büro».",
        'Zum Beispiel "Laptop im Büro".',
        "Strasse und Hausnummer",
        "Das Foto ist zu gross.",
        "Fall abschliessen",
        "Außerhalb oder ausserhalb",
        "Am Fuss der E-Mails",
        "Vormittag, 8 bis 12",
    ],
)
def test_german_that_is_not_our_readers_is_stopped(msgstr: str) -> None:
    assert list(plain_faults("de", catalogue("Something", msgstr)))


@pytest.mark.parametrize(
    "msgstr",
    [
        "Innerhalb von 12 Stunden; die Kundin oder der Kunde weiß es.",
        "Provision %(rate)s, für Profis und in der Produktion",
        "Dieser Partner ist gesperrt. Bitte übersetzen.",
        "Sie erhalten eine E-Mail an Ihre E-Mail-Adresse; alle E-Mails stehen da.",
        "Mit der Entscheidung löschen wir die Datei.",
        "Zum Beispiel „Laptop im Büro“.",
        "Straße, groß, abschließen, außerhalb: Das muss man wissen, dass es passt.",
        "Vormittag, 8–12 Uhr",
        "Bitte geben Sie Stunden von 0 bis 23 ein.",
        '<a href="https://example.com">Adresse</a>',
    ],
)
def test_german_of_both_countries_passes(msgstr: str) -> None:
    assert not list(plain_faults("de", catalogue("Something", msgstr)))


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
    "text",
    [
        "Motif: %(reason)s",
        "Où ?",
        "« Wi-Fi »",
        "De 0 à 100 %",
        "L'offre",
        "Tes avis",
        "Missions de débordement",
        "L’opérateur",
        "Vague 2",
        "Heures de silence",
        "Proposer une nouvelle date",
        "Masquer les mots",
        "Les mots de la clientèle",
        "Quand personne de la propre communauté n’est libre",
        "Compétences propres",
        "Le premier qui accepte",
        "Un e-mail est en route",
        "Écris à ton community manager",
        "Cet essai a échoué",
        "Les horaires souhaités",
        "Personne trouvé",
        "Devenir Friend",
    ],
)
def test_french_that_nobody_writes_is_stopped(text: str) -> None:
    assert list(plain_faults("fr", catalogue("Some text", text)))


@pytest.mark.parametrize(
    "text",
    [
        "Motif\N{NO-BREAK SPACE}: %(reason)s",
        "Où\N{NO-BREAK SPACE}? «\N{NO-BREAK SPACE}Ici\N{NO-BREAK SPACE}»",
        "De 0 à 100\N{NO-BREAK SPACE}%, dès %(begin)02d:00, https://example.com",
        "Les mots de passe ne correspondent pas.",
        "Écris en quelques mots ce que tu as fait.",
        "Sa propre communauté",
        "Date de naissance",
        "Fuseau horaire",
        "Friends certifiés et friends de la communauté",
    ],
)
def test_good_french_passes(text: str) -> None:
    assert not list(plain_faults("fr", catalogue("Some text", text)))


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
    assert list(plain_faults("pl", catalogue("Something", msgstr)))


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
    assert not list(plain_faults("pl", catalogue("Something", msgstr)))


@pytest.mark.parametrize(
    "text",
    [
        "<strong>{{ event.name }}</strong>: {{ event.step }}",
        '{% translate "Kept" %}: {{ decision }}',
        "{{ label }} ?",
        '{% translate "Remove" %}<span class="visually-hidden">: {{ name }}</span>',
        "{{ label }}{% if text %}: {{ text }}{% endif %}",
    ],
)
def test_punctuation_behind_a_text_of_a_template_is_stopped(text: str) -> None:
    assert list(template_faults(Path("page.html"), text)) == [
        f"page.html:1: {'?' if '?' in text else ':'!r} outside of a message, rather '%(label)s:'"
    ]


@pytest.mark.parametrize(
    "text",
    [
        "{% blocktranslate %}{{ label }}: {{ value }}{% endblocktranslate %}",
        '<a href="{% url "list" %}{% if query %}?{{ query }}{% endif %}" style="--x: 1">{{ name }}</a>',
        "{{ name }}, {{ town }} · {{ day }}.",
    ],
)
def test_punctuation_in_a_message_passes(text: str) -> None:
    assert not list(template_faults(Path("page.html"), text))


def test_no_date_is_glued_behind_a_preposition() -> None:
    assert list(english_faults(catalogue("Member since %(day)s")))
    assert not list(english_faults(catalogue("Answers after %(days)s days")))


def test_german_of_one_country_is_stopped_in_data_too(tmp_path: Path) -> None:
    data = tmp_path / "packages.toml"
    data.write_text(
        '[wifi]\nname = { de = "Innert 12 Stunden", en = "Innert" }\n'
        'models = { de = ["MacBook Pro"], en = ["MacBook Pro"] }\n'
    )
    assert list(data_faults(data)) == ["packages.toml: 'Innert', rather 'innerhalb von': 'Innert 12 Stunden'"]
