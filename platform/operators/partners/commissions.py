"""A partner's table of commissions: what counts, what is planned, and a change of it as operators plan it."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from catalog.kinds import Level
from journeys.partner.plan_commission import announce_plan, preview_plan
from journeys.reads.rates import Names, names_of_rates, write_about
from kernel.clock import now
from kernel.web.answers import as_fields
from operators.access import OperatorRequest, operator_required
from operators.partners.settings import since
from operators.partners.views import partner_or_404
from places.countries import COUNTRIES
from staffroom.settings.fields import PercentField
from staffroom.settings.forms import read_version
from tenants.errors import SettingsChangedMeanwhile, UnableToChangeSettings
from tenants.models import Commission, Route, Tenant
from tenants.selectors import settings_version
from tenants.settings.commissions import (
    NOTICE,
    About,
    Plan,
    commissions_of,
    counts_on,
    day_of,
    earliest_day,
    write_days,
)

NO_DAY = {"required": gettext_lazy("Please enter a day."), "invalid": gettext_lazy("Please enter a day.")}


def day_input() -> forms.DateInput:
    """Return the widget of a day."""
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


class PlanForm(forms.Form):
    """What the rate is about, the rate, and its days. What may be, the service says."""

    package_slug = forms.ChoiceField(label=gettext_lazy("Package"), required=False)
    category = forms.ChoiceField(
        label=gettext_lazy("Category"),
        required=False,
        help_text=gettext_lazy("All packages that need a skill of this group."),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("Kind of job"),
        choices=[("", gettext_lazy("All kinds")), *Level.choices],
        required=False,
    )
    country = forms.ChoiceField(label=gettext_lazy("Country"), required=False)
    route = forms.ChoiceField(
        label=gettext_lazy("Who does the job"),
        choices=[("", gettext_lazy("All communities")), *Route.choices],
        required=False,
        help_text=gettext_lazy("A contract on overflow with a commission of its own comes first."),
    )
    percent = PercentField(
        label=gettext_lazy("Commission in percent"),
        required=False,
        help_text=gettext_lazy("If empty, the present rate ends and the next more general one applies."),
        error_messages={
            name: gettext_lazy("Please enter a commission from 0 to 100 percent.")
            for name in ("invalid", "max_digits", "max_decimal_places", "max_whole_digits")
        },
    )
    valid_from = forms.DateField(label=gettext_lazy("First day"), widget=day_input(), error_messages=NO_DAY)
    valid_until = forms.DateField(
        label=gettext_lazy("Day on which it ends"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("The first day without it. If empty, until further notice."),
        error_messages=NO_DAY,
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, tenant: Tenant, names: Names, **kwargs: Any) -> None:
        super().__init__(data, label_suffix="", **kwargs)
        earliest = earliest_day(tenant, now())
        cast(forms.ChoiceField, self.fields["package_slug"]).choices = [
            ("", _("All packages")),
            *names.packages.items(),
        ]
        cast(forms.ChoiceField, self.fields["category"]).choices = [
            ("", _("All categories")),
            *names.categories.items(),
        ]
        countries = [(code, COUNTRIES[code].name) for code in tenant.countries]
        cast(forms.ChoiceField, self.fields["country"]).choices = [("", _("All countries")), *countries]
        self.fields["valid_from"].initial = earliest
        self.fields["valid_from"].widget.attrs["min"] = earliest.isoformat()

    def plan(self) -> Plan:
        """Return what was typed, once it is valid."""
        said = self.cleaned_data
        about = About(**{name: said[name] for name in ("package_slug", "category", "level", "country", "route")})
        return Plan(
            about=about,
            basis_points=said["percent"],
            valid_from=said["valid_from"],
            valid_until=said["valid_until"],
        )


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def commissions(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show the table of commissions, or plan a change of it."""
    partner = partner_or_404(slug)
    names = names_of_rates(partner)
    if request.method != "POST":
        return _page(request, partner, PlanForm(tenant=partner, names=names), names)
    form, version = PlanForm(request.POST, tenant=partner, names=names), read_version(request.POST)
    refused = HTTPStatus.UNPROCESSABLE_ENTITY
    if not form.is_valid():
        return _page(request, partner, form, names, version=version, status=refused)
    try:
        if "announce" not in request.POST:
            preview = preview_plan(tenant=partner, plan=form.plan(), now=now())
            return _page(request, partner, form, names, version=version, preview=preview)
        announce_plan(tenant=partner, plan=form.plan(), who=str(request.operator), now=now(), version=version)
    except UnableToChangeSettings as error:
        as_fields(form, error.fields)
        return _page(request, partner, form, names, version=version, status=refused)
    except SettingsChangedMeanwhile as error:
        form.add_error(None, str(error))
        more: dict[str, Any] = {"meanwhile": since(partner, version)}
        return _page(request, partner, form, names, status=HTTPStatus.CONFLICT, **more)
    messages.success(request, _("The change has been planned and announced. Existing orders keep their commission."))
    return redirect("operators:commissions", partner.slug)


def _lines(rows: Sequence[Commission], names: Names) -> list[tuple[str, int, str]]:
    return [
        (
            write_about(About.of(row), names),
            row.basis_points,
            write_days(row.valid_from, row.valid_until),
        )
        for row in rows
    ]


def _page(
    request: OperatorRequest,
    partner: Tenant,
    form: PlanForm,
    names: Names,
    *,
    version: int | None = None,
    status: HTTPStatus = HTTPStatus.OK,
    **more: Any,
) -> HttpResponse:
    rows, today = commissions_of(partner), day_of(partner, now())
    context = {
        "section": "partners",
        "part": "commissions",
        "partner": partner,
        "form": form,
        "notice_days": NOTICE.days,
        "present": _lines([row for row in rows if counts_on(row, today)], names),
        "planned": _lines([row for row in rows if row.valid_from and row.valid_from > today], names),
        "past": _lines([row for row in rows if row.valid_until and row.valid_until <= today], names),
        "version": settings_version(partner) if version is None else version,
    }
    return render(request, "operators/partners/commissions.html", context | more, status=status)
