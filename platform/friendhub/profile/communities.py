"""A friend's way into the communities of partners, and out of them."""

from http import HTTPStatus

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.errors import NotAMember
from friendhub.access import FriendRequest, friend_required
from journeys.friend.choose_communities import (
    block_partner,
    community_choices,
    join_community,
    switch_overflow,
    takes_overflow,
    unblock_partner,
)
from journeys.friend.enter_community import issue_entry, leave_community
from kernel.clock import now
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
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
        return render(request, "friendhub/profile/not_a_member.html", context, status=HTTPStatus.FORBIDDEN)
    return redirect(url)


@never_cache
@friend_required
@require_safe
def communities(request: FriendRequest) -> HttpResponse:
    """Show the communities to choose among, and whether overflow jobs reach the friend."""
    choices = community_choices(request.friend_id)
    context = {
        "section": "profile",
        "part": "communities",
        "mine": [choice for choice in choices if choice.is_member and not choice.is_blocked],
        "others": [choice for choice in choices if not choice.is_member and not choice.is_blocked],
        "blocked": [choice for choice in choices if choice.is_blocked],
        "takes_overflow": takes_overflow(request.friend_id),
    }
    return render(request, "friendhub/profile/communities.html", context)


@friend_required
@require_POST
def join(request: FriendRequest, slug: str) -> HttpResponse:
    """Join a community."""
    tenant = _partner(slug)
    join_community(friend_id=request.friend_id, tenant=tenant)
    messages.success(request, pgettext("friend", "Welcome to the community of %(name)s.") % {"name": tenant.name})
    return redirect("friendhub:communities")


@friend_required
@require_POST
def block(request: FriendRequest, slug: str) -> HttpResponse:
    """Hear nothing of a partner any more."""
    tenant = _partner(slug)
    block_partner(friend_id=request.friend_id, tenant=tenant)
    messages.success(request, pgettext("friend", "You get no more offers from %(name)s.") % {"name": tenant.name})
    return redirect("friendhub:communities")


@friend_required
@require_POST
def unblock(request: FriendRequest, slug: str) -> HttpResponse:
    """Take a block back."""
    tenant = _partner(slug)
    unblock_partner(friend_id=request.friend_id, tenant=tenant)
    messages.success(request, pgettext("friend", "Offers from %(name)s may reach you again.") % {"name": tenant.name})
    return redirect("friendhub:communities")


@friend_required
@require_POST
def overflow(request: FriendRequest) -> HttpResponse:
    """Switch the jobs of the shared crowd on or off."""
    is_on = request.POST.get("is_on") == "yes"
    switch_overflow(friend_id=request.friend_id, is_on=is_on)
    if is_on:
        messages.success(request, pgettext("friend", "You can now get jobs from other brands."))
    else:
        messages.success(request, pgettext("friend", "You'll get no more jobs from other brands."))
    return redirect("friendhub:communities")


@friend_required
@require_POST
def leave(request: FriendRequest, slug: str) -> HttpResponse:
    """Leave a community."""
    tenant = _partner(slug)
    leave_community(friend_id=request.friend_id, tenant=tenant)
    messages.success(request, pgettext("friend", "You have left the community of %(name)s.") % {"name": tenant.name})
    return redirect("friendhub:communities")


def _partner(slug: str) -> Tenant:
    try:
        return tenant_by_slug(slug)
    except Tenant.DoesNotExist as error:
        raise Http404 from error
