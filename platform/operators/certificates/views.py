"""A friend's certificates, as operators give and take them back."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.certificates import history_of, standings
from crowd.errors import UnableToCertify
from crowd.models import Certificate, Friend
from crowd.selectors import friend_by_id, search_friends
from journeys.friend.certify_friend import certify_by_operator, revoke_by_operator
from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from skills.selectors import usable_skills
from staffroom.skill_forms import CertifyForm, ReasonForm
from tenants.selectors import partner_names

ON_A_PAGE = 50
EVENTS = 50
HERE = {"section": "crowd", "part": "certificates"}


class FriendSearch(forms.Form):
    """Words."""

    q = forms.CharField(label=gettext_lazy("Name, email or place"), max_length=100, required=False)


@operator_required
@require_safe
def search(request: OperatorRequest) -> HttpResponse:
    """Find a friend."""
    form = FriendSearch(request.GET)
    words = form.cleaned_data["q"].strip() if form.is_valid() else ""
    page = Paginator(search_friends(words), ON_A_PAGE).get_page(request.GET.get("page")) if words else None
    query = request.GET.copy()
    query.pop("page", None)
    context = HERE | {"form": form, "page": page, "query": query.urlencode(), "words": words}
    return render(request, "operators/certificates/friend_search.html", context)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_friend(request: OperatorRequest, friend_id: UUID) -> HttpResponse:
    """Show what a friend holds and how that came; certify them."""
    friend = _friend(friend_id)
    form = CertifyForm(request.POST if request.method == "POST" else None, skills=usable_skills())
    if form.is_bound and form.is_valid():
        values = dict(form.cleaned_data)
        skill_id = values.pop("skill")
        try:
            certify_by_operator(friend_id=friend.pk, skill_id=skill_id, who=str(request.operator), now=now(), **values)
        except UnableToCertify as error:
            form.show_faults(error.fields)
        else:
            messages.success(request, _("Certificate issued. The friend has been notified by email."))
            return redirect("operators:friend_certificates", friend.pk)
    return _page(request, friend, form)


@operator_required
@require_POST
def revoke(request: OperatorRequest, certificate_id: int) -> HttpResponse:
    """Take a certificate back."""
    form = ReasonForm(request.POST)
    try:
        taken = revoke_by_operator(
            certificate_id=certificate_id, who=str(request.operator), why=form.data.get("why", "")[:300], now=now()
        )
    except Certificate.DoesNotExist as error:
        raise Http404 from error
    except UnableToCertify as error:
        messages.error(request, str(error))
        back = request.POST.get("friend", "")
        return redirect("operators:friend_certificates", back) if _is_uuid(back) else redirect("operators:certificates")
    messages.success(request, _("The certificate has been revoked. The friend has been notified by email."))
    return redirect("operators:friend_certificates", taken.friend_id)


def _page(request: OperatorRequest, friend: Friend, form: CertifyForm) -> HttpResponse:
    held = standings(friend.pk, today=now().date())
    names = partner_names({one.issuer for one in held if one.issuer})
    context: dict[str, Any] = HERE | {
        "friend": friend,
        "form": form,
        "held": [(one, names.get(one.issuer or 0, "")) for one in held],
        "reason": ReasonForm(),
        "events": history_of(friend.pk)[:EVENTS],
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/certificates/friend_certificates.html", context, status=status)


def _friend(friend_id: UUID) -> Friend:
    try:
        return friend_by_id(friend_id)
    except Friend.DoesNotExist as error:
        raise Http404 from error


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
