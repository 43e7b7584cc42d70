"""The newsletter's pages: what a button changes is never changed by opening a link, for programs open links too."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from journeys.partner.newsletters.subscribe import promise, subscribe
from journeys.partner.newsletters.ways import read_choices_token, read_confirm_token, read_leave_token
from kernel.clock import now
from kernel.web.limits import address_of, limited
from newsletters.errors import LinkOfNobody
from newsletters.models import Mail, Subscriber
from newsletters.selectors import archive, archived, languages_of, subscriber_by_uuid
from newsletters.states import Source
from newsletters.subscribers import (
    change_language,
    confirm,
    mail_with_recipient,
    resubscribe_friend,
    unsubscribe,
    unsubscribe_from_mail,
)
from storefront.newsletter.forms import LanguageForm, SignUpForm
from tenants.requests import Request, served_while_closed

# Each sign-up mails somebody.
SIGN_UPS, LIMITED_S = 10, 600
A_PAGE = 12
ONE_CLICK = "List-Unsubscribe"

View = Callable[..., HttpResponse]


def _of_somebody(view: View) -> View:
    """Answer 404 where a link is forged, too old, or of somebody who was erased."""

    @wraps(view)
    def guarded(request: Request, token: str) -> HttpResponse:
        try:
            return view(request, token)
        except (LinkOfNobody, Subscriber.DoesNotExist, Mail.DoesNotExist) as error:
            raise Http404 from error

    return guarded


@never_cache
@limited(of="newsletter", most=SIGN_UPS, within_s=LIMITED_S)
def _sign_up(request: Request) -> HttpResponse:
    form = SignUpForm(request.POST)
    if not form.is_valid():
        return _page(request, form, HTTPStatus.UNPROCESSABLE_ENTITY)
    email = form.cleaned_data["email"]
    subscribe(
        tenant=request.tenant,
        email=email,
        language=request.LANGUAGE_CODE,
        words=promise(request.tenant),
        source=Source.SITE,
        address=address_of(request),
        now=now(),
    )
    return render(request, "storefront/newsletter/check_inbox.html", {"email": email})


@require_http_methods(["GET", "HEAD", "POST"])
def newsletter(request: Request) -> HttpResponse:
    """Let people sign up and read what came before."""
    return _sign_up(request) if request.method == "POST" else _page(request, SignUpForm())


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_somebody
def confirm_sign_up(request: Request, token: str) -> HttpResponse:
    """Confirm by a button."""
    subscriber = subscriber_by_uuid(read_confirm_token(token))
    if request.method == "POST":
        subscriber = confirm(
            subscriber_uuid=subscriber.uuid, words=promise(request.tenant), address=address_of(request), now=now()
        )
    context = {"subscriber": subscriber, "promise": promise(request.tenant)}
    return render(request, "storefront/newsletter/confirmed.html", context)


@served_while_closed
@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
@_of_somebody
def leave(request: Request, token: str) -> HttpResponse:
    """Leave the list: at once by a POST, which mail programs send without a cookie (RFC 8058); a GET shows a button."""
    mail = mail_with_recipient(read_leave_token(token))
    if request.method == "POST" and "again" in request.POST and mail.friend_id is not None:
        resubscribe_friend(friend_id=mail.friend_id)
        return redirect(request.path)
    if request.method == "POST":
        source = Source.ONE_CLICK if ONE_CLICK in request.POST else Source.MAIL
        unsubscribe_from_mail(mail_uuid=mail.uuid, source=source, now=now())
    return render(request, "storefront/newsletter/leave.html", {"mail": mail, "is_done": request.method == "POST"})


@served_while_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@_of_somebody
def choices(request: Request, token: str) -> HttpResponse:
    """Let a subscriber choose the language, or leave."""
    subscriber = subscriber_by_uuid(read_choices_token(token))
    languages = list(request.tenant.languages)
    form = LanguageForm(
        request.POST if "save" in request.POST else None,
        languages=languages,
        initial={"language": subscriber.language},
    )
    if request.method == "POST" and "leave" in request.POST:
        unsubscribe(subscriber_uuid=subscriber.uuid, source=Source.SITE, now=now())
        return redirect(request.path)
    if form.is_valid():
        change_language(subscriber_uuid=subscriber.uuid, language=form.cleaned_data["language"])
        return redirect(f"{request.path}?saved")
    context = {"subscriber": subscriber, "form": form, "is_saved": "saved" in request.GET}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "storefront/newsletter/choices.html", context, status=status)


@require_safe
def issue(request: Request, issue_uuid: UUID) -> HttpResponse:
    """Show an issue in the language of the page, or lead to one that it has; the link to it is all that it takes."""
    found = archived(issue_uuid, request.LANGUAGE_CODE)
    others = languages_of(issue_uuid)
    if found is None and others:
        with translation.override(others[0]):
            return redirect(reverse("storefront:newsletter_issue", args=[issue_uuid]))
    if found is None:
        raise Http404
    return render(request, "storefront/newsletter/issue.html", {"content": found, "section": "newsletter"})


def _page(request: Request, form: SignUpForm, status: HTTPStatus = HTTPStatus.OK) -> HttpResponse:
    context = {
        "section": "newsletter",
        "form": form,
        "promise": promise(request.tenant),
        "page": Paginator(archive(request.LANGUAGE_CODE), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "storefront/newsletter/newsletter.html", context, status=status)
