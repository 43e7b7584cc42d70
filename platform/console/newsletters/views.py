"""The managers' screens of newsletters: recipients, trial, plan, progress with pause, and the report (R1, R22)."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse_lazy
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem

from console.newsletters.forms import AudienceForm, PlanForm, TrialForm
from console.newsletters.plots import bars_of, bars_of_languages
from console.permissions import CHANGE_NEWSLETTERS, VIEW_SUBSCRIBERS
from journeys import tasks
from journeys.partner.newsletters.recipients import reach_of
from journeys.partner.newsletters.send import send_trial
from kernel.clock import now
from kernel.errors import DomainError
from newsletters.errors import NoRecipients
from newsletters.issues import choose_audience, pause_issue, resume_issue, schedule_issue, take_back_issue
from newsletters.mails import NotTaken, seen_by_day, seen_in_the_dark
from newsletters.models import Issue
from newsletters.selectors import Report, issue_by_uuid, issues, report_of, subscribers
from newsletters.states import IssueState
from newsletters.subscribers import erase_subscriber
from outbox.errors import UnableToReach
from tenants.context import platform_context
from tenants.requests import Request

A_PAGE = 50
UNDER_WAY = (IssueState.SENDING, IssueState.PAUSED, IssueState.SENT)

View = Callable[..., HttpResponse]


def _for_managers(view: View) -> View:
    """Let those in who may send newsletters, and answer 404 for an issue that is none."""

    @never_cache
    @permission_required(CHANGE_NEWSLETTERS, raise_exception=True)
    @wraps(view)
    def guarded(request: Request, issue_uuid: UUID, **more: Any) -> HttpResponse:
        try:
            found = issue_by_uuid(issue_uuid)
        except Issue.DoesNotExist as error:
            raise Http404 from error
        return view(request, found, **more)

    return guarded


@never_cache
@permission_required(CHANGE_NEWSLETTERS, raise_exception=True)
@require_safe
def issue_list(request: Request) -> HttpResponse:
    """List the newsletters that were prepared, newest first."""
    page = Paginator(issues(), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Sending and reports"),
        "header_icon": "mail",
        "page": page,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/newsletters/issues.html", context)


@require_safe
@_for_managers
def issue(request: Request, found: Issue) -> HttpResponse:
    """Show an issue: before it goes out what is to be chosen, afterwards how far it is and what came of it."""
    return _show(request, found)


@require_safe
@_for_managers
@xframe_options_sameorigin
def look(request: Request, found: Issue, language: str, mode: str) -> HttpResponse:
    """Show an issue as a mail in one language: by day, in the dark, or its text part."""
    content = next((one for one in found.contents.all() if one.language == language), None)
    if content is None:
        raise Http404
    if mode == "text":
        return HttpResponse(content.text, content_type="text/plain; charset=utf-8")
    return HttpResponse(seen_in_the_dark(content.html) if mode == "dark" else seen_by_day(content.html))


@require_POST
@_for_managers
def recipients(request: Request, found: Issue) -> HttpResponse:
    """Choose to whom it goes."""
    form = AudienceForm(request.POST, tenant=request.tenant, audience=found.chosen)
    if not form.is_valid():
        return _show(request, found, audience=form)
    return _try(request, found, lambda: choose_audience(issue_uuid=found.uuid, audience=form.audience()))


@require_POST
@_for_managers
def trial(request: Request, found: Issue) -> HttpResponse:
    """Send it to one address, in all its languages."""
    form = TrialForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _show(request, found, trial=form)
    try:
        send_trial(tenant=request.tenant, issue=found, recipient=form.cleaned_data["email"])
    except (NotTaken, UnableToReach) as error:
        messages.error(request, _("The test email was refused: %(why)s") % {"why": error})
    else:
        messages.success(request, _("The test email has been sent to %(email)s.") % form.cleaned_data)
    return redirect("newsletter_issue", found.uuid)


@require_POST
@_for_managers
def plan(request: Request, found: Issue) -> HttpResponse:
    """Send it now, or plan it."""
    form = PlanForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _show(request, found, plan=form)
    moment = now()
    at = form.moment(request.tenant, moment)

    def begin() -> None:
        if not reach_of(request.tenant, found.chosen).total:
            raise NoRecipients
        version = form.cleaned_data["version"]
        schedule_issue(issue_uuid=found.uuid, version=version, at=at, who=str(request.user), now=moment)
        if at == moment:
            _send_soon(request)

    return _try(request, found, begin)


@require_POST
@_for_managers
def steer(request: Request, found: Issue, what: str) -> HttpResponse:
    """Take a plan back, pause, or go on."""

    def go_on() -> None:
        resume_issue(issue_uuid=found.uuid)
        _send_soon(request)

    moves: dict[str, Callable[[], None]] = {
        "take-back": lambda: take_back_issue(issue_uuid=found.uuid),
        "pause": lambda: pause_issue(issue_uuid=found.uuid),
        "go-on": go_on,
    }
    if what not in moves:
        raise Http404
    return _try(request, found, moves[what])


@require_safe
@_for_managers
def progress(request: Request, found: Issue) -> JsonResponse:
    """Tell the page how far it is: percent, and whether there is something else to show."""
    return JsonResponse({"percent": report_of(found).percent, "is_over": found.state != IssueState.SENDING})


@never_cache
@permission_required(VIEW_SUBSCRIBERS, raise_exception=True)
@require_safe
def subscriber_list(request: Request) -> HttpResponse:
    """List who has signed up, each with the proof."""
    words = request.GET.get("q", "")[:100].replace("\0", "")
    page = Paginator(subscribers(words), A_PAGE).get_page(request.GET.get("p"))
    context = {
        "page_title": _("Subscribers"),
        "header_icon": "group",
        "page": page,
        "words": words,
        "elided": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "console/newsletters/subscribers.html", context)


@never_cache
@permission_required(CHANGE_NEWSLETTERS, raise_exception=True)
@require_POST
def erase(request: Request) -> HttpResponse:
    """Erase somebody who asks for it, with the proof; no newsletter goes to that address any more."""
    if erase_subscriber(email=request.POST.get("email", ""), now=now()):
        messages.success(request, _("The address has been erased. No newsletter goes to it any more."))
    else:
        messages.error(request, _("Nobody has signed up with this address."))
    return redirect("newsletter_subscribers")


def _show(request: Request, found: Issue, **forms: Any) -> HttpResponse:
    context: dict[str, Any] = {
        "page_title": found.title,
        "header_icon": "mail",
        "issue": found,
        "contents": [(one, get_language_info(one.language)["name_translated"]) for one in found.contents.all()],
    }
    if found.state in UNDER_WAY:
        context |= _as_report(report_of(found), found, now())
    else:
        context |= {
            "reach": reach_of(request.tenant, found.chosen),
            "audience": AudienceForm(tenant=request.tenant, audience=found.chosen),
            "trial": TrialForm(initial={"email": request.user.email}, label_suffix=""),  # type: ignore[union-attr]
            "plan": PlanForm(initial={"version": found.version}, label_suffix=""),
        } | forms
    status = HTTPStatus.UNPROCESSABLE_ENTITY if forms else HTTPStatus.OK
    return render(request, "console/newsletters/issue.html", context, status=status)


def _as_report(report: Report, found: Issue, moment: datetime) -> dict[str, Any]:
    languages = {get_language_info(code)["name_translated"]: count for code, count in report.by_language.items()}
    took = (found.ended_at or moment) - (found.started_at or moment)
    return {
        "report": report,
        "bars": bars_of(report),
        "languages": bars_of_languages(languages),
        "minutes": max(1, round(took.total_seconds() / 60)),
    }


def _try(request: Request, found: Issue, act: Callable[[], None]) -> HttpResponse:
    """Do something to an issue, and say why where that is not possible."""
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("newsletter_issue", found.uuid)


def _send_soon(request: Request) -> None:
    """Let a worker begin at once; the scheduler would within a minute."""
    tenant_id = request.tenant.pk

    def begin() -> None:
        with platform_context():
            tasks.send_newsletters_of.delay(tenant_id)

    transaction.on_commit(begin)


class NewslettersMenuItem(MenuItem):
    """A menu item for those who have a right about newsletters."""

    def __init__(self, *args: Any, right: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.right = right

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user has it."""
        return request.user.has_perm(self.right)


