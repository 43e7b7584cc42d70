"""A manager hides a text that somebody has reported from both sides, and shows it again (R18)."""

import re
from typing import Any

import pytest
from django.test import Client

from dispatch.models import JobQuestion
from journeys.links import order_token
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.talking.ask_customer import answer_friend
from journeys.order.talking.hide_text import hide_text
from journeys.order.talking.report_text import report_text_as_friend
from kernel.clock import now
from orders.errors import TextIsNotThere
from orders.models import HiddenText, Order, OrderEvent
from orders.selectors import order_by_uuid
from orders.states import Attention, TextPlace
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, deliver
from tests.journeys.order.test_other_times import propose
from tests.journeys.order.test_questions import ask
from tests.pages import assert_valid_html, press, text_of
from tests.responses import Response

RIDDLE = "Call seven nine, you know the rest."
NEUTRAL = "[This text has been hidden]"


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order with a riddle in it that Ben has reported, as no rule has found it."""
    placed = book(nord, questions={"provider": "1", "rooms": "3", "problem": RIDDLE})
    report_text_as_friend(
        job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, words="Half a phone number.", now=now()
    )
    return placed


def status_url(nord: Tenant, order: Order) -> str:
    """Return where the customer follows the order."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


def signed_in(name: str) -> Client:
    """Return a friend, signed in."""
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    return client


def from_desk(manager: Client) -> Response:
    """Follow the desk's way to the order."""
    return press(manager, manager.get("/admin/"), "Decide")


def test_what_a_friend_has_reported_is_hidden_from_both_sides_and_shown_again(
    manager_client: Client, visitor: Client, friend_client: Client, nord: Tenant, order: Order
) -> None:
    friends, customers = f"/en/jobs/{order.placed_job_id}/", status_url(nord, order)
    assert RIDDLE in text_of(friend_client.get(friends))
    assert RIDDLE in text_of(visitor.get(customers))

    page = from_desk(manager_client)
    assert "Half a phone number." in text_of(page)
    done = press(manager_client, page, "Hide this text")

    assert "The text has been hidden." in text_of(done)
    assert re.search("Hidden by .*Maja Nord", text_of(done))
    assert RIDDLE in text_of(done)
    assert_valid_html(friend_client.get(friends))
    for client, path in ((friend_client, friends), (visitor, customers)):
        assert RIDDLE not in text_of(client.get(path))
        assert NEUTRAL in text_of(client.get(path))
    with tenant_context(nord):
        hidden = HiddenText.objects.get()
        assert (hidden.words, hidden.hidden_by, hidden.hidden_at) == (RIDDLE, "Maja Nord", now())
        logged = OrderEvent.objects.get(kind="text_hidden")
        assert (logged.who, logged.at) == ("Maja Nord", now())

    again = press(manager_client, done, "Show this text again")

    assert "Showed a text again: The customer's answer when booking" in text_of(again)
    for client, path in ((friend_client, friends), (visitor, customers)):
        assert RIDDLE in text_of(client.get(path))
        assert NEUTRAL not in text_of(client.get(path))
    handled = press(manager_client, again, "Mark as handled")
    assert "Hide this text" in text_of(handled)
    with tenant_context(nord):
        assert order_by_uuid(order.uuid).attention == Attention.NONE


def test_a_hidden_answer_stays_hidden_for_the_friend_who_accepts(
    manager_client: Client, friend_client: Client, nord: Tenant, four_near: Cast, order: Order
) -> None:
    press(manager_client, from_desk(manager_client), "Hide this text")

    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    page = text_of(friend_client.get(f"/en/jobs/{order.placed_job_id}/"))
    assert "Invalidenstr. 1" in page
    assert NEUTRAL in page
    assert RIDDLE not in page


def test_later_mails_do_not_show_a_hidden_question_or_answer(nord: Tenant, four_near: Cast, order: Order) -> None:
    ask(order, four_near["Ben"], "Write to me, you know where.")
    question = JobQuestion.objects.get()
    hide: dict[str, Any] = {"order_uuid": order.uuid, "text_id": str(question.pk), "who": "Maja Nord", "now": now()}
    with tenant_context(nord):
        hide_text(place=TextPlace.QUESTION, **hide)

    (asked,) = [mail for mail in deliver() if mail.to == [order.email] and "question" in mail.subject.lower()]
    assert NEUTRAL in asked.body
    assert "you know where" not in asked.body

    with tenant_context(nord):
        answer_friend(
            order=order_by_uuid(order.uuid), question_id=question.pk, words="At the baker's.", photo=b"", now=now()
        )
        hide_text(place=TextPlace.REPLY, **hide)
    told = [mail for mail in deliver() if mail.to == ["ben@friends.example"]]
    assert any(NEUTRAL in mail.body for mail in told)
    assert not any("baker" in mail.body for mail in told)
    assert JobQuestion.objects.filter(answer__contains="baker").count() == 0


def test_a_message_with_other_times_is_hidden_from_the_customer(
    visitor: Client, nord: Tenant, four_near: Cast, order: Order
) -> None:
    before = "You know where to find me."
    propose(order, four_near["Ben"], note=before)
    offer = four_near["Ben"].offers.get(job=order.placed_job_id)

    with tenant_context(nord):
        hide_text(order_uuid=order.uuid, place=TextPlace.TIMES, text_id=str(offer.pk), who="Maja Nord", now=now())

    page = text_of(visitor.get(status_url(nord, order)))
    assert NEUTRAL in page
    assert before not in page


def test_a_text_is_hidden_once_and_only_where_it_stands(nord: Tenant, sued: Tenant, order: Order) -> None:
    with tenant_context(nord):
        answer = order.answers.get(question_key="problem")
        hide: dict[str, Any] = {"order_uuid": order.uuid, "who": "Maja Nord", "now": now()}
        hide_text(place=TextPlace.ANSWER, text_id=str(answer.pk), **hide)
        for place, text_id in (
            (TextPlace.ANSWER, str(answer.pk)),
            (TextPlace.QUESTION, "nothing"),
            (TextPlace.ANSWER, ""),
        ):
            with pytest.raises(TextIsNotThere):
                hide_text(place=place, text_id=text_id, **hide)
        assert HiddenText.objects.count() == 1


def test_without_a_report_nothing_is_offered_to_hide(manager_client: Client, nord: Tenant, four_near: Cast) -> None:
    placed = book(nord)

    page = manager_client.get(f"/admin/orders/inspect/{placed.pk}/")

    assert "Hide this text" not in text_of(page)
