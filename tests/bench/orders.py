"""Orders and jobs for the benchmarks."""

from datetime import date, timedelta
from uuid import UUID, uuid4

from django.test import Client

from catalog.kinds import QuestionKind
from catalog.selectors import package_by_slug
from crowd.models import Friend
from dispatch.models import Job, Offer
from journeys.order.booking.book_package import book_package
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import contact_customer
from kernel.clock import now
from kernel.geo import on_sphere
from orders.services.drafts import save_step, start_draft
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, ADA_AT, PASSWORD, register_friend

# So many jobs a friend of the benchmarks may have: as many as there are.
NO_LIMIT = 30_000


def offered_jobs(tenant: Tenant, *, jobs: int, friends: int) -> list[tuple[UUID, list[UUID]]]:
    """Book so many orders and let so many friends have an offer of each; return the jobs' ids with the friends'."""
    return _offer_jobs(tenant, jobs=jobs, ids=_friends(friends))


def friend_at_work(tenant: Tenant, *, offers: int) -> tuple[Client, UUID]:
    """Return the browser of a friend with so many open offers, and the id of a job that they have."""
    name = f"Bench{uuid4().hex}"
    friend = register_friend(name, km=1)
    (job_id, _friends_of_it), *_open = _offer_jobs(tenant, jobs=offers + 1, ids=[friend.pk])
    accept_offer(job_id=job_id, friend_id=friend.pk, now=now())
    contact_customer(job_id=job_id, friend_id=friend.pk, now=now())
    client = Client(headers={"host": "app.localhost"})
    client.post("/de/sign-in/", {"username": friend.email, "password": PASSWORD})
    return client, job_id


def _offer_jobs(tenant: Tenant, *, jobs: int, ids: list[UUID]) -> list[tuple[UUID, list[UUID]]]:
    made = []
    for _job in range(jobs):
        with tenant_context(tenant):
            order = book_package(draft_id=complete_draft(tenant), language="de", now=now())
        job = Job.objects.get(pk=order.placed_job_id)
        Offer.objects.bulk_create(
            Offer(
                job=job, friend_id=friend_id, wave=job.wave, community=tenant.pk, distance_m=1_000,
                created_at=now(), expires_at=now() + timedelta(hours=1),
            )
            for friend_id in ids
        )  # fmt: skip
        made.append((job.pk, ids))
    return made


def _friends(count: int) -> list[UUID]:
    """Make friends who are in no community, so nobody else asks them."""
    friends = [
        Friend(
            first_name="Ben", last_name="Race", email="ben@friends.example", phone="+49150000", language="de",
            languages=["de"], born_on=date(1980, 1, 1), country="DE", postal_code="10115", town="Berlin",
            position=on_sphere(*ADA_AT), radius_m=10_000, age_checked_at=now(), onboarded_at=now(),
            waiting_since=now(), max_open_jobs=NO_LIMIT,
        )
        for _friend in range(count)
    ]  # fmt: skip
    return [friend.pk for friend in Friend.objects.bulk_create(friends)]


def complete_draft(tenant: Tenant) -> UUID:
    """Write a complete draft and return its id."""
    package = package_by_slug("wifi-setup")
    draft = start_draft(package=package, now=now())
    samples = {QuestionKind.CHOICE: "0", QuestionKind.TEXT: "Bench", QuestionKind.NUMBER: "1"}
    answers = {one.key: samples[QuestionKind(one.kind)] for one in package.questions.all() if one.kind in samples}
    days = [(now() + timedelta(days=ahead)).date().isoformat() for ahead in (2, 3, 4)]
    steps: dict[str, dict[str, object]] = {
        "place": {"country": tenant.countries[0], "postal_code": "10115"},
        "questions": dict(answers),
        "times": {"windows": [f"{day}:2" for day in days]},
        "contact": dict(ADA),
        "payment": {"method": "cash"},
    }
    for step, values in steps.items():
        save_step(draft_id=draft.pk, step=step, values=values)
    return draft.pk
