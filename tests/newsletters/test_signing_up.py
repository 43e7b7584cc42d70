"""Who wants the newsletter signs up twice over, leaves as easily, and all of it is on record (R1)."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from kernel.clock import now
from newsletters.models import Consent, Subscriber, Suppression
from newsletters.states import Source, Step
from newsletters.subscribers import KEEP_ENDED, forget_unconfirmed, forget_who_left, network_of, unsubscribe
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import deliver
from tests.newsletters.writing import subscriber
from tests.pages import assert_valid_html, press, text_of

ADA = "ada@customers.example"
PAGE = "/en/newsletter/"


def link_in(body: str) -> str:
    """Return the path of the newsletter's link in a mail."""
    return re.findall(r"http://nord\.localhost\S*?(/en/newsletter/\S+)", body)[0]


def test_who_confirms_is_on_the_list_with_proof(visitor: Client, nord: Tenant) -> None:
    page = visitor.get(PAGE)
    assert_valid_html(page)

    answer = press(visitor, page, "Sign up", {"email": "Ada@Customers.example"})

    assert_valid_html(answer)
    assert "Please check your inbox" in text_of(answer)
    [mail] = deliver()
    assert mail.to == [ADA]
    confirm = visitor.get(link_in(mail.body))
    assert_valid_html(confirm)
    with tenant_context(nord):
        assert not Subscriber.objects.get().is_on_the_list
    assert "You are on the list" in text_of(press(visitor, confirm, "Yes, send me the newsletter"))
    with tenant_context(nord):
        assert Subscriber.objects.get(email=ADA).is_on_the_list
        asked, confirmed = Consent.objects.order_by("pk")
        assert (asked.step, asked.source, asked.network) == (Step.ASKED, Source.SITE, "127.0.0.0")
        assert (confirmed.step, confirmed.source, confirmed.at) == (Step.CONFIRMED, Source.MAIL, now())
        assert "newsletter of Nord" in asked.words


def test_nobody_fills_another_ones_inbox_and_nobody_learns_who_is_on_the_list(
    visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    with tenant_context(nord):
        subscriber(ADA)
    clock.shift(timedelta(hours=2))
    unknown = visitor.post(PAGE, {"email": "bob@customers.example"})
    known = visitor.post(PAGE, {"email": ADA})

    assert text_of(known).replace(ADA, "") == text_of(unknown).replace("bob@customers.example", "")
    assert [mail.subject for mail in deliver()] == [
        "Please confirm: newsletter of Nord",
        "You already get the newsletter of Nord",
    ]
    visitor.post(PAGE, {"email": ADA})
    assert deliver() == []


def test_who_never_confirms_is_forgotten(visitor: Client, nord: Tenant, clock: Coordinates) -> None:
    visitor.post(PAGE, {"email": ADA})
    clock.shift(timedelta(days=7, seconds=1))

    with tenant_context(nord):
        assert forget_unconfirmed(now=now()) == 1
        assert not Subscriber.objects.exists()


def test_who_left_is_forgotten_after_three_years_and_the_hash_stays(nord: Tenant, clock: Coordinates) -> None:
    with tenant_context(nord):
        subscriber("bob@customers.example")
        unsubscribe(subscriber_uuid=subscriber(ADA).uuid, source=Source.SITE, now=now())
        clock.shift(KEEP_ENDED)
        assert forget_who_left(now=now()) == 0
        clock.shift(timedelta(seconds=1))

        assert forget_who_left(now=now()) == 1

        assert Subscriber.objects.get().email == "bob@customers.example"
        assert Consent.objects.count() == 2
        assert Suppression.objects.get().address_hash


@pytest.mark.parametrize("email", ["", "ada", f"{'a' * 260}@x.example", '"><script>alert(1)</script>'])
def test_a_wrong_address_is_told_at_the_field_and_nothing_is_kept(visitor: Client, nord: Tenant, email: str) -> None:
    answer = visitor.post(PAGE, {"email": email})

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    with tenant_context(nord):
        assert not Subscriber.objects.exists()


def test_choices_change_the_language_and_end_it_and_signing_up_again_begins_anew(
    visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    with tenant_context(nord):
        subscriber(ADA)
    clock.shift(timedelta(hours=2))
    visitor.post(PAGE, {"email": ADA})
    [mail] = deliver()
    page = visitor.get(link_in(mail.body))
    assert_valid_html(page)
    page = press(visitor, page, "Save", {"language": ["de"]})
    with tenant_context(nord):
        assert Subscriber.objects.get().language == "de"

    page = press(visitor, page, "Unsubscribe")

    assert "No newsletter is sent to this address." in text_of(page)
    with tenant_context(nord):
        assert not Subscriber.objects.get().is_on_the_list
        assert Suppression.objects.count() == 1
    clock.shift(timedelta(hours=2))
    visitor.post(PAGE, {"email": ADA})
    [mail] = deliver()
    press(visitor, visitor.get(link_in(mail.body)), "Yes, send me the newsletter")
    with tenant_context(nord):
        assert Subscriber.objects.get().is_on_the_list
        assert not Suppression.objects.exists()


@pytest.mark.parametrize("name", ["confirm", "leave", "choices"])
def test_a_forged_link_is_not_found(visitor: Client, nord: Tenant, name: str) -> None:
    assert visitor.get(f"/en/newsletter/{name}/forged/").status_code == 404
    assert visitor.post(f"/en/newsletter/{name}/forged/").status_code == 404


@pytest.mark.parametrize(
    ("address", "network"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::7", "2001:db8:1::"), ("unknown", "")],
)
def test_of_an_address_only_the_network_is_kept(address: str, network: str) -> None:
    assert network_of(address) == network
