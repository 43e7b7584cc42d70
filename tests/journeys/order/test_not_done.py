"""A job is closed when it is done, and the customer can say that it is not (R16): all of it on the pages."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from journeys.links import order_token
from journeys.order.deadlines import sweep
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import accept_date_as_customer, contact_customer, propose_date_as_friend
from kernel.clock import now
from orders.models import Order, Report
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver
from tests.pages import assert_valid_html

DONE = {"summary": "Moved the router", "minutes": "30", "is_paid": "on"}


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that Ben has, who has been in contact."""
    placed = book(nord)
    accept_offer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    contact_customer(job_id=placed.placed_job_id, friend_id=four_near["Ben"].pk, now=now())
    return placed


@pytest.fixture
def url(order: Order, nord: Tenant) -> str:
    """Return the path of its status page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(order.uuid)}/"


@pytest.fixture
def job(order: Order) -> str:
    """Return the path of its page in the friends' app."""
    return f"/en/jobs/{order.placed_job_id}/"


def fresh(nord: Tenant, order: Order) -> Order:
    with tenant_context(nord):
        return order_by_uuid(order.uuid)


def text_of(client: Client, path: str) -> str:
    page = client.get(path)
    assert page.status_code == 200
    assert_valid_html(page)
    return " ".join(page.content.decode().split())


def agree(nord: Tenant, order: Order, friend: Friend, days: int) -> None:
    date = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=friend.pk, starts_at=now() + timedelta(days=days), now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=date.pk, now=now())


def close(friend_client: Client, job: str) -> None:
    """Let Ben close the job with a reason."""
    assert friend_client.post(f"{job}report/", DONE | {"why_now": "They wanted it at once"}).status_code == 302


def mails_to(recipient: str) -> list[str]:
    return [mail.subject for mail in deliver() if mail.to == [recipient]]


def test_a_job_without_a_date_is_closed_only_with_a_reason(
    friend_client: Client, visitor: Client, manager_client: Client, order: Order, nord: Tenant, url: str, job: str
) -> None:
    assert "No appointment was agreed here." in text_of(friend_client, f"{job}report/")

    refused = friend_client.post(f"{job}report/", DONE)

    assert refused.status_code == 422
    assert "Please say why you close the job already." in refused.content.decode()
    assert fresh(nord, order).state == OrderState.CONTACTED
    close(friend_client, job)
    assert fresh(nord, order).state == OrderState.DONE
    assert "Why it was closed already: They wanted it at once" in text_of(visitor, url)
    assert "They wanted it at once" in manager_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()


def test_a_job_is_closed_before_the_agreed_day_only_with_a_reason(
    friend_client: Client, order: Order, nord: Tenant, four_near: Cast, job: str, clock: Coordinates
) -> None:
    agree(nord, order, four_near["Ben"], days=3)
    assert "The appointment is still ahead" in text_of(friend_client, f"{job}report/")
    assert friend_client.post(f"{job}report/", DONE).status_code == 422

    # Midnight of the agreed day: eleven hours before the time itself.
    clock.shift(timedelta(days=2, hours=12))

    assert "why_now" not in text_of(friend_client, f"{job}report/")
    assert friend_client.post(f"{job}report/", DONE).status_code == 302
    assert fresh(nord, order).state == OrderState.DONE


