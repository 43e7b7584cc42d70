"""The demo has a past: orders that went their way through the services, told to nobody and planted once."""

from collections import Counter
from datetime import timedelta

from pytest_django.fixtures import Settings

from communities.models import Member
from crowd.models import Rating
from demo import history
from demo.accounts import plant_accounts
from demo.developers import plant_developers
from demo.history import plant_history
from developers.models import Endpoint
from developers.webhooks import deliveries_of
from dispatch.models import Deadline, Job
from dispatch.states import JobState
from dues.models import PartnerInvoice
from journeys.topics import ToCustomer
from kernel.clock import now
from orders.models import Order, Redemption
from orders.states import OrderState
from outbox.models import Message
from payouts.models import Payout
from payouts.selectors import unconfirmed
from payouts.states import PayoutState
from tax.models import Kept
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import register_friend

FEW = 12


def test_the_past_is_whole_and_nobody_is_told_of_it(nord: Tenant, settings: Settings) -> None:
    settings.DEMO_ORDERS = FEW
    for number in range(8):
        register_friend(f"Friend{number}", km=1 + number / 4, communities=[nord.pk], max_open_jobs=20)
    plant_accounts(now=now() - timedelta(days=history.DAYS + 7))

    placed = plant_history([nord], now=now())

    assert placed == Job.objects.values("order_id").distinct().count() > FEW
    with tenant_context(nord):
        orders = list(Order.objects.exclude(state=OrderState.DRAFT))
        assert Member.objects.count() == history.MEMBERS
    assert min(order.created_at for order in orders) < now() - timedelta(days=20)
    assert all(order.created_at <= order.changed_at for order in orders)
    states = Counter(Job.objects.values_list("state", flat=True))
    assert states[JobState.DONE] >= FEW / 2
    assert states[JobState.SEARCHING]
    assert Rating.objects.exists()
    assert set(Message.objects.filter(sent_at=None).values_list("topic", flat=True)) == {ToCustomer.BILL_ISSUED}
    # Friends were paid each Monday and the bank said so: nothing is late but what has no account.
    assert set(Payout.objects.exclude(state=PayoutState.SET_OFF).values_list("state", flat=True)) == {
        PayoutState.CONFIRMED
    }
    assert not unconfirmed(now().date()).exists()
    # Its customers used vouchers, and it has an invoice for each month that is over.
    with tenant_context(nord):
        assert Redemption.objects.exists()
    assert PartnerInvoice.objects.filter(tenant_id=nord.pk).exists()
    # Its own system was told of the latest orders, and is away.
    assert [plant_developers([nord], now=now()), plant_developers([nord], now=now())] == [1, 0]
    with tenant_context(nord):
        [endpoint] = Endpoint.objects.exclude(paused_at=None)
        assert [call.status for call in deliveries_of(endpoint)] == [503] + [204] * 11
    assert Kept.objects.exists()
    assert not Deadline.objects.filter(done_at=None, due_at__lte=now()).exists()

    assert plant_history([nord], now=now()) == 0
