"""The events of a community for its members: what comes, sign up with one button, give the seat back."""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.models import Member
from communities.selectors import member_of
from events.selectors import coming_events, event_by_id, open_event, sign_up_of_friend, sign_ups_of_friend
from journeys.event.attend import leave_event, sign_up_friend
from kernel.clock import now
from kernel.web.limits import limited
from tenants.requests import Request

ANSWERS, LIMITED_S = 60, 600
EVENTS = 100


def _for_members(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Show strangers the door of the community."""

    @wraps(view)
    def guarded(request: Request, **kwargs: UUID) -> HttpResponse:
        member = member_of(request.user)
        return redirect("memberhub:community") if member is None else view(request, member, **kwargs)

    return guarded


@never_cache
@_for_members
@require_safe
def events(request: Request, member: Member) -> HttpResponse:
    """List what comes, and where the member stands with each."""
    coming = list(coming_events(now=now(), is_friend=True)[:EVENTS])
    standing = sign_ups_of_friend(member.friend_id)
    rows = [(event, event.title_in(request.LANGUAGE_CODE), standing.get(event.pk)) for event in coming]
    return render(request, "memberhub/events.html", {"section": "community", "rows": rows})


@limited(of="member-event", most=ANSWERS, within_s=LIMITED_S)
@_for_members
@require_POST
def sign_up(request: Request, member: Member, event_id: UUID) -> HttpResponse:
    """Take a seat, or a place on the waiting list."""
    event = open_event(event_id, is_friend=True)
    sign_up_friend(
        event_id=event.pk,
        friend_id=member.friend_id,
        name=member.name,
        language=request.LANGUAGE_CODE,
        tenant_id=request.tenant.pk,
        now=now(),
    )
    return redirect("storefront:event", event.pk)


@limited(of="member-event", most=ANSWERS, within_s=LIMITED_S)
@_for_members
@require_POST
def leave(request: Request, member: Member, event_id: UUID) -> HttpResponse:
    """Give the seat or the place on the list back, also where the event has no public page any more."""
    event = event_by_id(event_id)
    found = sign_up_of_friend(event, member.friend_id)
    if found is not None:
        leave_event(sign_up_id=found.pk, tenant_id=request.tenant.pk, now=now())
    return redirect("storefront:event", event.pk) if event.texts.all() else redirect("memberhub:events")
