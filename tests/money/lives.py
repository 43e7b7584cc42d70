"""Random lives of orders, from the booking to whatever end, and what everybody must have in the books afterwards.

What a friend must have comes from what the app had promised them before they said yes: nothing here reads the ledger's
or the order's own figures in order to know what is right.
"""

import random
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid4

from django.db import transaction
from django.test import override_settings

from billing.methods import CARD, CASH, INVOICE, SITE_CARD
from catalog.models import Package, Price
from crowd.models import Friend, ProCountry
from dispatch.models import Job, Offer
from dispatch.states import LIVE_OFFERS, Channel, JobState
from dispatch.working.disruptions import owed_if_ended
from journeys.money.incoming.card import due_by_card
from journeys.order.booking.book_package import book_package
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.ask_friends import ask_next_friends
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.paying.pay_by_card import NotWaiting, look_after, open_card_page
from journeys.order.paying.pay_on_site import ask_for_card
from journeys.order.working.agree_date import accept_date_as_customer, contact_customer, propose_date_as_friend
from journeys.order.working.complete_job import complete_job, confirm_completion, rate_completion
from journeys.order.working.escalate_to_pro import (
    approve_pro,
    decline_pro,
    escalate_to_pro,
    lapse_escalation,
    prospect_of,
)
from journeys.order.working.extra_work import accept_extra, decline_extra, propose_extra, take_extra_back
from journeys.order.working.no_show import end_for_absent_customer, report_no_show_as_friend
from journeys.order.working.not_done import report_rest_done, say_not_done, settle_objection
from journeys.order.working.unreachable import log_attempt, reopen_order, report_unreachable
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from ledger.kinds import AccountKind
from ledger.models import Account, Entry
from ledger.selectors import with_balance
from orders.models import BookingDraft, Order
from orders.selectors import order_by_uuid
from orders.states import ObjectionOutcome, Side, Source
from stripe_gateway import client
from stripe_gateway.client import Page
from stripe_gateway.models import CardPayment
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, register_friend, wished_windows
from tests.ledger.books import settle_constraints
from tests.money.held import assert_balance
from tests.money.vouchers import make_vouchers
from tests.overflow import agree

MANY_JOBS = 30_000
SEED = 12
LOOK_EVERY = 50
# Partner, place of the customer, where friends live.
PLACES: dict[str, dict[str, Any]] = {
    "nord": {"country": "DE", "postal_code": "10115", "at": (52.53, 13.38), "phone": "030 1234567"},
    "sued": {"country": "CH", "postal_code": "8001", "at": (47.37, 8.54), "phone": "044 123 45 67"},
}
Promised = Counter[UUID]


def settle_everybody(partners: list[Tenant]) -> None:
    """Let five friends, of whom one is a pro, live near each place of customers, and two of other communities."""
    crowd = {partner.slug: partners[place - 1].pk for place, partner in enumerate(partners)}
    for partner in partners:
        place = PLACES[partner.slug]
        lives = {
            "country": place["country"], "postal_code": place["postal_code"], "latitude": place["at"][0],
            "longitude": place["at"][1], "max_open_jobs": MANY_JOBS,
        }  # fmt: skip
        for number in range(5):
            register_friend(f"{partner.slug}{number}", km=1, communities=[partner.pk], **lives)
        for number in range(2):
            name = f"{partner.slug}crowd{number}"
            register_friend(name, km=1, communities=[crowd[partner.slug]], in_shared_crowd=True, **lives)
        ProCountry.objects.get_or_create(country=place["country"], defaults={"enabled_at": now(), "enabled_by": "Olga"})
        agree(partner, partner_share_bp=3_333, commission_bp=1_850)
    pros = Friend.objects.filter(first_name__endswith="0")
    pros.update(is_pro=True, pro_until=now().date() + timedelta(days=365))


