"""The form of a package: its prices by country, the skills it needs out of the tree, and which must be certified."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from console.packages.panels import LanguageForm
from console.packages.prices import AmountField, low_prices, price_fields, set_prices
from skills.models import Skill
from skills.selectors import usable_skills
from staffroom.skill_forms import name_in_tree
from tenants.context import current_tenant


class PackageForm(LanguageForm):
    """A package. Skills are chosen by name; retired ones only stay where the package has them already."""

    skills = forms.MultipleChoiceField(
        label=_("Skills needed"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose at least one skill.")},
    )
    certificates = forms.MultipleChoiceField(
        label=_("Certificates needed"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = list(self.instance.skills or [])
        tenant = current_tenant()
        found = usable_skills(owner=tenant.pk if tenant else None, kept=kept)
        known = {skill.slug for skill in found}
        # A skill that this partner cannot see any more stays until somebody takes it out.
        choices = [(skill.slug, _label(skill)) for skill in found] + [(one, one) for one in kept if one not in known]
        for name in ("skills", "certificates"):
            field = self.fields[name]
            assert isinstance(field, forms.MultipleChoiceField)
            field.choices = choices
        for name, (price, amount) in price_fields(self.instance).items():
            self.fields[name] = price
            self.initial[name] = amount

    def clean(self) -> dict[str, Any]:
        """Refuse a certificate for a skill that the package does not need, and a package without any price."""
        values = super().clean()
        prices = [name for name, _field in self._amounts()]
        if prices and not any(values.get(name) or name in self.errors for name in prices):
            self.add_error(prices[0], _("Please enter a price for at least one country."))
        if set(values.get("certificates", ())) - set(values.get("skills", ())) and "skills" in values:
            self.add_error("certificates", _("Tick only skills that the package needs."))
        return values

    def _post_clean(self) -> None:
        """Give the package its prices with its other columns; they are saved with it."""
        super()._post_clean()
        if not self.errors:
            set_prices(self.instance, {field.country: self.cleaned_data[name] for name, field in self._amounts()})

    @property
    def low_prices(self) -> list[str]:
        """Say which of the kept prices leave a friend less than is promised; they may stand all the same."""
        tenant = current_tenant()
        kept = [(price.country, price.amount_minor) for price in self.instance.prices.all()]
        if tenant is None or not kept:
            return []
        served = [price for price in kept if price[0] in tenant.countries]
        return low_prices(served, tenant=tenant, package=self.instance)

    def _amounts(self) -> list[tuple[str, AmountField]]:
        return [(name, field) for name, field in self.fields.items() if isinstance(field, AmountField)]


def _label(skill: Skill) -> str:
    name = name_in_tree(skill)
    if skill.is_retired:
        return _("%(skill)s (retired)") % {"skill": name}
    if skill.needs_certificate:
        return _("%(skill)s (always certified)") % {"skill": name}
    return name
