"""A friend's money (R19)."""

from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts.selectors import user_by_uuid
from crowd.selectors import country_of, friend_by_id
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of, typed
from friendhub.payouts.drawing import draw
from friendhub.payouts.forms import BankAccountForm
from friendhub.payouts.wants import wants_in_words
from journeys.money.payouts.pay_out import enter_account
from journeys.reads.payout_statement import PayoutStatement, statement_of
from kernel.clock import now
from kernel.files.spreadsheets import csv_file
from kernel.web.limits import limited
from kernel.wording.texts import pick
from payouts.calendar import next_pay_day, promised
from payouts.cash_limits import most_minor
from payouts.models import Payout
from payouts.selectors import account_of, payout_of_friend, payouts_of_friend, standings, unconfirmed
from payouts.states import REASONS_TO_FRIEND, Reason
from stripe_gateway.selectors import connect_accounts_of, takes_cards
from tax.kinds import BLOCK
from tax.selectors import asked_of, is_touched, seller_data_of

PAYOUTS_A_PAGE = 20
# Nobody changes an account so often in ten minutes.
MOST, WHILE_S = 20, 600
FIELDS = {
    "holder_is_missing": "holder",
    "not_an_iban": "iban",
    "iban_has_another_length": "iban",
    "iban_out_of_reach": "iban",
    "iban_for_bills": "iban",
}


@never_cache
@friend_required
@require_safe
def payouts(request: FriendRequest) -> HttpResponse:
    """Show what the friend is owed, what keeps it from them, and what was paid."""
    today = _today()
    stripe_account = connect_accounts_of([request.friend_id]).get(request.friend_id)
    found = sorted(standings([request.friend_id], today=today), key=lambda one: one.currency)
    friend = friend_by_id(request.friend_id)
    context = {
        "section": "profile",
        "part": "payouts",
        "friend": friend,
        "account": account_of(request.friend_id),
        "has_stripe": takes_cards(),
        "stripe_account": stripe_account,
        "wants": wants_in_words(stripe_account.wants) if stripe_account else [],
        "standings": [
            {
                "standing": one,
                "debt_minor": -one.owed.net_minor,
                "reason": REASONS_TO_FRIEND[one.reason],
                "limit_minor": most_minor(one.currency),
                "is_cashless": one.currency in friend.cashless_in,
                "is_near": one.currency in friend.cash_limit_near_in,
            }
            for one in found
            if one.payable_minor or one.owed.net_minor < 0
        ],
        "unconfirmed": unconfirmed(today, friend_id=request.friend_id),
        "mends": {Reason.NO_ACCOUNT, Reason.REFUSED, Reason.OTHER_CURRENCY},
        "next_pay_day": next_pay_day(today),
        "promised_days": promised().days,
        **_tax_details(request),
        "page": Paginator(payouts_of_friend(request.friend_id), PAYOUTS_A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "friendhub/payouts/payouts.html", context)


@limited(of="payout-account", most=MOST, within_s=WHILE_S)
@never_cache
@sensitive_post_parameters("password", "iban")
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: FriendRequest) -> HttpResponse:
    """Take the account to which the friend wants to be paid."""
    user, friend = user_by_uuid(request.friend_id), friend_by_id(request.friend_id)
    assert user is not None, "a friend is signed in"
    current = account_of(friend.pk)
    initial = {"holder": current.holder if current else str(friend)}
    form = BankAccountForm(typed(request), user=user, request=request, initial=initial)
    if form.is_bound and accepted(form, enter_account, FIELDS, friend_id=friend.pk, now=now()):
        messages.success(request, pgettext("friend", "Your bank account has been saved. We've sent you an email."))
        return redirect("friendhub:payouts")
    context = {"section": "profile", "part": "payouts", "form": form, "account": current, "email": user.email}
    return render(request, "friendhub/payouts/account.html", context, status=status_of(form))


@never_cache
@friend_required
@require_safe
def payout(request: FriendRequest, payout_id: UUID) -> HttpResponse:
    """Show the statement of a payout."""
    found = _payout(request, payout_id)
    context = {
        "section": "profile",
        "part": "payouts",
        "payout": found,
        "statement": statement_of(found),
        "country": country_of(request.friend_id),
    }
    return render(request, "friendhub/payouts/payout.html", context)


@never_cache
@friend_required
@require_safe
def payout_as_csv(request: FriendRequest, payout_id: UUID) -> HttpResponse:
    """Give the statement as a file."""
    found = _payout(request, payout_id)
    return csv_file("payout", statement_lines(statement_of(found), request.LANGUAGE_CODE), on=_day(found))


@limited(of="payout-pdf", most=MOST, within_s=WHILE_S)
@never_cache
@friend_required
@require_safe
def payout_as_pdf(request: FriendRequest, payout_id: UUID) -> HttpResponse:
    """Give the statement as PDF."""
    found = _payout(request, payout_id)
    name = f"{settings.PAYOUT_SENDER}-{_day(found):%Y-%m-%d}.pdf"
    return HttpResponse(
        draw(statement_of(found), friend_by_id(request.friend_id)),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)},
    )


def statement_lines(statement: PayoutStatement, language: str) -> list[tuple[str | int | date, ...]]:
    """Return the lines of a statement's file, amounts in minor units: the jobs, and what makes the amount of them."""
    paid = statement.payout
    lines: list[tuple[str | int | date, ...]] = [
        (
            "day",
            "job",
            "place",
            "price_minor",
            "commission_minor",
            "tip_minor",
            "you_get_minor",
            "cash_minor",
            "currency",
        )
    ]
    for one in statement.lines:
        named = pick(one.job.package_name, language) if one.job else one.event
        place = f"{one.job.postal_code} {one.job.town}" if one.job else ""
        figures = (one.price_minor, one.commission_minor, one.tip_minor, one.earned_minor, one.cash_minor)
        lines.append((one.on, named, place, *figures, paid.currency))
    for name, minor in (
        ("carried_over", statement.carried_minor), ("due", paid.due_minor), ("paid", paid.amount_minor),
        ("left", statement.left_minor),
    ):  # fmt: skip
        lines.append((_day(paid), name, "", "", "", "", minor, "", paid.currency))
    return lines


def _tax_details(request: FriendRequest) -> dict[str, Any]:
    """Return what the page says of the friend's tax details, and the country that it follows from."""
    country, known, asked = country_of(request.friend_id), seller_data_of(request.friend_id), None
    if known is None:
        asked = asked_of(request.friend_id)
    return {
        "country": country,
        "seller_data": known,
        "needs_tax_details": is_touched(country),
        "asked": asked,
        "last_day": timezone.localdate(asked.asked_at + BLOCK) if asked else None,
    }


def _payout(request: FriendRequest, payout_id: UUID) -> Payout:
    try:
        return payout_of_friend(payout_id, request.friend_id)
    except Payout.DoesNotExist as error:
        raise Http404 from error


def _day(payout: Payout) -> date:
    return timezone.localdate(payout.ordered_at)


def _today() -> date:
    return timezone.localdate(now())
