"""Packages as pages show them: texts in all languages and prices, as values that nobody can change."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from django.utils.translation import get_language

from catalog.languages import texts_of
from catalog.models import Package, lines
from kernel.wording.texts import language_of

SHOWN_TEXTS = ("name", "summary", "included", "not_included")


@dataclass(frozen=True)
class ShownPrice:
    """A gross price in minor units of the country's currency."""

    country: str
    currency: str
    amount_minor: int


@dataclass(frozen=True)
class ShownPackage:
    """A package with its prices; ``texts`` has what people read by column and language."""

    slug: str
    icon: str
    minutes: int
    level: str
    is_open: bool
    is_paid_by_partner: bool
    texts: Mapping[str, Mapping[str, str]]
    prices: tuple[ShownPrice, ...]

    @property
    def name(self) -> str:
        """The name in the language of the moment."""
        return self._written("name")

    @property
    def summary(self) -> str:
        """The short description in the language of the moment."""
        return self._written("summary")

    @property
    def included_items(self) -> list[str]:
        """What is included, in the language of the moment."""
        return lines(self._written("included"))

    @property
    def not_included_items(self) -> list[str]:
        """What is not included, in the language of the moment."""
        return lines(self._written("not_included"))

    def price_in(self, country: str) -> ShownPrice | None:
        """Return the price in a country, or None where the package is not sold there."""
        return next((price for price in self.prices if price.country == country), None)

    def _written(self, column: str) -> str:
        texts = self.texts[column]
        return texts.get(language_of(texts, get_language() or "en"), "")


def shown(package: Package) -> ShownPackage:
    """Return a package as pages show it. Run inside its tenant; its prices are already fetched."""
    return ShownPackage(
        slug=package.slug,
        icon=package.icon,
        minutes=package.minutes,
        level=package.level,
        is_open=package.is_open,
        is_paid_by_partner=package.is_paid_by_partner,
        texts=MappingProxyType({column: MappingProxyType(texts_of(package, column)) for column in SHOWN_TEXTS}),
        prices=tuple(ShownPrice(price.country, price.currency, price.amount_minor) for price in package.prices.all()),
    )
