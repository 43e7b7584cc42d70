"""A friend's company: to ask to be a pro, and to renew the insurance (R10)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from crowd.documents import latest_document
from crowd.models import Pro
from crowd.pros import pro_countries, pro_of, renew_insurance
from crowd.selectors import friend_by_id
from crowd.states import CheckState, DocumentKind
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of
from friendhub.profile.forms import InsuranceForm, ProForm
from journeys.friend.become_pro import apply_as_pro
from kernel.clock import now

FIELDS = {
    "not_a_vat_id": "vat_id",
    "vat_id_is_unknown": "vat_id",
    "vat_id_is_taken": "vat_id",
    "insurance_is_over": "insured_until",
    "too_far_ahead": "insured_until",
    "pros_are_not_enabled": "country",
}


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def pro(request: FriendRequest) -> HttpResponse:
    """Show how it stands with the company; take an application or a renewal."""
    friend, company = friend_by_id(request.friend_id), pro_of(request.friend_id)
    form = _form(request, company, friend.country)
    act = renew_insurance if company and company.approved_at else apply_as_pro
    if form.is_bound and accepted(form, act, FIELDS, friend_id=friend.pk, now=now()):
        messages.success(request, pgettext("friend", "Thank you. Somebody looks at your proof of insurance soon."))
        return redirect("friendhub:pro")
    document = latest_document(friend.pk, DocumentKind.INSURANCE)
    context = {
        "section": "profile",
        "part": "pro",
        "friend": friend,
        "pro": company,
        "form": form,
        "document": document,
        "is_waiting": document is not None and document.state == CheckState.WAITING,
        "is_refused": document is not None and document.state == CheckState.REJECTED,
        "is_insured": friend.pro_until is not None and friend.pro_until >= now().date(),
        "is_enabled_somewhere": pro_countries().exists(),
    }
    return render(request, "friendhub/profile/pro.html", context, status=status_of(form))


def _form(request: FriendRequest, company: Pro | None, country: str) -> InsuranceForm:
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    if company and company.approved_at:
        kept = {"insurer": company.insurer, "policy_number": company.policy_number}
        return InsuranceForm(data, files, initial=kept)
    names = ("company", "country", "vat_id", "insurer", "policy_number", "insured_until")
    initial = {name: getattr(company, name) for name in names} if company else {"country": country}
    countries = pro_countries().values_list("country", flat=True)
    return ProForm(data, files, initial=initial, countries=countries)
