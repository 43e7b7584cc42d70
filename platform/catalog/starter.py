"""The packages that a new partner's catalogue begins with: closed, for the partner to look at, change and open."""

import tomllib
from collections.abc import Sequence
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from django.conf import settings

from catalog.models import Package, Price, Question
from kernel.wording.german import SWITZERLAND, as_written_here, swiss_german
from places.countries import COUNTRIES
from tenants.models import Tenant

# Names of packages.toml, in the order of the catalogue.
STARTER = ("wifi-setup", "wifi-mesh", "tv-setup", "printer-setup", "pc-repair", "phone-help")
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def plant_packages() -> None:
    """Plant the starter's packages with prices of all countries, in all languages, unless there are packages."""
    if not Package.objects.exists():
        for place, slug in enumerate(STARTER):
            plant_package(slug=slug, sort_order=place, countries=list(COUNTRIES), languages=LANGUAGES, is_open=False)


def keep_own_countries(tenant: Tenant) -> None:
    """Drop the starter's prices of countries in which the partner does not work; write German as the first one does."""
    Price.objects.exclude(country__in=tenant.countries).delete()
    if tenant.countries[:1] == [SWITZERLAND]:
        _write_german_columns(Package, ("name_de", "summary_de", "included_de", "not_included_de"))
        _write_german_columns(Question, ("label_de", "help_de", "options_de"))


def _write_german_columns(model: type[Package] | type[Question], columns: Sequence[str]) -> None:
    rows = list(model._default_manager.all())
    for row, column in product(rows, columns):
        setattr(row, column, swiss_german(getattr(row, column) or ""))
    model._default_manager.bulk_update(rows, columns)


def clear_catalogue() -> None:
    """Drop all packages, for a partner that begins with a catalogue of its own."""
    Package.objects.all().delete()


def plant_package(
    *, slug: str, sort_order: int, countries: Sequence[str], languages: Sequence[str], is_open: bool
) -> None:
    """Write a package of packages.toml with its prices and questions, in the given countries and languages."""
    data, questions = _load("packages")[slug], _load("questions")
    package = Package.objects.create(
        slug=slug,
        icon=data["icon"],
        minutes=data["minutes"],
        skills=data["skills"],
        sort_order=sort_order,
        is_open=is_open,
        **_columns(data, languages, "name", "summary", "included", "not_included"),
    )
    Price.objects.bulk_create(
        [
            Price(package=package, country=code, currency=COUNTRIES[code].currency, amount_minor=data["prices"][code])
            for code in countries
        ]
    )
    Question.objects.bulk_create(
        [
            _question(package, key, questions[key] | _limit(data, key), place, languages)
            for place, key in enumerate(data["questions"])
        ]
    )


def _limit(package: dict[str, Any], key: str) -> dict[str, int]:
    """Return the largest number that a package covers, where it covers fewer than the question allows."""
    most = package.get("most", {}).get(key)
    return {} if most is None else {"max": most}


def _question(package: Package, key: str, data: dict[str, Any], place: int, languages: Sequence[str]) -> Question:
    options = {code: "\n".join(texts) for code, texts in data.get("options", {}).items()}
    return Question(
        package=package,
        key=key,
        kind=data["kind"],
        is_required=data["required"],
        min_value=data.get("min"),
        max_value=data.get("max"),
        max_length=data.get("max_length", 500),
        sort_order=place,
        **_columns(data | {"options": options, "help": data.get("help", {})}, languages, "label", "help", "options"),
    )


def _columns(data: dict[str, Any], languages: Sequence[str], *fields: str) -> dict[str, str]:
    """Return the translated columns in the given languages, German as the partner's country writes it."""
    columns = {f"{field}_{code}": data[field].get(code, "") for field in fields for code in languages}
    return {column: as_written_here(text) if column.endswith("_de") else text for column, text in columns.items()}


@cache
def _load(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / f"{name}.toml").read_text(encoding="utf-8"))
