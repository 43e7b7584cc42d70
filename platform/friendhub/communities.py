"""A friend's way into the communities of partners, and out of them."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from communities.errors import NotAMember
from friendhub.access import FriendRequest, friend_required
from journeys.enter_community import issue_entry, leave_community
from kernel.answers import carries_secret
from kernel.clock import now
from kernel.limits import limited
from tenants.models import Tenant
from tenants.selectors import tenant_by_slug

ENTRIES_A_MINUTE = 20
MINUTE_S = 60


@carries_secret
@limited(of="community-entry", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@friend_required
@require_safe
def enter(request: FriendRequest) -> HttpResponse:
    """Send a friend with a fresh code back to the partner's host that asks for them."""
    try:
        url = issue_entry(
            friend_id=request.friend_id,
            host=request.GET.get("host", ""),
            state_hash=request.GET.get("state", ""),
            language=request.LANGUAGE_CODE,
            now=now(),
        )
    except NotAMember as error:
        context = {"section": "profile", "partner": error.tenant}
        return render(request, "friendhub/not_a_member.html", context, status=HTTPStatus.FORBIDDEN)
    return redirect(url)


@friend_required
@require_POST
def leave(request: FriendRequest, slug: str) -> HttpResponse:
    """Leave a community."""
    try:
        tenant = tenant_by_slug(slug)
    except Tenant.DoesNotExist as error:
        raise Http404 from error
    leave_community(friend_id=request.friend_id, tenant=tenant)
    messages.success(request, pgettext("friend", "You have left the community of %(name)s.") % {"name": tenant.name})
    return redirect("friendhub:profile")
