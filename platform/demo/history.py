"""Three months of the demo's past: every order goes its way through the services, on a clock that is moved along."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from billing.methods import CASH, INVOICE
from catalog.kinds import QuestionKind
from catalog.models import Package
from communities.services import admit_member
from crowd.models import SHARED_CROWD, Friend
from demo.data import load
from demo.partner_money import bill, code_for, past_firsts, plant_vouchers, settle
from demo.pay_days import DONE_WITHIN, past_pay_days, pay
from dispatch.models import Job, Offer
from dispatch.states import DeclineReason, GiveBackReason, OfferState
from journeys.money.keeping.retention import erase_what_is_over
from journeys.order.booking.book_package import book_package
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.rating.moderate_ratings import reply_to_rating
from journeys.order.talking.ask_customer import ask_customer
from journeys.order.working.agree_date import accept_date_as_customer, contact_customer, propose_date_as_friend
from journeys.order.working.complete_job import complete_job, rate_completion, rate_customer
from journeys.order.working.no_show import end_for_absent_customer, report_no_show_as_customer, report_no_show_as_friend
from journeys.topics import ToCustomer
from kernel.errors import DomainError
from kernel.slots import HOURS, Part
from orders import ratings
from orders.intake import MOST_WINDOWS, VOUCHER
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.services.drafts import save_step, start_draft
from orders.states import CaseOutcome, Side
from outbox.models import Message
from places.countries import country_by_code
from tenants.context import tenant_context
from tenants.models import Tenant

SEED = 17
DAYS = 90
MEMBERS = 6
PLACES_TRIED = 6
PHONES = {"DE": "030 1234567", "CH": "044 123 45 67", "AT": "01 2345678", "PL": "22 123 45 67"}
WHO = "Demo"
# So many customers have no voucher for each that has one.
VOUCHER_EVERY = 4
# How often each ending comes, in parts of the whole; the first orders have one of each.
ENDINGS = {
    "rated": 66,
    "rated_low": 6,
    "given_back": 6,
    "overflowed": 8,
    "cancelled": 6,
    "customer_absent": 3,
    "friend_absent": 2,
    "unrated": 3,
}
# What is still on its way today, so many of each.
RUNNING = ("searching", "accepted", "contacted", "scheduled", "unrated", "rated_low", "friend_absent") * 2


@dataclass(frozen=True)
class Story:
    """One order of the past: whose, when, where, and how it ends."""

    tenant: Tenant
    booked_at: datetime
    ending: str
    random: Random


def plant_history(tenants: list[Tenant], *, now: datetime) -> int:
    """Plant the past unless there are jobs already; return how many orders it holds."""
    if Job.objects.exists():
        return 0
    random = Random(SEED)
    placed = 0
    since = now - timedelta(days=DAYS)
    mondays, firsts = list(past_pay_days(since=since, now=now)), list(past_firsts(since=since, now=now))
    for tenant in tenants:
        plant_vouchers(tenant, paid=load("brands").get(tenant.slug, {}).get("paid", []), now=since)
    for story in sorted(_stories(random, tenants, now), key=lambda one: one.booked_at):
        while mondays and mondays[0] < story.booked_at + DONE_WITHIN:
            pay(mondays.pop(0))
        while firsts and firsts[0] < story.booked_at:
            bill(firsts.pop(0))
        with transaction.atomic():
            while sweep(now=story.booked_at):
                pass
            placed += _play(story)
    while sweep(now=now):
        pass
    for morning in firsts:
        bill(morning)
    settle(now=now)
    erase_what_is_over(now=now)
    # Nobody is told today what happened in the past.
    # Bills are drawn, and so mailed, once the worker runs.
    Message.objects.filter(sent_at=None).exclude(topic=ToCustomer.BILL_ISSUED).update(sent_at=F("created_at"))
    for tenant in tenants:
        _plant_members(tenant, now)
    return placed


def _stories(random: Random, tenants: list[Tenant], now: datetime) -> Iterator[Story]:
    endings, weights = list(ENDINGS), list(ENDINGS.values())
    for number in range(settings.DEMO_ORDERS):
        # More in the last weeks than at first: a crowd that grows.
        days = DAYS * (1 - random.random() ** 0.7)
        booked_at = _at_work(now - timedelta(days=max(days, 8)), random)
        [ending] = endings[number : number + 1] or random.choices(endings, weights)
        yield Story(tenants[number % len(tenants)], booked_at, ending, random)
    for number, ending in enumerate(RUNNING):
        ages = {"searching": 0.005, "accepted": 0.1, "contacted": 0.2, "scheduled": 1}
        booked_at = now - timedelta(days=ages.get(ending, 6))
        yield Story(tenants[number % len(tenants)], booked_at, ending, random)


def _at_work(moment: datetime, random: Random) -> datetime:
    """Return a moment of that day at which people book: from eight to nine in the evening."""
    return moment.replace(hour=random.randrange(7, 20), minute=random.randrange(60), second=0, microsecond=0)


def _play(story: Story) -> bool:
    """Play one story at the first of a few places where it can come to its end; return whether there was one."""
    for _place in range(PLACES_TRIED):
        try:
            with transaction.atomic():
                Player(story).play()
        except (DomainError, NobodyAskedError):
            continue
        return True
    return False


class NobodyAskedError(Exception):
    """The order was taken, and nobody could be asked at once."""


class Player:
    """Plays one order: customer, friend and manager in one, each through their own service."""

    def __init__(self, story: Story) -> None:
        self.story, self.tenant, self.random = story, story.tenant, story.random
        self.now = story.booked_at
        self.zone = ZoneInfo(self.tenant.time_zone)
        self.home = self._home()
        spoken = self.home.language in self.tenant.languages
        self.language = self.home.language if spoken else self.tenant.default_language

    def play(self) -> None:
        """Book, and let it end as the story says."""
        self.order = self._book()
        ending: Callable[[], None] = getattr(self, f"_{self.story.ending}")
        ending()

    def _searching(self) -> None:
        self._ask_and_answer()

    def _cancelled(self) -> None:
        self._pass(minutes=12)
        with tenant_context(self.tenant):
            cancel_order(
                order_uuid=self.order.uuid, job_id=self._job().pk, tenant_id=self.tenant.pk, side=Side.CUSTOMER,
                who=self.order.name, why="", now=self.now,
            )  # fmt: skip

    def _accepted(self) -> None:
        if self.random.random() < 0.3:
            self._ask_and_answer()
        self._pass(minutes=self.random.randrange(3, 14))
        self.friend_id = self.random.choice(self._open_offers()).friend_id
        accept_offer(job_id=self._job().pk, friend_id=self.friend_id, now=self.now)

    def _contacted(self) -> None:
        self._accepted()
        self._pass(minutes=self.random.randrange(20, 500))
        contact_customer(job_id=self._job().pk, friend_id=self.friend_id, now=self.now)

    def _scheduled(self) -> None:
        self._contacted()
        day = self._local_day(days=2)
        self.starts_at = datetime.combine(day, time(18), self.zone)
        proposed = propose_date_as_friend(
            job_id=self._job().pk, friend_id=self.friend_id, starts_at=self.starts_at, now=self.now
        )
        self._pass(minutes=self.random.randrange(5, 90))
        with tenant_context(self.tenant):
            accept_date_as_customer(order=self._fresh(), appointment_id=proposed.pk, now=self.now)

    def _unrated(self) -> None:
        self._scheduled()
        self.now = self.starts_at + timedelta(minutes=self.random.randrange(25, 80))
        complete_job(
            job_id=self._job().pk, friend_id=self.friend_id, summary=self._words("summaries"), material="",
            minutes=self.random.randrange(25, 80), is_paid=True, now=self.now,
        )  # fmt: skip

    def _rated(self) -> None:
        self._unrated()
        self._rate(stars=self.random.choices((5, 4, 3), (14, 5, 1))[0], words=self._words("praise"))
        rate_customer(
            job_id=self._job().pk, friend_id=self.friend_id, stars=self.random.choices((5, 4), (4, 1))[0],
            criteria={}, words="", now=self.now,
        )  # fmt: skip
        if self.random.random() < 0.4:
            self._pass(minutes=300)
            reply_to_rating(job_id=self._job().pk, friend_id=self.friend_id, text=self._words("replies"), now=self.now)

    def _rated_low(self) -> None:
        self._unrated()
        self._rate(stars=2, words=self._words("blame"))
        if self.story.booked_at < self.now - timedelta(days=10) or self.random.random() < 0.5:
            self._pass(minutes=900)
            with tenant_context(self.tenant):
                ratings.close_case(
                    order_uuid=self.order.uuid, outcome=CaseOutcome.TALKED, words="Demo", who=WHO, now=self.now
                )

    def _given_back(self) -> None:
        self._contacted()
        self._pass(minutes=60)
        give_back_job(
            job_id=self._job().pk, friend_id=self.friend_id, reason=GiveBackReason.ILL, words="", now=self.now
        )
        self._rated()

    def _overflowed(self) -> None:
        """Let the first four say no."""
        for offer in self._open_offers():
            self._pass(minutes=2)
            decline_offer(
                job_id=offer.job_id, friend_id=offer.friend_id, reason=self.random.choice(DeclineReason.values),
                now=self.now,
            )  # fmt: skip
        self._rated()

    def _customer_absent(self) -> None:
        self._scheduled()
        self.now = self.starts_at + timedelta(minutes=20)
        report_no_show_as_friend(job_id=self._job().pk, friend_id=self.friend_id, words="", now=self.now)
        self._pass(minutes=200)
        with tenant_context(self.tenant):
            end_for_absent_customer(
                order=self._fresh(), tenant_id=self.tenant.pk, search=self._job().search, who=WHO, now=self.now
            )

    def _friend_absent(self) -> None:
        self._scheduled()
        self.now = self.starts_at + timedelta(minutes=25)
        with tenant_context(self.tenant):
            report_no_show_as_customer(order=self._fresh(), tenant_id=self.tenant.pk, words="", now=self.now)

    def _book(self) -> Order:
        with tenant_context(self.tenant):
            package = self.random.choice(list(Package.objects.filter(is_open=True).prefetch_related("questions")))
            home, is_paid = self.home, package.is_paid_by_partner
            draft = start_draft(package=package, now=self.now)
            names = load("friends")["names"].get(self.language) or load("friends")["names"]["de"]
            first, last = self.random.choice(names["first"]), self.random.choice(names["last"])
            steps: dict[str, dict[str, Any]] = {
                "place": {"country": home.country, "postal_code": home.postal_code},
                "questions": dict(self._answers(package)),
                "times": {"windows": self._windows()},
                "contact": {
                    "name": f"{first} {last}", "street": "Demostrasse 12", "phone": PHONES[home.country], "note": "",
                    "email": f"{slugify(first)}.{slugify(last)}@customers.example",
                },
                "payment": {} if is_paid else {"method": INVOICE.code if self.now.minute % 3 else CASH.code},
            }  # fmt: skip
            if not is_paid and self.now.minute % VOUCHER_EVERY == 0:
                currency = country_by_code(home.country).currency
                steps[VOUCHER] = {"code": code_for(self.tenant, currency)}
            for step, values in steps.items():
                save_step(draft_id=draft.pk, step=step, values=values)
            return book_package(draft_id=draft.pk, language=self.language, now=self.now)

    def _home(self) -> Friend:
        """Choose whose neighbour the customer is: somebody of the partner's community."""
        friends = Friend.objects.filter(
            memberships__community__in=[self.tenant.pk, SHARED_CROWD], country__in=self.tenant.countries
        )
        return self.random.choice(list(friends.order_by("email").distinct()[:400]))

    def _answers(self, package: Package) -> Iterator[tuple[str, str]]:
        for question in package.questions.all():
            if question.kind == QuestionKind.NUMBER:
                yield question.key, str(question.min_value or 1)
            elif question.kind == QuestionKind.CHOICE:
                yield question.key, "0"
            elif question.kind == QuestionKind.TEXT:
                yield question.key, self._words("problems")

    def _windows(self) -> list[str]:
        """Wish for evenings and weekends of the days after tomorrow, as many as the form takes."""
        days = [self._local_day(days=ahead) for ahead in range(1, 8)]
        leisure = [f"{day}:{part}" for day in days for part in HOURS if part == Part.EVENING or day.weekday() >= 5]
        return leisure[:MOST_WINDOWS]

    def _ask_and_answer(self) -> None:
        offer = self._open_offers()[0]
        self._pass(minutes=2)
        ask_customer(job_id=offer.job_id, friend_id=offer.friend_id, ready="since", words="", now=self.now)

    def _rate(self, *, stars: int, words: str) -> None:
        self._pass(minutes=self.random.randrange(60, 1500))
        with tenant_context(self.tenant):
            rate_completion(
                order_uuid=self.order.uuid, tenant_id=self.tenant.pk, stars=stars, words=words, now=self.now
            )

    def _words(self, kind: str) -> str:
        said = load("history")[kind]
        words = said.get(self.language, said["en"])
        return words if isinstance(words, str) else self.random.choice(words)

    def _open_offers(self) -> list[Offer]:
        found = list(Offer.objects.filter(job=self._job(), state=OfferState.OPEN).order_by("distance_m"))
        if not found:
            raise NobodyAskedError
        return found

    def _job(self) -> Job:
        """Return the order's job as it is now; who reads it later sees a later one."""
        return Job.objects.filter(order_id=self.order.uuid).latest("created_at")

    def _fresh(self) -> Order:
        return order_by_uuid(self.order.uuid)

    def _local_day(self, *, days: int) -> Any:
        return (self.now + timedelta(days=days)).astimezone(self.zone).date()

    def _pass(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)


def _plant_members(tenant: Tenant, now: datetime) -> None:
    """Let a few friends of each community have entered it."""
    friends = list(
        Friend.objects.filter(memberships__community=tenant.pk).order_by("-ratings_count", "email")[:MEMBERS]
    )
    with tenant_context(tenant):
        for friend in friends:
            admit_member(
                friend_id=friend.pk, first_name=friend.first_name, last_name=friend.last_name,
                language=friend.language if friend.language in tenant.languages else tenant.default_language, now=now,
            )  # fmt: skip