class Till:
    """Stands in for what speaks to Stripe: whatever page is opened is paid at once, whatever is to go back goes."""

    def __init__(self) -> None:
        self.pages: dict[str, Mapping[str, Any]] = {}

    def open_page(self, asked: Mapping[str, Any], *, key: str) -> str:
        self.pages[key] = asked
        return key

    def read_page(self, session_id: str) -> Page:
        asked = self.pages[session_id]
        price = asked["line_items"][0]["price_data"]
        amount = price["unit_amount"]
        return Page(
            session_id=session_id, url="https://pay.example", status="complete", is_paid=True, amount_minor=amount,
            received_minor=amount, currency=price["currency"].upper(), reference=asked["client_reference_id"],
            intent_id=f"pi:{session_id}",
        )  # fmt: skip

    def close_page(self, session_id: str) -> None:
        """Do nothing: each is paid already."""

    def give_back(self, intent_id: str, *, key: str, **_said: Any) -> tuple[str, bool]:
        return f"re:{key}", True


def play(partners: list[Tenant], count: int, *, first: int = 0) -> Counter[str]:
    """Play ``count`` random lives from number ``first`` on, one after the other in the same books; return the ends.

    Fails at the first life after which somebody's account is wrong by a minor unit, and says which it was.
    """
    till = Till()
    taught = {name: getattr(till, name) for name in ("open_page", "read_page", "close_page", "give_back")}
    with override_settings(STRIPE_KEY="sk_test_lives"), patch.multiple(client, **taught):
        settle_everybody(partners)
        before, promised = owed_to_friends(), Counter[UUID]()
        ends: Counter[str] = Counter()
        for number in range(first, first + count):
            life = Life(partners[number % len(partners)], random.Random(f"{SEED}:{number}"))
            try:
                life.live()
                life.check()
            except BaseException as error:
                error.add_note(f"life {number}")
                raise
            promised += life.promised
            ends[life.state] += 1
            if number % LOOK_EVERY == 0 or number == first + count - 1:
                assert_balance()
                owed = owed_to_friends()
                owed.subtract(before)
                assert {friend_id: amount for friend_id, amount in owed.items() if amount} == promised
    assert set(ends) == {"cancelled", "confirmed"}, ends
    assert min(ends.values()) > count // 10, ends
    return ends


def owed_to_friends() -> Promised:
    """Return what the books owe each friend, in whatever currency: each works near one place only."""
    owed: Promised = Counter()
    for account in with_balance(Account.objects.filter(kind__in=["friend", "pro"])):
        owed[account.friend_id] -= account.balance_minor  # type: ignore[index, attr-defined]  # of a friend, annotated
    return Counter({friend_id: amount for friend_id, amount in owed.items() if amount})


class CrashError(Exception):
    """The process has died, and the transaction with it."""


class OverError(Exception):
    """The order has ended."""


