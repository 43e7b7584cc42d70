"""Money by card is in the books as soon as it has come, and out of them when it has gone back (R19)."""

from crowd.models import Friend
from dispatch.models import Job
from journeys.order.paying.pay_by_card import look_after
from kernel.clock import now
from tenants.models import Tenant
from tests.money.held import earned_by, events_of, held_of
from tests.money.stories import close, confirm
from tests.money.stripe import Stripe
from tests.money.test_card import Booking, booking, sweep
from tests.overflow import bring_on_site

__all__ = ["booking"]


def test_what_is_paid_by_card_is_booked_once_and_the_work_when_it_is_confirmed(
    booking: Booking, stripe: Stripe, nord: Tenant, four_near: dict[str, Friend]
) -> None:
    assert events_of(booking.order) == []
    stripe.pay(booking.page)
    booking.come_back()
    look_after(booking.payment.pk, now=now())
    price = booking.order.price_minor
    assert held_of(booking.order) == {"stripe": price, "customer": -price}

    bring_on_site(booking.order, four_near["Ben"])
    close(booking.order, four_near["Ben"])
    confirm(nord, booking.order)

    assert events_of(booking.order) == ["card_paid", "job_done", "commission_taken"]
    assert "customer" not in held_of(booking.order)
    assert earned_by(four_near["Ben"], booking.order) == Job.objects.get().friend_minor


def test_what_has_gone_back_is_booked_when_it_has(booking: Booking, stripe: Stripe) -> None:
    stripe.pay(booking.page)
    booking.come_back()
    booking.cancel()
    assert events_of(booking.order) == ["card_paid"]

    sweep()
    sweep()

    assert events_of(booking.order) == ["card_paid", "refund_paid"]
    assert held_of(booking.order) == {}
