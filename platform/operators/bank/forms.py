"""A bank's file, what is done about a payment, and which payments to list."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bank.states import ClaimState, InState
from ledger.kinds import CURRENCIES
from operators.listing import ListForm
from tenants.selectors import partners

MOST_BYTES = 20 * 1024 * 1024


class FileForm(forms.Form):
    """An account statement as the bank gives it."""

    file = forms.FileField(
        label=_("Account statement"),
        help_text=_(
            "A camt.053 or MT940 file of a bank account that your invoices name. Reading it twice books nothing twice, "
            "in the other format neither."
        ),
        widget=forms.FileInput({"accept": ".xml,.sta,.mt940,.txt,application/xml,text/xml,text/plain"}),
        error_messages=dict.fromkeys(("required", "invalid", "missing", "empty"), _("Please choose a file.")),
    )

    def clean_file(self) -> UploadedFile:
        """Return the file, unless it is larger than any day's statement."""
        file: UploadedFile = self.cleaned_data["file"]
        if file.size is None or file.size > MOST_BYTES:
            raise ValidationError(_("This file is too large."))
        return file


class AssignForm(forms.Form):
    """The invoice that a payment is for."""

    number = forms.CharField(
        label=_("Invoice number"), max_length=80, error_messages={"required": _("Please enter the invoice number.")}
    )


class SetAsideForm(forms.Form):
    """Why nothing is to be done about a payment."""

    why = forms.CharField(label=_("Reason"), max_length=500, error_messages={"required": _("Please say why.")})


class PaymentsForm(ListForm):
    """Which payments to list."""

    nones: ClassVar = {"state": _("All")}
    q = forms.CharField(label=_("Payer, reference or invoice number"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, state=InState.choices)

    def wanted(self) -> dict[str, str]:
        """Return the filter."""
        return {"words": self.said("q"), "state": self.said("state")}


class PartnerInvoicesForm(ListForm):
    """Which invoices to partners to list."""

    nones: ClassVar = {"state": _("All")}
    q = forms.CharField(label=_("Invoice number or name"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, data: Any) -> None:
        waiting = [("decision", _("Needs a decision")), ("overdue", _("Overdue"))]
        super().__init__(data, state=[*waiting, ("open", _("Open")), ("paid", _("Paid"))])

    def wanted(self) -> dict[str, Any]:
        """Return the filter."""
        return {"words": self.said("q"), "state": self.said("state")}


class StatementsForm(ListForm):
    """Which statements to list."""

    nones: ClassVar = {"currency": _("All currencies")}
    q = forms.CharField(label=_("IBAN or file"), required=False, max_length=80)
    currency = forms.ChoiceField(label=_("Currency"), required=False)

    def __init__(self, data: Any) -> None:
        super().__init__(data, currency=[(one, one) for one in CURRENCIES])

    def wanted(self) -> dict[str, str]:
        """Return the filter."""
        return {"words": self.said("q"), "currency": self.said("currency")}


class WriteOffForm(forms.Form):
    """Why an invoice will not be paid."""

    why = forms.CharField(label=_("Reason"), max_length=500, error_messages={"required": _("Please say why.")})


class ClaimsForm(ListForm):
    """Which invoices to list."""

    nones: ClassVar = {"state": _("All"), "partner": _("All")}
    q = forms.CharField(label=_("Invoice number or name"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False)
    partner = forms.ChoiceField(label=_("Partner"), required=False)

    def __init__(self, data: Any) -> None:
        self.names = {tenant.pk: tenant.name for tenant in partners()}
        waiting = [("decision", _("Needs a decision")), ("overdue", _("Overdue"))]
        super().__init__(
            data,
            state=[*waiting, *ClaimState.choices],
            partner=[(str(number), name) for number, name in self.names.items()],
        )

    def wanted(self) -> dict[str, Any]:
        """Return the filter."""
        return {"words": self.said("q"), "state": self.said("state"), "tenant_id": self.number("partner")}
