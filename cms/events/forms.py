"""How managers write an event: the facts beside the text, and what is wrong about them beside the field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import HelpPanel

from events.facts import read_facts
from events.selectors import find_event
from kernel.errors import FieldsNotRight
from kernel.web.answers import as_fields
from places.zones import zone_choices
from skills.selectors import own_skills
from tenants.context import current_tenant


class EventPageForm(WagtailAdminPageForm):
    """The editor of an event's page; on a translation without the facts, which are written once."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "time_zone" not in self.fields:
            return
        if not self.instance.has_the_facts():
            for name in self.instance.FACTS:
                self.fields.pop(name, None)
            return
        tenant, written = current_tenant(), self.instance.time_zone
        own = tenant.time_zone if tenant else ""
        self.fields["time_zone"] = forms.ChoiceField(
            label=_("Time zone"), choices=zone_choices(own, written), initial=written or own
        )
        if not written:
            self.initial["time_zone"] = own
        skills = [(skill.pk, skill.name) for skill in own_skills(tenant.pk) if not skill.is_retired] if tenant else []
        if not skills:
            for name in ("skill_id", "skill_months"):
                self.fields.pop(name)
            return
        self.fields["skill_id"] = forms.TypedChoiceField(
            label=_("Certificate"),
            choices=[("", _("No certificate")), *skills],
            coerce=int,
            empty_value=None,
            required=False,
            help_text=self.fields["skill_id"].help_text,
        )

    def clean(self) -> dict[str, Any]:
        """Say what is wrong about the facts; a draft may lack some."""
        cleaned: dict[str, Any] = super().clean()
        names = self.instance.FACTS
        needed = ("start_day", "start_time", "end_time", "time_zone")
        if names[0] not in self.fields or not all(cleaned.get(name) for name in needed):
            return cleaned
        event = find_event(self.instance.translation_key) if self.instance.pk else None
        facts: dict[str, Any] = {name: cleaned.get(name) for name in names}
        facts |= {name: facts[name] or "" for name in ("place", "online_url", "audience")}
        try:
            read_facts(**facts, seats_taken=event.seats_taken if event else 0)
        except FieldsNotRight as error:
            as_fields(self, error.fields)
        return cleaned


class FactsElsewhere(HelpPanel):
    """Says on a translation where date, place and seats are written."""

    def __init__(self, content: str = "", **kwargs: Any) -> None:
        kwargs.pop("help_text", None)
        super().__init__(content or _("Date, place and seats are written on the page in the first language."), **kwargs)

    class BoundPanel(HelpPanel.BoundPanel):
        """The panel on one page."""

        def is_shown(self) -> bool:
            """Say whether the facts are not on this page."""
            return self.form is not None and "start_day" not in self.form.fields
