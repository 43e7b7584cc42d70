"""Another base rate for many partners at once, seen before it is announced."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from journeys.partner.plan_base_rate import announce_base_rate, preview_base_rate
from kernel.clock import now
from kernel.web.answers import as_fields
from operators.access import OperatorRequest, operator_required
from operators.partners.commissions import NO_DAY, day_input
from staffroom.settings.fields import PercentField
from tenants.errors import UnableToChangeSettings
from tenants.selectors import partners
from tenants.settings.commissions import NOTICE


class BaseRateForm(forms.Form):
    """The rate, its first day, and the partners. What may be, the service says."""

    percent = PercentField(
        label=gettext_lazy("Commission in percent"),
        error_messages={
            name: gettext_lazy("Please enter a commission from 0 to 100 percent.")
            for name in ("required", "invalid", "max_digits", "max_decimal_places", "max_whole_digits")
        },
    )
    valid_from = forms.DateField(label=gettext_lazy("First day"), widget=day_input(), error_messages=NO_DAY)
    partners = forms.MultipleChoiceField(
        label=gettext_lazy("Partners"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one partner.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data, label_suffix="")
        names = [(partner.slug, partner.name) for partner in partners()]
        cast(forms.MultipleChoiceField, self.fields["partners"]).choices = names
        self.fields["partners"].initial = [slug for slug, _name in names]
        # A partner's day may have begun already: the service knows.
        earliest = localdate(now()) + NOTICE
        self.fields["valid_from"].initial = earliest
        self.fields["valid_from"].widget.attrs["min"] = earliest.isoformat()

    def wanted(self) -> dict[str, Any]:
        """Return what the services take, once it is valid."""
        said = self.cleaned_data
        return {"slugs": said["partners"], "basis_points": said["percent"], "valid_from": said["valid_from"]}


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def base_rate(request: OperatorRequest) -> HttpResponse:
    """Show what another base rate would do, or announce it."""
    form = BaseRateForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"section": "partners", "form": form, "notice_days": NOTICE.days}
    if form.is_bound and form.is_valid():
        try:
            if "announce" in request.POST:
                count = announce_base_rate(**form.wanted(), who=str(request.operator), now=now())
                return _announced(request, count)
            context["preview"] = preview_base_rate(**form.wanted(), now=now())
            context["after_bp"] = form.cleaned_data["percent"]
        except UnableToChangeSettings as error:
            found = error.fields.items()
            as_fields(form, {name if name in form.fields else "valid_from": words for name, words in found})
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render(request, "operators/partners/base_rate.html", context, status=status)


def _announced(request: OperatorRequest, count: int) -> HttpResponse:
    words = ngettext(
        "The change has been planned at %(count)d partner and announced. Existing orders keep their commission.",
        "The change has been planned at %(count)d partners and announced. Existing orders keep their commission.",
        count,
    )
    messages.success(request, words % {"count": count})
    return redirect("operators:partners")
