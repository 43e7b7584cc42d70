"""The operators' forms: search, and a new partner."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from kernel.web.answers import as_fields
from places.countries import COUNTRIES
from staffroom.settings.fields import PercentField
from staffroom.settings.forms import ColourField
from staffroom.settings.words import LABELS
from tenants.models import Feature, Operation, TenantState
from tenants.settings.rules import CURRENCIES, LONGEST_SLUG, host_fault, slug_fault

SETTINGS_OF_A_NEW_ONE = (
    "name",
    "legal_name",
    "languages",
    "default_language",
    "countries",
    "currency",
    "commission_bp",
    "brand_colour",
    "accent_colour",
)
# What a partner begins with: all of it, or what orders from its own systems need, which the shared crowd serves (R2).
SITE, API_ALONE = "site", "api"
BEGINS_WITH: dict[str, dict[str, Any]] = {
    SITE: {},
    API_ALONE: {"features": [Feature.REVIEWS.value, Feature.API.value], "own_waves": 0},
}
MANAGER = ("email", "first_name", "last_name", "language")


class SearchForm(forms.Form):
    """Words and state."""

    q = forms.CharField(label=_("Name, short name or host"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("State"), choices=[("", _("All")), *TenantState.choices], required=False)


class NewPartnerForm(forms.Form):
    """A new partner: its name and host, its first manager, where it works, how it looks."""

    slug = forms.CharField(
        label=LABELS["slug"],
        help_text=_("Lowercase letters, digits and hyphens. It becomes part of the site's address."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
        error_messages={"required": _("Please enter a short name.")},
    )
    name = forms.CharField(
        label=LABELS["name"], max_length=80, error_messages={"required": _("Please enter the name of the brand.")}
    )
    legal_name = forms.CharField(label=LABELS["legal_name"], max_length=120, required=False)
    domain = forms.CharField(
        label=_("Own host name"),
        required=False,
        help_text=_("For example help.example.com. It goes live once the partner has proved ownership."),
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}),
    )
    kind = forms.ChoiceField(
        label=_("How customers book"),
        choices=[
            (SITE, _("On a brand site with its own community, and through the partner's systems (API)")),
            (API_ALONE, _("Only through the partner's own systems (API); the shared crowd does the jobs")),
        ],
        initial=SITE,
        required=False,
        help_text=_("It can be changed later, under the partner's features."),
        widget=forms.RadioSelect,
    )
    manager_first_name = forms.CharField(
        label=_("First name"), max_length=150, error_messages={"required": _("Please enter the first name.")}
    )
    manager_last_name = forms.CharField(
        label=_("Last name"), max_length=150, error_messages={"required": _("Please enter the last name.")}
    )
    manager_email = forms.EmailField(
        label=_("Email"),
        help_text=_("The invitation goes there."),
        error_messages={"required": _("Please enter the email address.")},
    )
    manager_language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    countries = forms.MultipleChoiceField(
        label=LABELS["countries"],
        choices=[(code, country.name) for code, country in COUNTRIES.items()],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one country.")},
    )
    languages = forms.MultipleChoiceField(
        label=LABELS["languages"],
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one language.")},
    )
    default_language = forms.ChoiceField(label=LABELS["default_language"], choices=settings.LANGUAGES)
    currency = forms.ChoiceField(label=LABELS["currency"], choices=[(code, code) for code in CURRENCIES])
    commission_bp = PercentField(
        label=LABELS["commission_bp"],
        initial=1_500,
        help_text=_("The base rate. Later it can only be changed with an announcement."),
        error_messages={"required": _("Please enter a commission from 0 to 100 percent.")},
    )
    brand_colour = ColourField(
        label=LABELS["brand_colour"],
        help_text=_("For example #0a5c5c. Texts on it and links in it are made readable for everybody."),
        initial="#0a5c5c",
        error_messages={"required": _("Please enter a colour like #0a5c5c.")},
    )
    accent_colour = ColourField(
        label=LABELS["accent_colour"], required=False, help_text=_("If empty, the brand colour is used.")
    )

    GROUPS = (
        (_("Name and address"), ("slug", "name", "legal_name", "domain", "kind")),
        (_("First manager"), ("manager_first_name", "manager_last_name", "manager_email", "manager_language")),
        (_("Languages and countries"), ("countries", "languages", "default_language", "currency", "commission_bp")),
        (_("Colours"), ("brand_colour", "accent_colour")),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        self.fields["slug"].widget.attrs["maxlength"] = LONGEST_SLUG

    def groups(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """Return the fields in groups."""
        return [(title, [self[name] for name in names]) for title, names in self.GROUPS]

    def clean_slug(self) -> str:
        """Return the short name in small letters, where it may be one."""
        slug = str(self.cleaned_data["slug"]).lower()
        if fault := slug_fault(slug):
            raise forms.ValidationError(str(fault))
        return slug

    def clean_domain(self) -> str:
        """Return the host in small letters, where it may be one."""
        host = str(self.cleaned_data["domain"]).lower()
        if host and (fault := host_fault(host)):
            raise forms.ValidationError(str(fault))
        return host

    def request(self) -> dict[str, Any]:
        """Return what ``request_operation`` takes for a creation."""
        values = self.cleaned_data
        return {
            "fields": {name: values[name] for name in SETTINGS_OF_A_NEW_ONE} | BEGINS_WITH[values["kind"] or SITE],
            "domain": values["domain"],
            "manager": {name: values[f"manager_{name}"] for name in MANAGER},
        }

    def colours(self) -> tuple[str, str]:
        """Return the colours as typed, or as they are proposed."""
        return self["brand_colour"].value() or "", self["accent_colour"].value() or ""

    def show_faults(self, faults: Mapping[str, str]) -> None:
        """Put a rule's messages beside the fields."""
        as_fields(self, {name if name in self.fields else "__all__": words for name, words in faults.items()})


def typed_before(operation: Operation) -> dict[str, Any]:
    """Return what was asked for, to begin a form with when it is tried again."""
    asked = operation.request
    manager = {f"manager_{name}": value for name, value in asked.get("manager", {}).items()}
    fields = asked.get("fields", {})
    known = {
        "slug": operation.slug,
        "domain": asked.get("domain", ""),
        "kind": API_ALONE if "features" in fields else SITE,
    }
    return fields | manager | known
