"""What a company says of itself when it books, where the invoice goes, and how VAT stands on it."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from billing.figures import vat_mode_of
from orders.bill_to import BillTo, bill_to_errors, read_bill_to
from orders.companies import LEITWEG_COUNTRY, Company, company_errors, read_company
from orders.models import BookingDraft
from places.countries import COUNTRIES
from storefront.fields import ChoiceField, TextField
from tenants.models import Tenant
from tenants.settings.sellers import SellerKind, friends_sell, seller_for

FIELDS = ("company", "vat_id", "leitweg_id")
BILL_FIELDS = ("bill_name", "bill_street", "bill_postal_code", "bill_town", "bill_country")
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

    bill_name = TextField(
        label=_("Name on the invoice"),
        help_text=_("If it's not yours, for example a department."),
        required=False,
        widget=forms.TextInput({"autocomplete": "billing name"}),
    )
    bill_street = TextField(
        label=_("Street and number"), required=False, widget=forms.TextInput({"autocomplete": "billing street-address"})
    )
    bill_postal_code = TextField(
        label=_("Postal code"), required=False, widget=forms.TextInput({"autocomplete": "billing postal-code"})
    )
    bill_town = TextField(
        label=_("Town"), required=False, widget=forms.TextInput({"autocomplete": "billing address-level2"})
    )
    bill_country = ChoiceField(label=_("Country"), required=False)

    def suit(self, country: str) -> None:
        """Ask for what companies have in a country."""
        self.fields["vat_id"].label = NUMBERS.get(country, self.fields["vat_id"].label)
        of_bill = self.fields["bill_country"]
        assert isinstance(of_bill, forms.ChoiceField)
        of_bill.choices, of_bill.initial = [(code, one.name) for code, one in COUNTRIES.items()], country
        if country != LEITWEG_COUNTRY:
            del self.fields["leitweg_id"]

    @property
    def of_person(self) -> list[BoundField]:
        """The fields that everybody fills in."""
        return [self[name] for name in self.fields if name not in {*FIELDS, *BILL_FIELDS}]

    @property
    def of_company(self) -> list[BoundField]:
        """The fields of companies alone."""
        return [self[name] for name in self.fields if name in FIELDS]

    @property
    def of_bill(self) -> list[BoundField]:
        """The fields of an invoice that goes elsewhere."""
        return [self[name] for name in BILL_FIELDS]

    @property
    def is_billed_elsewhere(self) -> bool:
        """Whether any of them but the country, which always is, is filled in."""
        return any(self[name].value() for name in BILL_FIELDS if name != "bill_country")

    @property
    def is_for_company(self) -> bool:
        """Whether any of them is filled in."""
        return any(field.value() for field in self.of_company)


def company_of(draft: BookingDraft) -> Company:
    """Return the company of a draft; none where what was typed is wrong, which the order then says."""
    contact, country = draft.data["contact"], draft.data["place"]["country"]
    return Company() if company_errors(contact, country) else read_company(contact, country)


def bill_to_of(draft: BookingDraft) -> BillTo:
    """Return where the invoice of a draft goes; nowhere else than the work where what was typed is wrong."""
    contact = draft.data["contact"]
    return BillTo() if bill_to_errors(contact) else read_bill_to(contact, draft.data["place"]["country"])


def vat_mode_of_draft(draft: BookingDraft, tenant: Tenant) -> str:
    """Return how VAT would stand on the bill if the customer ordered now: ``friend`` where it is up to who comes."""
    if friends_sell(tenant, draft.data["place"]["country"]):
        return SellerKind.FRIEND.value
    return vat_mode_of(seller_for(tenant, draft.data["place"]["country"]), company_of(draft).vat_id).value
