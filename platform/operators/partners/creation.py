"""A new partner."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from operators.partners.forms import NewPartnerForm, typed_before
from operators.partners.operations import operation_or_404
from staffroom.settings.look import looks_of
from tenants.errors import UnableToRequestOperation
from tenants.models import OperationKind
from tenants.services import request_operation


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_partner(request: OperatorRequest) -> HttpResponse:
    """Ask for what a new partner needs, look at its colours, and let it be made."""
    if request.method != "POST":
        return _page(request, NewPartnerForm(initial=_initial(request)))
    form = NewPartnerForm(request.POST)
    is_valid = form.is_valid()
    if "preview" in request.POST:
        # Only the colours are looked at; what is still empty is not yet wrong.
        return _page(request, NewPartnerForm(initial=_typed(request)), is_preview=True)
    if not is_valid:
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        operation = request_operation(
            kind=OperationKind.CREATE,
            slug=form.cleaned_data["slug"],
            request=form.request(),
            who=str(request.operator),
            now=now(),
        )
    except UnableToRequestOperation as error:
        form.show_faults(error.fields)
        return _page(request, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("operators:operation", operation.pk)


def _initial(request: OperatorRequest) -> dict[str, Any]:
    """Return what was typed for a creation that failed, where the address names one."""
    again = request.GET.get("again")
    return typed_before(operation_or_404(again)) if again else {}


def _typed(request: OperatorRequest) -> dict[str, Any]:
    many = ("countries", "languages")
    return {name: request.POST.getlist(name) if name in many else request.POST.get(name, "") for name in request.POST}


def _page(
    request: OperatorRequest, form: NewPartnerForm, *, status: HTTPStatus = HTTPStatus.OK, **more: Any
) -> HttpResponse:
    context = {"section": "partners", "form": form, "looks": looks_of(*form.colours())}
    return render(request, "operators/partners/new_partner.html", context | more, status=status)
