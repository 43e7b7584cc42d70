"""Operators read the books, take them away as files, and close them (R19)."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from crowd.selectors import names_of, search_friends
from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from ledger.errors import UnableToClose
from ledger.models import Account
from ledger.selectors import (
    StatementRow,
    TrialRow,
    account_by_id,
    accounts,
    closed_through,
    entries_of,
    statement,
    trial_balance,
    with_balance,
)
from ledger.services import close_period
from operators.access import OperatorRequest, operator_required
from operators.ledger.forms import AccountsForm, CloseForm, PeriodForm, TrialForm
from operators.listing import listed
from tenants.selectors import partner_names, partners

ENTRIES_A_PAGE = 50
FRIENDS_SEARCHED = 200


@operator_required
@require_safe
def trial(request: OperatorRequest) -> HttpResponse:
    """Show what all accounts held before a period, what moved, and what they hold after it."""
    form = TrialForm(request.GET, today=_today(), partners=list(partners()))
    since, until = form.period()
    rows = trial_balance(since=since, until=until, tenant_id=form.partner_id())
    context = {
        "section": "ledger",
        "part": "trial",
        "form": form,
        "close_form": CloseForm(initial={"through": _today().replace(day=1) - timedelta(days=1)}),
        "closed_through": closed_through(),
        "currencies": _by_currency(rows),
        "since": since,
        "until": until,
        "query": request.GET.urlencode(),
    }
    return render(request, "operators/ledger/trial.html", context)


@operator_required
@require_safe
def trial_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the trial balance as a file."""
    form = TrialForm(request.GET, today=_today(), partners=list(partners()))
    since, until = form.period()
    rows = trial_balance(since=since, until=until, tenant_id=form.partner_id())
    lines = [
        ("since", "until", "kind", "currency", "opening_minor", "debit_minor", "credit_minor", "closing_minor"),
        *(
            (since, until, row.kind.value, row.currency, row.opening_minor, row.debit_minor, row.credit_minor,
             row.closing_minor)
            for row in rows
        ),
    ]  # fmt: skip
    return csv_file("trial-balance", lines, on=_today())


@operator_required
@require_POST
def close(request: OperatorRequest) -> HttpResponse:
    """Close the books through a day, for ever."""
    form = CloseForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Please choose a day."))
        return redirect("operators:ledger")
    try:
        close_period(through=form.cleaned_data["through"], who=request.operator.email, today=_today(), now=now())
    except UnableToClose as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The books are closed through that day."))
    return redirect("operators:ledger")


@operator_required
@require_safe
def account_list(request: OperatorRequest) -> HttpResponse:
    """List accounts with what they hold."""
    form = AccountsForm(request.GET, partners=list(partners()))
    found = listed(
        request, _found(form), form, heading=pgettext("ledger", "Accounts"), csv="ledger_accounts_csv",
        nothing=_("Nothing is booked here."), with_facts=_with_names,
    )  # fmt: skip
    return render(request, "operators/ledger/accounts.html", {"section": "ledger", "part": "accounts", **found})


@operator_required
@require_safe
def accounts_as_csv(request: OperatorRequest) -> HttpResponse:
    """Give the same list as a file, whole."""
    found = _with_names(_found(AccountsForm(request.GET, partners=list(partners()))))
    lines = [
        ("account", "kind", "holder", "currency", "balance_minor"),
        *((one.pk, one.kind, holder, one.currency, balance) for one, holder, balance in found),
    ]
    return csv_file("accounts", lines, on=_today())


@operator_required
@require_safe
def account(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    """Show the statement of an account for some days."""
    found = _account(account_id)
    form = PeriodForm(request.GET, today=_today())
    since, until = form.period()
    page = Paginator(entries_of(found, since=since, until=until), ENTRIES_A_PAGE).get_page(request.GET.get("page"))
    shown = statement(found, since=since, until=until, offset=max(page.start_index() - 1, 0), limit=ENTRIES_A_PAGE)
    query = request.GET.copy()
    query.pop("page", None)
    ((_same, holder, balance),) = _with_names(with_balance(accounts(ids=[found.pk])))
    context = {
        "section": "ledger",
        "part": "accounts",
        "account": found,
        "holder": holder,
        "balance": balance,
        "form": form,
        "page": page,
        "opening": found.sign * shown.opening_minor,
        "rows": [(row.entry, found.sign * row.balance_minor) for row in shown.rows],
        "query": query.urlencode(),
        "since": since,
    }
    return render(request, "operators/ledger/account.html", context)


@operator_required
@require_safe
def account_as_csv(request: OperatorRequest, account_id: UUID) -> HttpResponse:
    """Give the statement as a file, whole."""
    found = _account(account_id)
    since, until = PeriodForm(request.GET, today=_today()).period()
    return csv_file("statement", _statement_lines(found, statement(found, since=since, until=until).rows), on=_today())


def _statement_lines(found: Account, rows: Iterable[StatementRow]) -> Iterable[tuple[Any, ...]]:
    yield "booked_on", "event", "order", "job", "currency", "debit_minor", "credit_minor", "balance_minor", "key"
    for row in rows:
        made, amount = row.entry.transaction, row.entry.amount_minor
        yield (
            made.booked_on, made.event, made.order_id or "", made.job_id or "", found.currency, max(amount, 0),
            max(-amount, 0), found.sign * row.balance_minor, made.key,
        )  # fmt: skip


def _found(form: AccountsForm) -> Any:
    wanted = form.wanted()
    if words := form.said("q"):
        wanted["friend_ids"] = list(search_friends(words).values_list("pk", flat=True)[:FRIENDS_SEARCHED])
        if not wanted["friend_ids"]:
            return Account.objects.none()
    return with_balance(accounts(**wanted))


def _with_names(found: Iterable[Any]) -> list[tuple[Account, str, int]]:
    """Return accounts with their holders' names and what they hold, positive where they usually stand."""
    rows = list(found)
    of_partners = partner_names({one.tenant_id for one in rows if one.tenant_id})
    of_friends = names_of({one.friend_id for one in rows if one.friend_id})
    return [
        (one, of_partners.get(one.tenant_id) or of_friends.get(one.friend_id) or "", one.sign * one.balance_minor)
        for one in rows
    ]


def _by_currency(rows: Iterable[TrialRow]) -> list[tuple[str, list[TrialRow], dict[str, int]]]:
    """Return the rows of each currency with their sums."""
    found: dict[str, list[TrialRow]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append(row)
    names = ("opening_minor", "debit_minor", "credit_minor", "closing_minor")
    return [
        (currency, part, {name: sum(getattr(row, name) for row in part) for name in names})
        for currency, part in found.items()
    ]


def _account(account_id: UUID) -> Account:
    try:
        return account_by_id(account_id)
    except Account.DoesNotExist as error:
        raise Http404 from error


def _today() -> date:
    return timezone.localdate(now())