def sending_menu_item() -> MenuItem:
    """Return the menu's entry of sending and reports."""
    return NewslettersMenuItem(
        gettext_lazy("Newsletters: sending"),
        reverse_lazy("newsletter_issues"),
        icon_name="mail",
        order=121,
        right=CHANGE_NEWSLETTERS,
    )


def subscribers_menu_item() -> MenuItem:
    """Return the menu's entry of who has signed up."""
    return NewslettersMenuItem(
        gettext_lazy("Newsletters: subscribers"),
        reverse_lazy("newsletter_subscribers"),
        icon_name="group",
        order=122,
        right=VIEW_SUBSCRIBERS,
    )


urlpatterns = [
    path("newsletters/", issue_list, name="newsletter_issues"),
    path("newsletters/subscribers/erase/", erase, name="erase_newsletter_subscriber"),
    path("newsletters/subscribers/", subscriber_list, name="newsletter_subscribers"),
    path("newsletters/<uuid:issue_uuid>/", issue, name="newsletter_issue"),
    path("newsletters/<uuid:issue_uuid>/look/<slug:language>/<slug:mode>/", look, name="newsletter_look"),
    path("newsletters/<uuid:issue_uuid>/recipients/", recipients, name="newsletter_recipients"),
    path("newsletters/<uuid:issue_uuid>/trial/", trial, name="newsletter_trial"),
    path("newsletters/<uuid:issue_uuid>/plan/", plan, name="newsletter_plan"),
    path("newsletters/<uuid:issue_uuid>/progress/", progress, name="newsletter_progress"),
    path("newsletters/<uuid:issue_uuid>/<slug:what>/", steer, name="newsletter_steer"),
]
