"""A bank's file, what is done about a payment, and which payments to list."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from bank.states import ClaimState, InState
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


class PaymentsForm(forms.Form):
    """Which payments to list."""

    q = forms.CharField(label=_("Payer, reference or invoice number"), required=False, max_length=80)
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *InState.choices])

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")

    def wanted(self) -> dict[str, str]:
        """Return the filter; a part of it that makes no sense is left out."""
        self.is_valid()
        said = self.cleaned_data
        return {"words": said.get("q") or "", "state": said.get("state") or ""}


class WriteOffForm(forms.Form):
    """Why an invoice will not be paid."""

    why = forms.CharField(label=_("Reason"), max_length=500, error_messages={"required": _("Please say why.")})


class ClaimsForm(forms.Form):
    """Which invoices to list."""

    q = forms.CharField(label=_("Invoice number or name"), required=False, max_length=80)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("decision", _("Needs a decision")), ("overdue", _("Overdue")), *ClaimState.choices],
    )
    partner = forms.TypedChoiceField(label=_("Partner"), required=False, coerce=int, empty_value=None)

    def __init__(self, data: Any) -> None:
        super().__init__(data, label_suffix="")
        self.names = {tenant.pk: tenant.name for tenant in partners()}
        partner = self.fields["partner"]
        assert isinstance(partner, forms.ChoiceField)
        partner.choices = [("", _("All")), *self.names.items()]

    def wanted(self) -> dict[str, Any]:
        """Return the filter; a part of it that makes no sense is left out."""
        self.is_valid()
        said = self.cleaned_data
        return {"words": said.get("q") or "", "state": said.get("state") or "", "tenant_id": said.get("partner")}
