"""Who gets a newsletter, when it goes out, and to whom a trial goes."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from console.newsletters.words import language_choices
from newsletters.audience import Audience
from newsletters.states import Activity
from skills.selectors import usable_skills
from tenants.models import Feature, Tenant
from tenants.selectors import has_feature

MOMENT = "%Y-%m-%dT%H:%M"
FOR_FRIENDS = ("places", "skills", "certificates", "activity")


class AudienceForm(forms.Form):
    """The choice of recipients. What is about friends is there only where the partner has a community."""

    customers = forms.BooleanField(label=_("Customers who signed up"), required=False)
    friends = forms.BooleanField(label=_("Friends of your community"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Only readers of these languages"), required=False, widget=forms.CheckboxSelectMultiple
    )
    places = forms.CharField(
        label=_("Friends: only at these postal codes"),
        required=False,
        max_length=200,
        help_text=_("Beginnings of postal codes, separated by commas: 10, 8001."),
    )
    skills = forms.MultipleChoiceField(label=_("Friends: only with one of these skills"), required=False)
    certificates = forms.MultipleChoiceField(label=_("Friends: only with one of these certificates"), required=False)
    activity = forms.ChoiceField(label=_("Friends: what they have done"), choices=Activity.choices, required=False)

    def __init__(self, data: Any = None, *, tenant: Tenant, audience: Audience) -> None:
        super().__init__(data, label_suffix="", initial=_initial(audience))
        skills = [(skill.slug, skill.name) for skill in usable_skills(owner=tenant.pk, kept=audience.skills)]
        for name, choices in (("languages", language_choices(tenant)), ("skills", skills), ("certificates", skills)):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        if not has_feature(tenant, Feature.COMMUNITY):
            for name in ("friends", *FOR_FRIENDS):
                del self.fields[name]

    def clean_places(self) -> tuple[str, ...]:
        """Split the postal codes."""
        return tuple(place.strip() for place in self.cleaned_data["places"].split(",") if place.strip())

    def clean(self) -> dict[str, Any]:
        """Refuse a newsletter to nobody."""
        data = super().clean() or self.cleaned_data
        if not data.get("customers") and not data.get("friends"):
            self.add_error("customers", _("Please choose who gets the newsletter."))
        return data

    def audience(self) -> Audience:
        """Return the choice."""
        data = self.cleaned_data
        return Audience(
            customers=data["customers"],
            friends=data.get("friends", False),
            languages=tuple(data["languages"]),
            places=data.get("places", ()),
            skills=tuple(data.get("skills", ())),
            certificates=tuple(data.get("certificates", ())),
            activity=data.get("activity") or Activity.ALL,
        )


class TrialForm(forms.Form):
    """To whom a trial goes."""

    email = forms.EmailField(label=_("Send a test email to"), max_length=254)


class PlanForm(forms.Form):
    """When it goes out: at once by the button "now", or at a time of the partner's clock.

    ``version`` is what the manager has seen.
    """

    version = forms.UUIDField(widget=forms.HiddenInput)
    at = forms.DateTimeField(
        label=_("Or at"),
        required=False,
        input_formats=[MOMENT],
        widget=forms.DateTimeInput({"type": "datetime-local", "step": 300}, format=MOMENT),
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a plan without a time, which would go out at once."""
        data = super().clean() or self.cleaned_data
        if "now" not in self.data and not data.get("at") and "at" not in self.errors:
            self.add_error("at", _("Please choose a time."))
        return data

    def moment(self, tenant: Tenant, now: datetime) -> datetime:
        """Return when that is."""
        if "now" in self.data:
            return now
        at: datetime = self.cleaned_data["at"]
        return at.replace(tzinfo=ZoneInfo(tenant.time_zone))


def _initial(audience: Audience) -> dict[str, Any]:
    return audience.as_json() | {"places": ", ".join(audience.places)}
