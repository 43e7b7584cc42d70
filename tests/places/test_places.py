"""Real places (R4): codes as people type them, the import, and VAT by day."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command

from places.countries import COUNTRIES, UnknownCountry, vat_bp
from places.errors import UnknownPostalCode
from places.models import PostalCode
from places.selectors import find_place


@pytest.mark.parametrize(
    ("country", "typed", "town"),
    [
        ("CH", "8001", "Zürich"),
        ("CH", " CH-8001 ", "Zürich"),
        ("DE", "10115", "Berlin"),
        ("AT", "1010", "Wien"),
        ("PL", "02-001", "Warszawa"),
        ("PL", "02001", "Warszawa"),
    ],
)
def test_codes_are_found_as_people_type_them(db: None, country: str, typed: str, town: str) -> None:
    assert find_place(country, typed).name.startswith(town)


@pytest.mark.parametrize(
    ("country", "typed"), [("CH", "0001"), ("DE", "1011"), ("PL", "2-001"), ("AT", "x"), ("DE", "")]
)
def test_codes_that_cannot_be_are_refused(db: None, country: str, typed: str) -> None:
    with pytest.raises(UnknownPostalCode):
        find_place(country, typed)


def test_every_example_is_a_real_place(db: None) -> None:
    for country in COUNTRIES.values():
        assert find_place(country.code, country.postal_example)


def test_a_foreign_country_is_refused(db: None) -> None:
    with pytest.raises(UnknownCountry):
        find_place("FR", "75001")


def test_every_code_that_mail_is_delivered_to_is_there(db: None) -> None:
    counts = Counter(PostalCode.objects.values_list("country", flat=True))

    assert counts == {"AT": 2_217, "CH": 3_310, "DE": 8_229, "PL": 20_299}


@pytest.mark.parametrize(
    "code",
    [
        ("DE", "97615"),  # a tax office, a court and a clinic of Bad Neustadt
        ("DE", "70141"),  # a tax office
        ("DE", "01062"),  # a university
        ("DE", "45125"),  # a bank
        ("DE", "10875"),  # an insurer of Berlin's code in Stuttgart
        ("CH", "3050"),  # a telecom company
        ("CH", "8740"),  # a mail-order company
    ],
)
def test_postboxes_and_institutions_are_no_places(db: None, code: tuple[str, str]) -> None:
    with pytest.raises(UnknownPostalCode):
        find_place(*code)


@pytest.mark.parametrize(
    ("country", "code", "town"),
    [
        ("DE", "97616", "Salz"),
        ("DE", "23568", "Lübeck"),  # a place although no row of it is sure
        ("AT", "1090", "Wien, Alsergrund"),
        ("CH", "5610", "Wohlen AG"),  # AG is the canton here, no company
    ],
)
def test_places_with_names_like_institutions_stay(db: None, country: str, code: str, town: str) -> None:
    assert find_place(country, code).name == town


def test_the_import_takes_away_what_the_file_no_longer_has(db: None) -> None:
    PostalCode.objects.create(country="DE", code="97615", name="Finanzamt", latitude=50.3, longitude=10.2, population=1)

    call_command("import_postal_codes", "--force", stdout=StringIO())

    assert not PostalCode.objects.filter(code="97615").exists()


def test_the_import_can_be_run_again(db: None) -> None:
    before = PostalCode.objects.count()
    assert before > 30_000

    call_command("import_postal_codes", stdout=StringIO())

    assert PostalCode.objects.count() == before


def test_vat_is_that_of_the_day() -> None:
    assert vat_bp("CH", date(2023, 12, 31)) == 770
    assert vat_bp("CH", date(2024, 1, 1)) == 810
    assert vat_bp("DE", date(2020, 12, 31)) == 1600
    with pytest.raises(UnknownCountry):
        vat_bp("CH", date(1990, 1, 1))
