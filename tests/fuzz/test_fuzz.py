"""Whatever anybody sends anywhere, nobody gets a 5xx: ``make test`` sends 2,000 requests, ``make fuzz`` 20,000."""

import os
import random
import re
import traceback
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.core.signals import got_request_exception
from django.db import transaction
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.utils import translation
from pytest_django.fixtures import Settings
from wagtail.models import Page

from accounts.models import Kind, User
from accounts.tokens import Purpose, password_token
from catalog.models import Package
from dispatch.models import Offer
from journeys.links import order_token
from kernel.clock import now
from orders.services.drafts import start_draft
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, book, complete_draft, sign_in_staff
from tests.fuzz.requests import Asked, Maker
from tests.urls import places

# Whose pages are whose, by their routes.
PEOPLE = {
    "anonymous": re.compile(r"^(?!admin/|en/operators/)"),
    "friend": re.compile(r"^en/(?!operators/|account/)"),
    "manager": re.compile(r"^admin/|^en/account/"),
    "operator": re.compile(r"^en/(operators|account)/"),
}
REQUESTS = int(os.environ.get("QUARTETT_FUZZ_REQUESTS", "2000"))
SEED = 20_261_124


@pytest.fixture
def known(nord: Tenant, four_near: object, settings: Settings) -> dict[str, list[str]]:
    """Plant an order with its offers and return parts of addresses that are there, by their name in the URLs."""
    # Nobody answers there, and says so at once.
    settings.DNS_SERVERS = ["127.0.0.1:9"]
    with tenant_context(nord):
        drafts = [str(complete_draft().pk), str(start_draft(package=Package.objects.get(), now=now()).pk)]
        managers = User.objects.get(email="manager@nord.example")
        reset = password_token(managers, purpose=Purpose.RESET)
        pages = [str(pk) for pk in Page.objects.values_list("pk", flat=True)]
    order = book(nord)
    with tenant_context(nord):
        token = order_token(order.uuid)
    jobs = [str(order.placed_job_id)]
    return {
        "draft_id": drafts,
        "token": [token, token, token, reset],
        "job_id": jobs,
        "offer_id": [str(pk) for pk in Offer.objects.values_list("pk", flat=True)],
        "order_id": [str(order.pk)],
        "order_uuid": [str(order.uuid)],
        "page_id": pages,
        "pk": [str(order.pk), *pages],
        "slug": ["nord", "wifi-setup", "wifi", "onboarding"],
        "step": ["place", "questions", "times", "contact", "payment"],
    }


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """Collect what views raise, for the report."""
    found: list[str] = []

    def note(sender: Any, **kwargs: Any) -> None:
        found.append(traceback.format_exc(limit=-6))

    got_request_exception.connect(note)
    yield found
    got_request_exception.disconnect(note)


def signed_in(who: str) -> Client:
    """Return somebody's browser."""
    client = Client(headers={"host": "nord.localhost" if who == "manager" else "app.localhost"})
    if who == "friend":
        client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})
    elif who == "manager":
        sign_in_staff(client, "manager@nord.example")
    elif who == "operator":
        User.objects.create_user("olga@platform.example", PASSWORD, kind=Kind.OPERATOR, language="en")
        sign_in_staff(client, "olga@platform.example")
    assert who == "anonymous" or "sessionid" in client.cookies
    return client


def ask(browser: Client, asked: Asked) -> Any:
    """Send one request, and take back what it did, so that all requests meet the same installation."""
    client = Client(raise_request_exception=False)
    if "cookie" not in asked.headers:
        client.cookies.load({name: morsel.value for name, morsel in browser.cookies.items()})
    body, kind = asked.data or b"", asked.content_type or MULTIPART_CONTENT
    if isinstance(body, dict):
        body = encode_multipart(BOUNDARY, body)
    with transaction.atomic():
        answer = client.generic(asked.method, asked.path, body, content_type=kind, headers=asked.headers)
        transaction.set_rollback(True)
    cache.clear()
    translation.activate("en")
    return answer


@pytest.mark.parametrize("who", PEOPLE)
def test_nobody_gets_a_server_error(who: str, known: dict[str, list[str]], faults: list[str]) -> None:
    browser = signed_in(who)
    host = {"friend": "app.localhost", "operator": "app.localhost", "manager": "nord.localhost"}.get(who)
    maker = Maker(
        random.Random(f"{SEED} {who}"), [one for one in places() if host in {None, one.host}], PEOPLE[who], known
    )
    statuses: Counter[int] = Counter()
    wrong = []
    for number in range(REQUESTS // len(PEOPLE)):
        place, asked = maker.next()
        faults.clear()
        answer = ask(browser, asked)
        maker.learn(place, answer)
        statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            wrong.append(f"{number}: {asked}\n{answer.status_code} {''.join(faults[-1:])}")
    print(f"\n{who}: {sum(statuses.values())} requests, {dict(sorted(statuses.items()))}")  # noqa: T201  # the figures

    assert wrong == [], "\n\n".join(wrong)
