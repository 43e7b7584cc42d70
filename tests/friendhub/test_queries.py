"""What the two pages that friends open most ask the database, all included: entering the schema, session, person."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from catalog.models import Package, Price
from crowd.services import join_community
from dispatch.models import Job, JobQuestion
from journeys.links import order_token
from journeys.order.talking.ask_customer import answer_friend
from journeys.order.working.agree_date import accept_date_as_customer
from kernel.clock import now
from notifications.models import Notice
from orders.selectors import order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, deliver
from tests.journeys.order.escalation.steps import approve, escalate
from tests.overflow import bring_on_site, fresh, register_pro
from tests.pages import text_of
from tests.ratings import CUSTOMER_SAYS, finish, rate_as_customer, rate_as_friend

MOST_OF_OFFERS, MOST_OF_JOB = 6, 13


@pytest.fixture
def partners(nord: Tenant, sued: Tenant, four_near: Cast) -> list[Tenant]:
    """Return Nord and Süd, both with jobs for Ben."""
    Tenant.objects.filter(pk=sued.pk).update(countries=["CH", "DE"])
    sued.refresh_from_db()
    with tenant_context(sued):
        package = Package.objects.get(slug="wifi-setup")
        Price.objects.create(package=package, country="DE", currency="EUR", amount_minor=5900)
    join_community(friend=four_near["Ben"], community=sued.pk)
    return [nord, sued]


@pytest.fixture
def job_url(friend_client: Client, visitor: Client, nord: Tenant, four_near: Cast) -> str:
    """Return the path of a job of Ben's: agreed, with an answered question, photos, and an unread message."""
    order = book(nord)
    job = f"/en/jobs/{order.placed_job_id}/"
    friend_client.post(f"{job}ask/", {"ready": "photo", "words": ""})
    question = JobQuestion.objects.get()
    with tenant_context(nord):
        whole = order_by_uuid(order.uuid)
        answer_friend(order=whole, question_id=question.pk, words="Here.", photo=picture(), now=now())
    friend_client.post(f"{job}accept/")
    friend_client.post(f"{job}contact/")
    friend_client.post(f"{job}date/", {"starts_at": "2026-11-26T18:00", "note": ""})
    with tenant_context(nord):
        status, whole = f"/en/orders/{order_token(order.uuid)}/", order_by_uuid(order.uuid)
        accept_date_as_customer(order=whole, appointment_id=whole.appointments.get().pk, now=now())
    photo = SimpleUploadedFile("router.jpg", picture(), "image/jpeg")
    visitor.post(f"{status}messages/", {"words": "Ring twice", "photo": photo})
    deliver()
    return job


def picture() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0a5c5c").save(out, "JPEG")
    return out.getvalue()


def asked(client: Client, path: str) -> list[str]:
    """Return the statements of a page."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200
    return [query["sql"] for query in queries]


@pytest.mark.parametrize("path", ["/en/", "/de/"])
def test_the_offers_take_six_queries_however_many_there_are(
    friend_client: Client, partners: list[Tenant], path: str
) -> None:
    friend_client.get(path)
    counts = []
    for orders in (partners * 2, partners * 3):
        for tenant in orders:
            book(tenant)
        deliver()
        # An offer of an earlier wave promises a split that the job has had since.
        Job.objects.update(wave=2)
        statements = asked(friend_client, path)
        assert len(statements) <= MOST_OF_OFFERS, "\n".join(statements)
        counts.append(len(statements))

    assert counts[0] == counts[1]
    page = text_of(friend_client.get("/en/"))
    assert page.count("€41.65") == page.count("€50.15") == 5
    assert "unread: 10" in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_job_of_ones_own_takes_thirteen_queries(friend_client: Client, job_url: str, language: str) -> None:
    friend_client.get(f"/{language}/")
    assert Notice.objects.filter(read_at=None).exists()

    for _visit in ("the first, which marks what was said about it as read", "the next"):
        statements = asked(friend_client, job_url.replace("/en/", f"/{language}/"))
        assert len(statements) <= MOST_OF_JOB, "\n".join(statements)

    page = text_of(friend_client.get(job_url))
    assert "Your appointment Thursday, 26 November 2026, 18:00" in page
    assert "Messages 1 new" in page
    assert "unread:" not in page


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_pros_job_with_a_shown_rating_takes_no_more(
    nord: Tenant, four_near: Cast, visitor: Client, language: str
) -> None:
    petra = register_pro("Petra", km=8, communities=[nord.pk])
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "petra@friends.example", "password": PASSWORD})
    on_site = book(nord)
    bring_on_site(on_site, four_near["Ben"])
    escalate(fresh(nord, on_site), four_near["Ben"])
    order = finish(approve(nord, fresh(nord, on_site)), petra)
    with tenant_context(nord):
        status = f"/en/orders/{order_token(order.uuid)}/"
    visitor.post(f"{status}messages/", {"words": "Thank you", "photo": SimpleUploadedFile("r.jpg", picture())})
    rate_as_friend(order, petra)
    rate_as_customer(nord, order)
    deliver()
    client.get(f"/{language}/")
    assert Notice.objects.filter(friend_id=petra.pk, read_at=None).exists()

    job_url = f"/{language}/jobs/{order.placed_job_id}/"
    for _visit in ("the first, which marks what was said about it as read", "the next"):
        statements = asked(client, job_url)
        assert len(statements) <= MOST_OF_JOB, "\n".join(statements)

    page = text_of(client.get(job_url.replace("/de/", "/en/")))
    assert CUSTOMER_SAYS in page
    assert "Messages 1 new" in page