def test_a_job_is_not_closed_before_contact(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    answer = friend_client.post(f"/en/jobs/{order.placed_job_id}/report/", DONE | {"why_now": "Because"})

    assert answer.status_code == 409
    assert fresh(nord, order).state == OrderState.ACCEPTED


def test_the_database_wants_the_reason_and_the_contact_too(nord: Tenant, order: Order) -> None:
    with tenant_context(nord), pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(order=Order.objects.get(uuid=order.uuid), summary="Done", minutes=5, created_at=now())
    with tenant_context(nord):
        Order.objects.filter(uuid=order.uuid).update(state=OrderState.ACCEPTED)
    with tenant_context(nord), pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(uuid=order.uuid).update(state=OrderState.DONE)


def test_the_customer_says_it_is_not_done_and_the_clock_stands_still(
    friend_client: Client, visitor: Client, manager_client: Client, order: Order, nord: Tenant, url: str, job: str,
    clock: Coordinates,
) -> None:  # fmt: skip
    close(friend_client, job)
    deliver()
    assert "No, it is not done" in text_of(visitor, url)
    assert visitor.post(f"{url}not-done/", {"words": ""}).status_code == 422

    visitor.post(f"{url}not-done/", {"words": "No signal upstairs"})

    page = text_of(visitor, url)
    assert "The work is not done yet" in page
    assert "No signal upstairs" in page
    assert fresh(nord, order).attention == Attention.NOT_DONE
    assert {tuple(mail.to) for mail in deliver()} == {("ben@friends.example",), ("manager@nord.example",)}
    assert "No signal upstairs" in text_of(friend_client, job)
    assert "Work not done" not in page
    assert "The customer says that the work is not done" in manager_client.get("/admin/").content.decode()

    clock.shift(timedelta(days=10))
    sweep(now=now())

    assert fresh(nord, order).state == OrderState.DONE
    with tenant_context(nord), pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(uuid=order.uuid).update(state=OrderState.CONFIRMED)


def test_the_friend_does_the_rest_and_the_customer_has_three_days_again(
    friend_client: Client, visitor: Client, order: Order, nord: Tenant, url: str, job: str, clock: Coordinates
) -> None:
    close(friend_client, job)
    clock.shift(timedelta(days=2))
    visitor.post(f"{url}not-done/", {"words": "No signal upstairs"})
    deliver()
    clock.shift(timedelta(days=5))
    assert "The rest is done" in text_of(friend_client, job)
    assert friend_client.get(f"{job}rest-done/").status_code == 200

    friend_client.post(f"{job}rest-done/", {"words": "Added a repeater"})

    assert mails_to(ADA["email"]) == [f"Is it done now? (order {order.number})"]
    assert "Added a repeater" in text_of(visitor, url)
    assert fresh(nord, order).attention == Attention.NONE
    clock.shift(timedelta(days=2))
    sweep(now=now())
    assert fresh(nord, order).state == OrderState.DONE
    visitor.post(f"{url}not-done/", {"words": "Still nothing"})
    assert fresh(nord, order).attention == Attention.NOT_DONE
    visitor.post(f"{url}confirm/")
    assert fresh(nord, order).state == OrderState.CONFIRMED
    assert "Settled: Wi-Fi set-up in Berlin" in mails_to("ben@friends.example")


@pytest.mark.parametrize("outcome", ["stands", "refund"])
def test_a_manager_sends_the_friend_back_and_settles_it(
    friend_client: Client, visitor: Client, manager_client: Client, order: Order, nord: Tenant, url: str, job: str,
    outcome: str,
) -> None:  # fmt: skip
    close(friend_client, job)
    visitor.post(f"{url}not-done/", {"words": "No signal upstairs"})
    deliver()
    detail, decide = f"/admin/orders/inspect/{order.pk}/", f"/admin/orders/{order.uuid}/not-done/"
    assert decide in manager_client.get(detail).content.decode()
    manager_client.post(decide, {"outcome": "sent_back", "words": ""})
    assert deliver() == []

    manager_client.post(decide, {"outcome": "sent_back", "words": "Please bring a repeater"})

    assert {tuple(mail.to) for mail in deliver()} == {("ben@friends.example",), (ADA["email"],)}
    assert "Please bring a repeater" in text_of(friend_client, job)
    assert "Ben M. comes back" in text_of(visitor, url)
    assert fresh(nord, order).attention == Attention.NOT_DONE
    manager_client.post(f"/admin/orders/{order.uuid}/off-desk/")
    assert fresh(nord, order).attention == Attention.NOT_DONE

    manager_client.post(decide, {"outcome": outcome, "words": "We have looked at it"})

    after = fresh(nord, order)
    assert (after.state, after.attention) == (OrderState.CONFIRMED, Attention.NONE)
    assert "We have looked at it" in text_of(visitor, url)
    assert {tuple(mail.to) for mail in deliver()} == {("ben@friends.example",), (ADA["email"],)}
    assert "We have looked at it" in manager_client.get(detail).content.decode()


def test_one_star_asks_whether_it_is_done_before_anything_is_confirmed(
    friend_client: Client, visitor: Client, order: Order, nord: Tenant, url: str, job: str
) -> None:
    close(friend_client, job)
    deliver()

    asked = visitor.post(f"{url}rate/", {"stars": "1", "words": "Still does not work"})

    assert asked.status_code == 422
    assert "Is the work done?" in asked.content.decode()
    assert "Still does not work" in asked.content.decode()
    assert fresh(nord, order).state == OrderState.DONE
    assert deliver() == []

    visitor.post(f"{url}rate/", {"stars": "1", "words": "Still does not work", "is_done": "no"})

    after = fresh(nord, order)
    assert (after.state, after.attention) == (OrderState.DONE, Attention.NOT_DONE)
    assert not hasattr(after, "review")
    assert "Still does not work" in text_of(visitor, url)
    assert mails_to(ADA["email"]) == []


def test_one_star_for_done_work_is_not_thanked_for_trust(
    friend_client: Client, visitor: Client, order: Order, nord: Tenant, url: str, job: str
) -> None:
    close(friend_client, job)
    deliver()

    visitor.post(f"{url}rate/", {"stars": "1", "words": "Very late", "is_done": "yes"})

    assert fresh(nord, order).state == OrderState.CONFIRMED
    [mail] = [mail for mail in deliver() if mail.to == [ADA["email"]]]
    assert "thank you for your trust" not in mail.body
    assert "Nord looks into it" in mail.body
    page = text_of(visitor, url)
    assert "Thank you for your trust" not in page
    assert "We are sorry that it was not as it should be." in page
