"""The prices in the form of a package: one for each country that the partner serves, typed as people write them."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.formats import number_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.admin.panels import Panel, TabbedInterface

from billing.promise import LEAST_EARNINGS, earnings, least_price
from catalog.models import Package, Price
from kernel.clock import now
from kernel.money import format_money
from kernel.typed.amounts import read_amount
from places.countries import COUNTRIES
from skills.selectors import groups_by_skill
from tenants.context import current_tenant
from tenants.models import Tenant
from tenants.settings.commissions import About, commissions_of, day_of, rates_among

MINOR = 100
# In major units: what no package of any country costs.
MOST = 100_000


class AmountField(forms.CharField):
    """A price in a country's currency; its value is in minor units, or None where there is no price."""

    def __init__(self, country: str, **kwargs: Any) -> None:
        self.country, self.currency = country, COUNTRIES[country].currency
        label = f"{COUNTRIES[country].name} ({self.currency})"
        widget = forms.TextInput({"inputmode": "decimal", "autocomplete": "off", "class": "amount"})
        super().__init__(label=label, required=False, max_length=20, widget=widget, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Write minor units as the reader does; what was typed stays as it is."""
        return number_format(value / MINOR, 2, force_grouping=False) if isinstance(value, int) else value

    def clean(self, value: Any) -> int | None:
        """Return minor units."""
        typed = super().clean(value)
        if not typed:
            return None
        try:
            minor = read_amount(typed, self.currency).minor
        except ValueError as error:
            example = format_money(4500, self.currency, language=get_language() or "en", country=self.country)
            raise forms.ValidationError(
                _("Please enter a price such as %(example)s.") % {"example": example}
            ) from error
        if not 0 < minor <= MOST * MINOR:
            most = number_format(MOST, 0, force_grouping=True)
            raise forms.ValidationError(_("Please enter a price above 0 and up to %(most)s.") % {"most": most})
        return minor

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Say whether another price was typed."""
        return super().has_changed(self.prepare_value(initial), data)


class PackageTabs(TabbedInterface):
    """The tabs of a package's form."""

    class BoundPanel(TabbedInterface.BoundPanel):
        """The tabs in one request."""

        def render_missing_fields(self) -> SafeString:
            """Return the fields that no panel shows.

            Wagtail asks the panels before it knows the partner, and so would show the prices a second time; the old
            amounts there would be saved in place of what was typed.
            """
            shown = self.panel.get_form_options()["fields"]
            missing = [one for one in self.form if one.name not in shown and not isinstance(one.field, AmountField)]
            return format_html_join("", "{}", ((one,) for one in missing))


class PricesPanel(Panel):
    """The prices of the countries that the partner serves."""

    class BoundPanel(Panel.BoundPanel):
        """The prices in one request."""

        template_name = "console/packages/package_prices.html"

        def prices(self) -> list[forms.BoundField]:
            """Return the fields of the form."""
            return [self.form[name] for name, field in self.form.fields.items() if isinstance(field, AmountField)]


def price_fields(package: Package) -> dict[str, tuple[AmountField, int | None]]:
    """Return a field for each country that the partner serves, with the package's price there."""
    tenant = current_tenant()
    kept = {price.country: price.amount_minor for price in package.prices.all()}
    countries = tenant.countries if tenant else list(COUNTRIES)
    return {f"price_{code}": (AmountField(code), kept.get(code)) for code in countries}


def set_prices(package: Package, amounts: Mapping[str, int | None]) -> None:
    """Set a package's prices by country, each in that country's currency; other countries' prices stay."""
    prices = {price.country: price for price in package.prices.all()}
    for country, amount in amounts.items():
        price = prices.pop(country, None) or Price(country=country)
        if amount is not None:
            price.currency, price.amount_minor = COUNTRIES[country].currency, amount
            prices[country] = price
    package.prices.set(prices.values())


def low_prices(prices: Iterable[tuple[str, int]], *, tenant: Tenant, package: Package) -> list[str]:
    """Say of each (country, minor units) that leaves a friend less than promised what it leaves and what would do."""
    rows, today, said = commissions_of(tenant), day_of(tenant, now()), []
    categories = package.categories(groups_by_skill())
    for country, minor in prices:
        about = About(package_slug=package.slug, level=package.level, country=country)
        commission_bp = rates_among(rows, tenant, about, today, categories=categories).own.basis_points
        currency = COUNTRIES[country].currency
        gets = earnings(minor, currency=currency, commission_bp=commission_bp)
        if gets >= LEAST_EARNINGS[currency]:
            continue
        least = least_price(currency, commission_bp)
        figures = {
            "country": COUNTRIES[country].name,
            "gets": _write(gets, country),
            "least": _write(LEAST_EARNINGS[currency], country),
        }
        text = _(
            "%(country)s: a friend gets %(gets)s of this price, less than the %(least)s that friends are promised."
        )
        said.append(text % figures)
        if least is not None:
            said[-1] += " " + _("A price of %(price)s or more leaves them that.") % {"price": _write(least, country)}
    return said


def _write(minor: int, country: str) -> str:
    currency = COUNTRIES[country].currency
    return format_money(minor, currency, language=get_language() or "en", country=country)