class Life:
    """One order, played by customer, friends and manager; ``promised`` says what each friend must get for it."""

    def __init__(self, tenant: Tenant, dice: random.Random) -> None:
        self.dice, self.now = dice, now()
        self.promised: Promised = Counter()
        self.cash = self.covered = 0
        self.is_done = self.is_refunded = False
        self.state = ""
        terms = {
            "commission_bp": dice.randint(0, 4_000),
            "pro_surcharge_bp": dice.randint(0, 8_000),
            "diagnosis_bp": dice.choice([0, 3_333, 5_000, 10_000]),
            "no_show_bp": dice.choice([0, 2_500, 6_667]),
        }
        Tenant.objects.filter(pk=tenant.pk).update(**terms)
        self.tenant = Tenant.objects.get(pk=tenant.pk)

    def live(self) -> None:
        """Play until the order has ended."""
        with suppress(OverError):
            self._live()

    def _live(self) -> None:
        self._book()
        self._maybe_cancel(8)
        self._find_friend()
        if self._happens(8):
            self._act(give_back_job, job_id=self.job.pk, friend_id=self.friend, reason="ill", words="")
            self._find_friend()
        self._maybe_cancel(6)
        if self._happens(8):
            self._customer_is_absent()
        if self._happens(10):
            self._cannot_be_reached()
        self._act(contact_customer, job_id=self.job.pk, friend_id=self.friend)
        if self._happens(30):
            self._hand_over()
        self._maybe_cancel(4)
        if self._happens(25):
            self._propose_extra()
        self._close()
        self._confirm()

    def _book(self) -> None:
        place = PLACES[self.tenant.slug]
        self.method = self.dice.choice([CASH.code, INVOICE.code, CARD.code, SITE_CARD.code])
        with tenant_context(self.tenant):
            price = self.dice.randint(2_500, 40_000)
            Price.objects.update(amount_minor=price)
            data = {
                "place": {"country": place["country"], "postal_code": place["postal_code"]},
                "questions": {"provider": "1", "rooms": "3", "problem": "The signal is weak."},
                "times": {"windows": wished_windows()},
                "contact": ADA | {"phone": place["phone"]},
                "payment": {"method": self.method},
            }
            data |= self._let_partner_bear(price)
            package = Package.objects.get()
            draft = BookingDraft.objects.create(package=package, data=data, source=Source.WEB, created_at=self.now)
            self.order = self._act(book_package, draft_id=draft.pk, language="en")
        self._look_after_cards()

    def _let_partner_bear(self, price: int) -> dict[str, dict[str, str]]:
        """Let the partner pay the package, or the customer have a voucher, and say what the booking types of it."""
        is_paid, has_voucher = self._happens(15), self._happens(25)
        Package.objects.update(is_paid_by_partner=is_paid)
        self.covered = price if is_paid else 0
        if is_paid or not has_voucher:
            return {}
        amount = 5 * self.dice.randint(1, 8_000)
        code, currency = f"LIFE{uuid4().hex[:12]}", Price.objects.get().currency
        make_vouchers(self.tenant, amount_minor=amount, currency=currency, code=code)
        self.covered = min(amount, price)
        return {"voucher": {"code": code}}

    def _look_after_cards(self) -> None:
        """Let what was paid by card arrive, and what goes back go, as a webhook or the sweep would: mostly twice."""
        if self.method not in {CARD.code, SITE_CARD.code}:
            return
        for payment in CardPayment.objects.filter(order_id=self.order.uuid):
            for _time in range(self.dice.randint(1, 2)):
                look_after(payment.pk, now=self.now)

    def _find_friend(self) -> None:
        """Let somebody accept, of the partner's own community or, after many a no, of another one."""
        wants_others = self._happens(15)
        while True:
            offers = list(Offer.objects.filter(job=self.job, state__in=LIVE_OFFERS).order_by("id"))
            if not offers:
                self._wait_for_offers()
                continue
            if not wants_others or any(offer.crossing_id for offer in offers):
                break
            for offer in offers:
                decline_offer(job_id=self.job.pk, friend_id=offer.friend_id, reason="no_time", now=self.now)
        self.friend = self.dice.choice(offers).friend_id
        shown = job_for_friend(job_id=self.job.pk, friend_id=self.friend)
        self.offered = shown.job.friend_minor
        self._act(accept_offer, job_id=self.job.pk, friend_id=self.friend)

    def _wait_for_offers(self) -> None:
        job = self.job
        if job.state == JobState.SEARCHING:
            self._pass(minutes=31)
            ask_next_friends(job_id=job.pk, after_wave=job.wave, now=self.now)
        else:
            self._maybe_cancel(100)

    def _customer_is_absent(self) -> None:
        starts_at = self.now + timedelta(days=1)
        date = propose_date_as_friend(
            job_id=self.job.pk, friend_id=self.friend, starts_at=starts_at, is_meant=True, now=self.now
        )
        with tenant_context(self.tenant):
            accept_date_as_customer(order=self.fresh, appointment_id=date.pk, now=self.now)
        self._pass(minutes=24 * 60 + 20)
        report_no_show_as_friend(job_id=self.job.pk, friend_id=self.friend, words="Rang", now=self.now)
        self.promised[self.friend] += owed_if_ended(self.job)
        self._inside(
            end_for_absent_customer, order=self.fresh, tenant_id=self.tenant.pk, search=self.job.search, who="Maja"
        )
        raise OverError

    def _cannot_be_reached(self) -> None:
        for channel in (Channel.PHONE, Channel.PHONE, Channel.SMS, Channel.PHONE, Channel.PHONE):
            log_attempt(job_id=self.job.pk, friend_id=self.friend, channel=channel, note="", now=self.now)
            self._pass(minutes=7 * 60)
        self.promised[self.friend] += owed_if_ended(self.job)
        self._act(report_unreachable, job_id=self.job.pk, friend_id=self.friend)
        if self._happens(40):
            raise OverError
        self._inside(reopen_order, order=self.fresh, tenant_id=self.tenant.pk, who="Maja")
        self._maybe_cancel(20)
        self._find_friend()

    def _hand_over(self) -> None:
        """Hand over to a pro where one is near; with a no the diagnosis is the work."""
        prospect = prospect_of(self.job, now=self.now)
        if prospect.obstacle is not None:
            return
        self.promised[self.friend] += prospect.after.diagnosis_minor
        self._act(escalate_to_pro, job_id=self.job.pk, friend_id=self.friend, diagnosis="The cable is broken.")
        self._maybe_cancel(10)
        if self._happens(40):
            self.offered = 0
            if self._happens(50):
                self._inside(decline_pro, order=self.fresh)
            else:
                self._act(lapse_escalation, job=self.job)
            self._confirm()
        if due_by_card(self.fresh) and self._happens(50):
            # The till has it paid before anybody could be led to its page.
            with tenant_context(self.tenant), suppress(NotWaiting):
                open_card_page(order=self.fresh, language="en", now=self.now)
        else:
            self._inside(approve_pro, order=self.fresh)
        self._maybe_cancel(10)
        self._find_friend()
        if self._happens(15):
            self._cannot_be_reached()
        self._act(contact_customer, job_id=self.job.pk, friend_id=self.friend)

    def _propose_extra(self) -> None:
        """Propose extra work or a lower price; with a yes the app promises another part from then on."""
        change = 5 * self.dice.randint(-400, 1_000) or 5
        extra = propose_extra(
            job_id=self.job.pk, friend_id=self.friend, words="More", minutes=20, change_minor=change, now=self.now
        )
        self._maybe_cancel(10)
        if self._happens(25):
            self._inside(decline_extra, order=self.fresh, extra_id=extra.pk)
            return
        if self._happens(15):
            take_extra_back(job_id=self.job.pk, friend_id=self.friend, now=self.now)
            return
        if due_by_card(self.fresh) and self._happens(50):
            with tenant_context(self.tenant), suppress(NotWaiting):
                open_card_page(order=self.fresh, language="en", now=self.now)
        else:
            self._inside(accept_extra, order=self.fresh, extra_id=extra.pk)
        self.offered = job_for_friend(job_id=self.job.pk, friend_id=self.friend).job.friend_minor

    def _close(self) -> None:
        is_paid = self._happens(70)
        self._act(
            complete_job, job_id=self.job.pk, friend_id=self.friend, summary="Done", material="", minutes=30,
            is_paid=is_paid, why_now="They wanted it at once",
        )  # fmt: skip
        if is_paid and self.fresh.payment_method == CASH.code:
            price = max(self.fresh.price_minor - self.covered, 0)
            self.cash = price if self.order.currency != "CHF" else 5 * round(price / 5)
        if self.method == SITE_CARD.code and self._happens(70):
            # The till has it paid before anybody could scan the code.
            with suppress(NotWaiting):
                ask_for_card(job_id=self.job.pk, friend_id=self.friend, now=self.now)

    def _confirm(self) -> None:
        """Confirm by whoever does it, mostly more than once; the customer may have objected before."""
        if self._happens(25):
            self._object()
        confirms = [
            lambda: self._inside(confirm_completion, order_uuid=self.order.uuid, tenant_id=self.tenant.pk,
                                 side=self.dice.choice([Side.CUSTOMER, Side.SYSTEM])),
            lambda: self._inside(rate_completion, order_uuid=self.order.uuid, tenant_id=self.tenant.pk, stars=5,
                                 words=""),
        ]  # fmt: skip
        self.dice.shuffle(confirms)
        for confirm in confirms[: self.dice.randint(1, 2)]:
            confirm()
        if not self.is_refunded:
            self.is_done = True
            self.promised[self.friend] += self.offered
        raise OverError

    def _object(self) -> None:
        self._inside(say_not_done, order=self.fresh, tenant_id=self.tenant.pk, words="No Wi-Fi")
        if self._happens(30):
            self._act(report_rest_done, job_id=self.job.pk, friend_id=self.friend, words="Now it is")
            return
        outcome = self.dice.choice([ObjectionOutcome.STANDS, ObjectionOutcome.REFUND])
        self.is_refunded = outcome == ObjectionOutcome.REFUND
        self._inside(
            settle_objection, order=self.fresh, tenant_id=self.tenant.pk, outcome=outcome, words="So", who="Maja"
        )

    def _maybe_cancel(self, percent: int) -> None:
        if self._happens(percent):
            self._inside(
                cancel_order, order_uuid=self.order.uuid, job_id=self.job.pk, tenant_id=self.tenant.pk,
                side=Side.MANAGER, who="Maja", why="",
            )  # fmt: skip
            raise OverError

    def check(self) -> None:
        """Fail unless each has what they must have: friends the promised, the customer owes the rest, nobody more."""
        self._look_after_cards()
        settle_constraints()
        held: Counter[str] = Counter()
        earned: Promised = Counter()
        for entry in Entry.objects.filter(transaction__order_id=self.order.uuid).select_related("account"):
            held[entry.account.kind] += entry.account.sign * entry.amount_minor
            if entry.account.friend_id and entry.account.kind != AccountKind.CASH:
                earned[entry.account.friend_id] -= entry.amount_minor
        promised = sum(self.promised.values())
        with tenant_context(self.tenant):
            order = Order.objects.get(uuid=self.order.uuid)
        price, kept = order.price_minor if self.is_done else 0, held["platform"] + held["vat"]
        borne = min(self.covered, price)
        due = price - borne

        assert +earned == +self.promised
        assert min(earned.values(), default=0) >= 0
        assert held["cash"] == self.cash
        assert held["customer"] + self.cash + held["rounding"] + held["stripe"] == due
        if order.payment_method == CARD.code and not self.is_refunded:
            assert (held["customer"], held["stripe"]) == (0, due)
        assert price == promised + kept + held["partner"] + borne
        if not self.is_done:
            assert (kept, held["partner"]) == (0, -promised)
        self.state = order.state

    @property
    def fresh(self) -> Order:
        """The order as it is now."""
        with tenant_context(self.tenant):
            return order_by_uuid(self.order.uuid)

    @property
    def job(self) -> Job:
        """The order's job as it is now: the latest, where others went before."""
        return Job.objects.filter(order_id=self.order.uuid).latest("created_at")

    def _inside(self, function: Callable[..., Any], **said: Any) -> Any:
        with tenant_context(self.tenant):
            return self._act(function, **said)

    def _act(self, function: Callable[..., Any], **said: Any) -> Any:
        """Do something; now and then the process dies at the end of it, and it is done once more."""
        self._pass(minutes=self.dice.randint(1, 9))
        if self._happens(6):
            try:
                with transaction.atomic():
                    function(**said, now=self.now)
                    raise CrashError
            except CrashError:
                pass
        return function(**said, now=self.now)

    def _pass(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    def _happens(self, percent: int) -> bool:
        return self.dice.random() * 100 < percent
