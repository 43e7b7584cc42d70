"""Operators pay friends: what is late first, then runs, bank files, payouts and holds (R19)."""

from datetime import date
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.models import Friend
from crowd.selectors import friend_by_id, names_of, search_friends
from journeys.money.payouts.pay_out import confirm_file, hold_payouts, lift_hold, refuse_payout, take_file
from journeys.money.payouts.transfers import take_back_transfer
from kernel.clock import now
from kernel.errors import DomainError
from kernel.files.spreadsheets import csv_file
from operators.access import OperatorRequest, operator_required
from operators.listing import A_PAGE, listed
from operators.payouts.forms import MoneyForm, PayoutsForm, ReasonForm, RunForm, RunsForm, WaitingForm
from payouts.calendar import next_pay_day, promised
from payouts.errors import ReasonIsMissing
from payouts.models import Payout, Run, Waiting
from payouts.selectors import (
    account_of,
    alarms,
    files_of,
    hold_of,
    payout_by_id,
    payouts,
    payouts_of_friend,
    run_by_id,
    runs,
    standings,
    transfers_of,
    unconfirmed,
)
from payouts.selectors import waiting as waiting_money
from payouts.services import start_run
from payouts.states import PayoutState
from stripe_gateway.selectors import connect_accounts_of

LATE_SHOWN = 20
FRIENDS_SEARCHED = 200


@operator_required
@require_safe
def waiting(request: OperatorRequest) -> HttpResponse:
    """Show what is late, and below it all money that waits, with the reason."""
    form, today = WaitingForm(request.GET), _today()
    late, stuck = list(waiting_money(overdue_on=today)[:LATE_SHOWN]), list(unconfirmed(today)[:LATE_SHOWN])
    context = {
        "section": "payouts",
        "part": "waiting",
        "late": _named(late),
        "stuck": _named(stuck),
        "alarms": alarms(today),
        "promised_days": promised().days,
        "next_pay_day": next_pay_day(today),
        **listed(
            request, _waiting(form), form, heading=_("Waiting money"), csv="waiting_csv",
            nothing=_("No money is waiting."), with_facts=_named,
        ),
    }  # fmt: skip
    return render(request, "operators/payouts/waiting.html", context)


@operator_required
@require_safe
def waiting_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    found = list(_waiting(WaitingForm(request.GET)))
    names = names_of({one.friend_id for one in found})
    lines: list[tuple[Any, ...]] = [("friend", "name", "currency", "amount_minor", "since", "reason")]
    lines += [
        (one.friend_id, names.get(one.friend_id, ""), one.currency, one.amount_minor, one.since, one.reason)
        for one in found
    ]
    return csv_file("waiting", lines, on=_today())


@operator_required
@require_safe
def payout_list(request: OperatorRequest) -> HttpResponse:
    """List payouts, latest first."""
    form = PayoutsForm(request.GET)
    found = listed(
        request, _payouts(form), form, heading=_("Payouts"), csv="payouts_csv",
        nothing=_("Nothing has been paid out yet."), with_facts=_named,
    )  # fmt: skip
    context = {"section": "payouts", "part": "payouts", **found}
    return render(request, "operators/payouts/payouts.html", context)


