"""The start page with links to all there is, and the reader of the demo's mails. Only where the demo is on."""

from collections.abc import Callable
from functools import wraps

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from demo.addresses import demo_addresses
from demo.mailbox import mail_by_name, newest_mails

MAILS = settings.DATA / "mail"


def demo_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Hide a view where this is not a demo, and on the friends' host."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO or not _is_start_host(request):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show the start page on the plain host; elsewhere lead to the friends' app."""
    if not settings.DEMO or not _is_start_host(request):
        return redirect(f"/{get_language()}/")
    return render(request, "demo/start.html", {"addresses": demo_addresses()})


@never_cache
@require_safe
@demo_only
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest mails."""
    return render(request, "demo/mailbox.html", {"mails": newest_mails(MAILS)})


@never_cache
@require_safe
@demo_only
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail."""
    found = mail_by_name(MAILS, name)
    if found is None:
        raise Http404
    return render(request, "demo/mail.html", {"mail": found})


@never_cache
@require_safe
@demo_only
@xframe_options_sameorigin
@csp_replace({"style-src": ["'unsafe-inline'"], "script-src": ["'none'"], "frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # typed too narrowly
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Give the HTML part of a mail for the frame that shows it; mails carry their styles inline."""
    found = mail_by_name(MAILS, name)
    if found is None:
        raise Http404
    return HttpResponse(found.html)


def _is_start_host(request: HttpRequest) -> bool:
    return request.get_host().partition(":")[0] == settings.BASE_DOMAIN
