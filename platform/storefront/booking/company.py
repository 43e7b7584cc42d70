"""What a company says of itself when it books, and how VAT stands on what it will get."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from billing.figures import vat_mode_of
from orders.companies import LEITWEG_COUNTRY, Company, company_errors, read_company
from orders.models import BookingDraft
from storefront.fields import TextField
from tenants.models import Tenant
from tenants.settings.sellers import SellerKind, friends_sell, seller_for

FIELDS = ("company", "vat_id", "leitweg_id")
NUMBERS: dict[str, Any] = {"CH": _("UID or VAT number"), "DE": _("VAT ID"), "AT": _("UID number"), "PL": "NIP"}


class CompanyFields(forms.Form):
    """Name, VAT number and, in Germany, the Leitweg-ID of whoever books for a company; a person leaves them empty."""

    company = TextField(
        label=_("Company or authority"), required=False, widget=forms.TextInput({"autocomplete": "organization"})
    )
    vat_id = TextField(
        label=_("VAT ID"),
        help_text=_("If you have one. It will be on the invoice."),
        required=False,
        widget=forms.TextInput({"spellcheck": "false", "autocapitalize": "characters"}),
    )
    leitweg_id = TextField(
        label="Leitweg-ID",
        help_text=_("For German public bodies that need an XRechnung."),
        required=False,
        widget=forms.TextInput({"spellcheck": "false"}),
    )

    def suit(self, country: str) -> None:
        """Ask for what companies have in a country."""
        self.fields["vat_id"].label = NUMBERS.get(country, self.fields["vat_id"].label)
        if country != LEITWEG_COUNTRY:
            del self.fields["leitweg_id"]

    @property
    def of_person(self) -> list[BoundField]:
        """The fields that everybody fills in."""
        return [self[name] for name in self.fields if name not in FIELDS]

    @property
    def of_company(self) -> list[BoundField]:
        """The fields of companies alone."""
        return [self[name] for name in self.fields if name in FIELDS]

    @property
    def is_for_company(self) -> bool:
        """Whether any of them is filled in."""
        return any(field.value() for field in self.of_company)


def company_of(draft: BookingDraft) -> Company:
    """Return the company of a draft; none where what was typed is wrong, which the order then says."""
    contact, country = draft.data["contact"], draft.data["place"]["country"]
    return Company() if company_errors(contact, country) else read_company(contact, country)


def vat_mode_of_draft(draft: BookingDraft, tenant: Tenant) -> str:
    """Return how VAT would stand on the bill if the customer ordered now: ``friend`` where it is up to who comes."""
    if friends_sell(tenant, draft.data["place"]["country"]):
        return SellerKind.FRIEND.value
    return vat_mode_of(seller_for(tenant, draft.data["place"]["country"]), company_of(draft).vat_id).value