@operator_required
@require_safe
def payouts_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole; of an account it holds the last digits alone."""
    found = list(_payouts(PayoutsForm(request.GET)))
    names = names_of({one.friend_id for one in found})
    lines: list[tuple[Any, ...]] = [
        ("payout", "run", "file", "friend", "name", "account", "currency", "amount_minor", "netted_minor", "state",
         "ordered", "settled", "settled_by", "reason")
    ]  # fmt: skip
    lines += [
        (one.pk, one.run_id, one.file_number or "", one.friend_id, names.get(one.friend_id, ""),
         str(one.goes_to or ""), one.currency, one.amount_minor, one.netted_minor, one.state, one.ordered_at,
         one.settled_at or "", one.settled_by, one.why)
        for one in found
    ]  # fmt: skip
    return csv_file("payouts", lines, on=_today())


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def payout(request: OperatorRequest, payout_id: UUID) -> HttpResponse:
    """Show a payout; take the bank's refusal."""
    form = ReasonForm(request.POST or None, label_suffix="")
    if form.is_bound and form.is_valid():
        try:
            refuse_payout(payout_id=payout_id, who=_who(request), now=now(), **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Marked as refused. The friend has been notified."))
        return redirect("operators:payout", payout_id)
    found = _payout(payout_id)
    context = {
        "section": "payouts",
        "part": "payouts",
        "payout": found,
        "name": names_of([found.friend_id]).get(found.friend_id, ""),
        "may_be_refused": not found.by_transfer and found.state in {PayoutState.ORDERED, PayoutState.CONFIRMED},
        "may_be_taken_back": found.by_transfer and found.state == PayoutState.CONFIRMED,
        "form": form,
    }
    return render(request, "operators/payouts/payout.html", context, status=_status(form))


@operator_required
@require_POST
def take_back(request: OperatorRequest, payout_id: UUID) -> HttpResponse:
    """Take a transfer back from the friend's account at Stripe."""
    form, found = ReasonForm(request.POST, label_suffix=""), _payout(payout_id)
    if form.is_valid():
        try:
            is_done = take_back_transfer(payout_id=found.pk, who=_who(request), now=now(), **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            done = _("The transfer has come back. The friend has been notified.")
            messages.success(request, done if is_done else _("Stripe can't be reached. It is asked again by itself."))
    else:
        messages.error(request, str(ReasonIsMissing.message))
    return redirect("operators:payout", payout_id)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def run_list(request: OperatorRequest) -> HttpResponse:
    """List runs, latest first; begin one."""
    run_form, form = RunForm(request.POST or None), RunsForm(request.GET)
    if run_form.is_bound and run_form.is_valid():
        return _begin(request, run_form.cleaned_data["currency"], None)
    context = {
        "section": "payouts",
        "part": "runs",
        "run_form": run_form,
        "next_pay_day": next_pay_day(_today()),
        **listed(
            request, _runs(form), form, heading=_("Payout runs"), csv="runs_csv",
            nothing=_("No runs yet."), with_facts=_with_one_friend,
        ),
    }  # fmt: skip
    return render(request, "operators/payouts/runs.html", context, status=_status(run_form))


@operator_required
@require_safe
def runs_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    lines: list[tuple[Any, ...]] = [
        ("run", "currency", "pay_day", "asked_by", "friend", "begun", "finished", "payouts", "total_minor")
    ]
    lines += [
        (one.pk, one.currency, one.due_on or "", one.asked_by, one.friend_id or "", one.begun_at,
         one.finished_at or "", one.payouts_count, one.total_minor)
        for one in _runs(RunsForm(request.GET))
    ]  # fmt: skip
    return csv_file("payout-runs", lines, on=_today())


@operator_required
@require_safe
def run(request: OperatorRequest, run_id: UUID) -> HttpResponse:
    """Show a run with its bank files and payouts."""
    found = _run(run_id)
    page = Paginator(payouts(run_id=found.pk), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "payouts",
        "part": "runs",
        "run": found,
        "files": files_of(found),
        "transfers": transfers_of(found),
        "page": page,
        "rows": _named(list(page)),
    }
    return render(request, "operators/payouts/run.html", context)


@operator_required
@require_POST
def file(request: OperatorRequest, run_id: UUID, file_number: int) -> HttpResponse:
    """Give a bank file, and write down who took it."""
    try:
        content = take_file(run_id=_run(run_id).pk, file_number=file_number, who=_who(request), now=now())
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("operators:payout_run", run_id)
    name = f"payouts-{_run(run_id).currency}-{run_id.hex[:8]}-{file_number}.xml"
    return HttpResponse(
        content, content_type="application/xml", headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


@operator_required
@require_POST
def confirm(request: OperatorRequest, run_id: UUID, file_number: int) -> HttpResponse:
    """Book that the bank has carried out a file."""
    try:
        count = confirm_file(run_id=_run(run_id).pk, file_number=file_number, who=_who(request), now=now())
    except DomainError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)d payout has been confirmed.", "%(count)d payouts have been confirmed.", count)
        messages.success(request, said % {"count": count})
    return redirect("operators:payout_run", run_id)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def friend(request: OperatorRequest, friend_id: UUID) -> HttpResponse:
    """Show how it stands with a friend's money; put their payouts on hold."""
    form = ReasonForm(request.POST or None, label_suffix="")
    found = _friend(friend_id)
    if form.is_bound and form.is_valid():
        try:
            hold_payouts(friend_id=friend_id, who=_who(request), now=now(), **form.cleaned_data)
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The payouts are on hold. The friend has been notified."))
        return redirect("operators:payouts_of_friend", friend_id)
    context = {
        "section": "payouts",
        "part": "waiting",
        "friend": found,
        "standings": standings([friend_id], today=_today()),
        "account": account_of(friend_id),
        "stripe_account": connect_accounts_of([friend_id]).get(friend_id),
        "hold": hold_of(friend_id),
        "form": form,
        "page": Paginator(payouts_of_friend(friend_id), A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "operators/payouts/friend.html", context, status=_status(form))


@operator_required
@require_POST
def lift(request: OperatorRequest, friend_id: UUID) -> HttpResponse:
    """Let a friend be paid again."""
    if lift_hold(friend_id=_friend(friend_id).pk, who=_who(request), now=now()):
        messages.success(request, _("The friend's payouts continue."))
    return redirect("operators:payouts_of_friend", friend_id)


@operator_required
@require_POST
def pay(request: OperatorRequest, friend_id: UUID) -> HttpResponse:
    """Pay one friend now, in one currency."""
    return _begin(request, request.POST.get("currency", ""), _friend(friend_id).pk)


def _begin(request: OperatorRequest, currency: str, friend_id: UUID | None) -> HttpResponse:
    try:
        begun = start_run(currency=currency, who=_who(request), now=now(), friend_id=friend_id)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("operators:payout_runs")
    messages.success(request, _("The run has begun. Its bank file will be ready within minutes."))
    return redirect("operators:payout_run", begun.pk)


def _waiting(form: WaitingForm) -> QuerySet[Waiting]:
    return waiting_money(friend_ids=_searched(form), reason=form.said("kind"), currency=form.said("currency"))


def _payouts(form: PayoutsForm) -> QuerySet[Payout]:
    return payouts(friend_ids=_searched(form), state=form.said("kind"), currency=form.said("currency"))


def _runs(form: RunsForm) -> QuerySet[Run]:
    return runs(friend_ids=_searched(form), state=form.said("kind"), currency=form.said("currency"))


def _with_one_friend(found: list[Run]) -> list[tuple[Run, str]]:
    """Return runs, with the friend's name where a run was for one."""
    names = names_of({one.friend_id for one in found if one.friend_id})
    return [(one, names.get(one.friend_id, str(one.friend_id)) if one.friend_id else "") for one in found]


def _searched(form: MoneyForm) -> list[UUID] | None:
    """Return who is meant by what is typed of a name; None where nothing is."""
    words = form.said("q")
    return list(search_friends(words).values_list("pk", flat=True)[:FRIENDS_SEARCHED]) if words else None


def _named(found: list[Any]) -> list[tuple[Any, str]]:
    """Return payouts, or money that waits, with the friends' names."""
    names = names_of({one.friend_id for one in found})
    return [(one, names.get(one.friend_id, "")) for one in found]


def _payout(payout_id: UUID) -> Payout:
    try:
        return payout_by_id(payout_id)
    except Payout.DoesNotExist as error:
        raise Http404 from error


def _run(run_id: UUID) -> Run:
    try:
        return run_by_id(run_id)
    except Run.DoesNotExist as error:
        raise Http404 from error


def _friend(friend_id: UUID) -> Friend:
    try:
        return friend_by_id(friend_id)
    except Friend.DoesNotExist as error:
        raise Http404 from error


def _who(request: OperatorRequest) -> str:
    return request.operator.email


def _status(form: Any) -> HTTPStatus:
    return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound and form.errors else HTTPStatus.OK


def _today() -> date:
    return timezone.localdate(now())
