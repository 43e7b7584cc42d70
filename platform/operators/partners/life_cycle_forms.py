"""The forms of a partner's hosts and life cycle."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.web.answers import as_fields
from staffroom.settings.words import LABELS
from tenants.models import Tenant

NAME = {"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}


class HostForm(forms.Form):
    """A domain of the partner's own."""

    domain = forms.CharField(
        label=gettext_lazy("Own host name"),
        max_length=253,
        help_text=gettext_lazy("For example help.example.com. It goes live once a DNS record verifies it."),
        widget=forms.TextInput(NAME),
        error_messages={"required": gettext_lazy("Please enter a host name.")},
    )


class RenameForm(forms.Form):
    """Name and short name; what the services say stands beside them."""

    name = forms.CharField(
        label=LABELS["name"],
        max_length=80,
        error_messages={"required": gettext_lazy("Please enter the name of the brand.")},
    )
    slug = forms.CharField(
        label=LABELS["slug"],
        help_text=gettext_lazy("The site's address changes with it. The old one redirects to the new one."),
        widget=forms.TextInput(NAME),
        error_messages={"required": gettext_lazy("Please enter a short name.")},
    )

    def __init__(self, data: Any = None, *, tenant: Tenant) -> None:
        super().__init__(data, initial={"name": tenant.name, "slug": tenant.slug}, prefix="rename")

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put what the service has refused beside the fields."""
        as_fields(self, faults)


class SuspendForm(forms.Form):
    """Why a partner's site is closed, so that nobody does it by a slip."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("It stands in the history of the partner's settings, which its managers read."),
        max_length=300,
        error_messages={"required": gettext_lazy("Please say why.")},
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, prefix="suspend")


class DeleteForm(forms.Form):
    """The short name once more, so that nobody deletes the wrong partner by a slip."""

    confirm = forms.CharField(
        label=gettext_lazy("Short name of the partner, to confirm"),
        widget=forms.TextInput(NAME),
        error_messages={"required": gettext_lazy("Please type the partner's short name.")},
    )
    even_with_open_jobs = forms.BooleanField(
        label=gettext_lazy("Even if jobs are still open (they are deleted too)"), required=False
    )

    def __init__(self, data: Any = None, *, tenant: Tenant) -> None:
        super().__init__(data, prefix="delete")
        self.tenant = tenant

    def clean_confirm(self) -> str:
        """Compare with the partner's short name."""
        typed = self.cleaned_data["confirm"].strip()
        if typed != self.tenant.slug:
            raise forms.ValidationError(
                _("This is not the short name of this partner: %(slug)s.") % {"slug": self.tenant.slug}
            )
        return typed
