"""Occasions and accounts to book with, and what the books hold."""

import inspect
import random
from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Sum

from kernel.clock import now
from ledger import chart, events
from ledger.chart import AccountName
from ledger.events import Occasion
from ledger.kinds import CURRENCIES
from ledger.models import Entry
from ledger.services import About, Posting

TODAY = date(2026, 11, 24)
BEN = UUID(int=0xBE)
CEM = UUID(int=0xCE)
NORD, SUED = 1_001, 1_002
PROVIDERS = (chart.STRIPE, chart.SUMUP, chart.BANK)


def occasion(act: int = 1, *, currency: str = "CHF", on: date = TODAY, tenant_id: int = NORD) -> Occasion:
    """Return an act about a job of its own."""
    about = About(tenant_id=tenant_id, order_id=UUID(int=act), job_id=UUID(int=act))
    return Occasion(act=UUID(int=act), currency=currency, on=on, at=now(), about=about)


def all_events() -> dict[str, Callable[..., Posting]]:
    """Return the functions of the events by name, in the order of their file."""
    return {
        name: found
        for name, found in vars(events).items()
        if inspect.isfunction(found) and not name.startswith("_") and found.__module__ == events.__name__
    }


def made_up(event: str, dice: random.Random, act: int, *, on: date = TODAY) -> tuple[Posting, dict[str, Any]]:
    """Return the event with random figures and holders, and what was said to it."""
    function = all_events()[event]
    friend_id = dice.choice([BEN, CEM])
    said: dict[str, Any] = {
        # The bank transfers nothing to itself.
        "provider": dice.choice(PROVIDERS[:-1] if event in {"provider_paid_out", "provider_took_back"} else PROVIDERS),
        "worker": dice.choice([chart.friend, chart.pro])(friend_id),
        "friend_id": friend_id,
        "tenant_id": dice.choice([NORD, SUED]),
    }
    said |= {name: dice.randint(1, 100_000) for name in inspect.signature(function).parameters if name not in said}
    said["occasion"] = occasion(act, currency=dice.choice(CURRENCIES), on=on)
    used = {name: said[name] for name in inspect.signature(function).parameters}
    return function(**used), said


def held() -> dict[tuple[str, str], int]:
    """Return what each account holds, debit positive, by its id and currency, straight from the entries."""
    sums = Entry.objects.values_list("account_id", "account__currency").annotate(Sum("amount_minor")).order_by()
    return {(str(account), currency): int(amount) for account, currency, amount in sums}


def owed(account: AccountName, currency: str = "CHF") -> int:
    """Return what an account holds, debit positive."""
    return held().get((str(account.id_in(currency)), currency), 0)


def settle_constraints() -> None:
    """Let the database check now what it checks at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
