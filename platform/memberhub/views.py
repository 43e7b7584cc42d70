"""The community of a partner's friends on its brand site: the door for strangers, the welcome for members."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth import login, logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from communities.errors import NoCommunity
from communities.selectors import member_of
from crowd.selectors import community_size
from journeys.friend.enter_community import enter_community
from journeys.links import ask_entry_url, friends_app_url, sign_up_url
from kernel.clock import now
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from tenants.access.handover import begin_handover, take_pending
from tenants.context import platform_context
from tenants.models import Feature, HandoverPurpose
from tenants.requests import Request, served_while_closed
from tenants.selectors import has_feature

BACKEND = "django.contrib.auth.backends.ModelBackend"
ENTRIES_A_MINUTE = 20
MINUTE_S = 60


def _with_community(view: Callable[[Request], HttpResponse]) -> Callable[[Request], HttpResponse]:
    """Answer 404 where the partner has switched its community off."""

    @wraps(view)
    def guarded(request: Request) -> HttpResponse:
        if not has_feature(request.tenant, Feature.COMMUNITY):
            raise NoCommunity
        return view(request)

    return guarded


@served_while_closed
@never_cache
@_with_community
@require_safe
def community(request: Request) -> HttpResponse:
    """Show a member the community, and a stranger the way in."""
    member = member_of(request.user)
    if member is None:
        url = sign_up_url(request.LANGUAGE_CODE, partner=request.tenant.slug)
        return render(request, "memberhub/community.html", {"section": "community", "sign_up_url": url})
    with platform_context():
        size = community_size(request.tenant.pk)
    context = {
        "section": "community",
        "member": member,
        "size": size,
        "friends_app_url": friends_app_url(request.LANGUAGE_CODE),
    }
    return render(request, "memberhub/community.html", context)


@served_while_closed
@carries_secret
@limited(of="community-entry", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@_with_community
@require_safe
def enter(request: Request) -> HttpResponse:
    """Begin the hand-over: remember a state in this browser and send it to the platform.

    A link and no form, for the browser does not let a form's answer lead to another host.
    """
    state_hash = begin_handover(request.session, purpose=HandoverPurpose.FRIEND, next_path=request.GET.get("next", ""))
    host = request.get_host().partition(":")[0]
    return redirect(ask_entry_url(host=host, state_hash=state_hash, language=request.LANGUAGE_CODE))


@served_while_closed
@carries_secret
@limited(of="community-arrival", most=ENTRIES_A_MINUTE, within_s=MINUTE_S)
@_with_community
@require_safe
def arrive(request: Request) -> HttpResponse:
    """Use the code up, sign the friend in, and go where they wanted to."""
    pending = take_pending(request.session, purpose=HandoverPurpose.FRIEND)
    user = enter_community(code=request.GET.get("code", ""), state=pending.state, tenant=request.tenant, now=now())
    login(request, user, backend=BACKEND)
    return redirect(pending.next_path or "memberhub:community")


@served_while_closed
@require_POST
def sign_out(request: Request) -> HttpResponse:
    """Leave the site, not the community."""
    logout(request)
    return redirect("memberhub:community")
