"""Between an occasion and its mail things go on: what is of no use any more is not sent, and nothing with holes."""

from datetime import timedelta

from crowd.models import Friend
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.pass_on_job import give_back_job
from journeys.order.working.agree_date import accept_date_as_customer, propose_date_as_friend
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver, register_friend


def take(order: Order, friend: Friend) -> None:
    accept_offer(job_id=order.placed_job_id, friend_id=friend.pk, now=now())


def subjects(to: str) -> list[str]:
    """Deliver what is due and return the subjects to one recipient."""
    return [mail.subject for mail in deliver() if mail.to == [to]]


def ordered(nord: Tenant) -> Order:
    """Return an order of which all that there was to tell is told."""
    order = book(nord)
    deliver()
    return order


def test_nobody_hears_of_a_friend_who_gave_the_job_back_before_the_mail_went(nord: Tenant, four_near: Cast) -> None:
    order = ordered(nord)
    register_friend("Finn", km=12, communities=[nord.pk])
    take(order, four_near["Ben"])
    give_back_job(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="ill", words="Fever", now=now())

    mails = deliver()

    to_ada = [mail.subject for mail in mails if mail.to == [ADA["email"]]]
    assert to_ada == [f"We are looking for somebody else for your order {order.number}"]
    assert "The job is yours" not in " ".join(mail.subject for mail in mails)


def test_the_next_friend_is_named_once_where_the_first_gave_it_back(nord: Tenant, four_near: Cast) -> None:
    order = ordered(nord)
    finn = register_friend("Finn", km=12, communities=[nord.pk])
    take(order, four_near["Ben"])
    give_back_job(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="ill", words="Fever", now=now())
    take(order, finn)

    assert subjects(ADA["email"]) == [f"Finn M. accepts your order {order.number}"]


def test_a_date_that_was_replaced_or_fell_is_told_to_nobody(nord: Tenant, four_near: Cast) -> None:
    order, ben = ordered(nord), four_near["Ben"]
    take(order, ben)
    deliver()
    first = propose_date_as_friend(
        job_id=order.placed_job_id, friend_id=ben.pk, starts_at=now() + timedelta(days=1), now=now()
    )
    assert subjects(ADA["email"]) == [f"An appointment for your order {order.number}"]
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(order.uuid), appointment_id=first.pk, now=now())
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.placed_job_id,
            tenant_id=nord.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )

    mails = deliver()

    assert [mail.subject for mail in mails if mail.to == [ADA["email"]]] == [
        f"Your order {order.number} has been cancelled"
    ]
    assert [mail.subject for mail in mails if mail.to == [ben.email]] == ["Cancelled: Wi-Fi set-up in Berlin"]
