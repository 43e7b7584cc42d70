"""The operators' forms about overflow: a contract, and the filter of what crossed. What is right, dispatch says."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crowd.models import SHARED_CROWD
from dispatch.models import OverflowContract
from dispatch.overflow.contracts import WHOLE_DAY, Agreement
from kernel.web.answers import as_fields
from places.countries import COUNTRIES
from staffroom.settings.fields import PercentField
from tenants.models import Tenant

FOR_ALL = ""
DAY = {"type": "date"}
NO_NUMBER = {"required": _("Please enter a number."), "invalid": _("Please enter a number.")}


class ContractForm(forms.Form):
    """What two agree on; both are fixed once the contract is made."""

    giver = forms.ChoiceField(label=_("Jobs from"), required=False)
    community = forms.TypedChoiceField(label=_("may go to"), coerce=int)
    packages = forms.CharField(
        label=_("Only these packages"),
        required=False,
        help_text=_("Short names of packages, separated by commas. If empty, all."),
    )
    countries = forms.MultipleChoiceField(
        label=_("Only in these countries"),
        choices=[(code, country.name) for code, country in COUNTRIES.items()],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen means all."),
    )
    postal_prefixes = forms.CharField(
        label=_("Only in these regions"),
        required=False,
        help_text=_("Beginnings of postal codes with their country, separated by commas: DE 10, CH 80."),
    )
    commission_bp = PercentField(
        label=_("Commission for these jobs in percent"),
        required=False,
        error_messages=NO_NUMBER,
        help_text=_("If empty, as in the partner's table of commissions. The customer's price never changes."),
    )
    partner_share_bp = PercentField(
        label=_("Share of the commission that the partner keeps, in percent"),
        initial=5_000,
        error_messages=NO_NUMBER | {"required": _("Please enter a share from 0 to 100%.")},
    )
    shows_brand = forms.BooleanField(
        label=_("Friends see the partner's brand before they accept"), required=False, initial=True
    )
    hours_from = forms.IntegerField(label=_("From"), initial=0, help_text=_("Local time."), error_messages=NO_NUMBER)
    hours_until = forms.IntegerField(label=_("Until"), initial=WHOLE_DAY, error_messages=NO_NUMBER)
    valid_from = forms.DateField(
        label=_("Valid from"),
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
        error_messages={"required": _("Please enter a day."), "invalid": _("Please enter a day.")},
    )
    valid_until = forms.DateField(
        label=_("Valid until"),
        required=False,
        widget=forms.DateInput(DAY, format="%Y-%m-%d"),
        help_text=_("If empty, until somebody ends it."),
        error_messages={"invalid": _("Please enter a day.")},
    )

    GROUPS = (
        (_("Between whom"), ("giver", "community")),
        (_("Which jobs"), ("packages", "countries", "postal_prefixes")),
        (_("Money and brand"), ("commission_bp", "partner_share_bp", "shows_brand")),
        (_("When"), ("hours_from", "hours_until", "valid_from", "valid_until")),
    )

    def __init__(
        self, data: Any = None, *, partners: Sequence[Tenant], contract: OverflowContract | None = None, **kwargs: Any
    ) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        names = [(str(partner.pk), partner.name) for partner in partners]
        cast(forms.ChoiceField, self.fields["giver"]).choices = [(FOR_ALL, _("All partners")), *names]
        cast(forms.ChoiceField, self.fields["community"]).choices = [(str(SHARED_CROWD), _("Shared crowd")), *names]
        if contract is not None:
            self._show(contract)

    def _show(self, contract: OverflowContract) -> None:
        """Begin with what a contract says; between whom it is does not change."""
        lists = ("packages", "postal_prefixes")
        self.initial = {
            name: ", ".join(getattr(contract, name)) if name in lists else getattr(contract, name)
            for name in self.fields
            if name != "giver"
        }
        self.initial["giver"] = "" if contract.tenant_id is None else str(contract.tenant_id)
        for name in ("giver", "community"):
            self.fields[name].disabled = True

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields in groups."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def agreement(self) -> Agreement:
        """Return what was typed, once it is valid."""
        said = dict(self.cleaned_data)
        giver = said.pop("giver")
        return Agreement(
            tenant_id=int(giver) if giver else None,
            **{
                **said,
                "packages": _listed(said["packages"]),
                "countries": tuple(said["countries"]),
                "postal_prefixes": _listed(said["postal_prefixes"]),
            },
        )

    def show_faults(self, faults: Mapping[str, Any]) -> None:
        """Put what dispatch has refused beside the fields."""
        as_fields(self, {("giver" if name == "tenant_id" else name): str(said) for name, said in faults.items()})


class CrossingsForm(forms.Form):
    """Which crossings to list: of a partner, of a contract, of some days."""

    partner = forms.ChoiceField(label=_("Partner"), required=False)
    contract = forms.UUIDField(required=False, widget=forms.HiddenInput)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))
    until = forms.DateField(label=_("Until"), required=False, widget=forms.DateInput(DAY, format="%Y-%m-%d"))

    def __init__(self, data: Any, *, partners: Sequence[Tenant]) -> None:
        super().__init__(data, label_suffix="")
        names = [(str(partner.pk), partner.name) for partner in partners]
        cast(forms.ChoiceField, self.fields["partner"]).choices = [("", _("All partners")), *names]

    def wanted(self) -> dict[str, Any]:
        """Return the filter; a part of it that makes no sense is left out."""
        self.is_valid()
        said = self.cleaned_data
        return {
            "partner_id": int(said["partner"]) if said.get("partner") else None,
            "contract_id": said.get("contract"),
            "since": said.get("since"),
            "until": said.get("until"),
        }


def _listed(words: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",") if word.strip())
