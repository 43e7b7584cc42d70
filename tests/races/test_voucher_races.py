"""A voucher is used as often as it may be, and a partner billed once, whoever comes at the same moment."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from catalog.models import Package, Voucher
from dues.models import BilledEntry, PartnerInvoice
from journeys.money.incoming.bill_partner import bill_partner
from journeys.order.booking.book_package import book_package
from kernel.clock import now
from orders.errors import UnableToPlaceOrder
from orders.models import Order, Redemption
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, book, complete_draft, register_friend
from tests.money.stories import close, confirm
from tests.money.vouchers import make_vouchers
from tests.overflow import bring_on_site
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

CUSTOMERS, USES = 12, 5


@pytest.mark.parametrize(("uses", "per_customer", "placed"), [(USES, None, USES), (None, 2, 2)])
def test_twelve_customers_share_a_code_and_none_gets_more(
    committed: Tenant, uses: int | None, per_customer: int | None, placed: int
) -> None:
    register_friend("Ben", km=1, communities=[committed.pk])
    make_vouchers(committed, uses=uses, uses_per_customer=per_customer)
    with tenant_context(committed):
        drafts = [
            complete_draft(
                voucher={"code": "ADA10"}, contact=ADA if per_customer else ADA | {"email": f"c{one}@x.example"}
            )
            for one in range(CUSTOMERS)
        ]

    def place(number: int) -> bool:
        with tenant_context(committed):
            try:
                book_package(draft_id=drafts[number].pk, language="en", now=now())
            except UnableToPlaceOrder:
                return False
        return True

    taken = in_threads(CUSTOMERS, place)

    assert sum(taken) == placed
    with tenant_context(committed):
        assert Voucher.objects.get().used == placed
        assert Redemption.objects.count() == Order.objects.count() == placed


@pytest.fixture
def paid_by_nord(committed: Tenant) -> Iterator[Tenant]:
    with tenant_context(committed):
        Package.objects.update(is_paid_by_partner=True)
    yield committed
    with tenant_context(committed):
        Package.objects.update(is_paid_by_partner=False)


def test_a_partner_is_billed_once_by_eight_at_a_time(paid_by_nord: Tenant) -> None:
    committed = paid_by_nord
    ben = register_friend("Ben", km=1, communities=[committed.pk])
    for _order in range(3):
        order = book(committed, payment={})
        bring_on_site(order, ben)
        close(order, ben)
        confirm(committed, order)
    later = now() + timedelta(days=10)

    def bill(_number: int) -> int:
        with platform_context():
            return len(bill_partner(committed, now=later))

    issued = in_threads(8, bill)

    assert sum(issued) == 1
    with platform_context():
        (invoice,) = PartnerInvoice.objects.all()
        assert (invoice.number, invoice.gross_minor) == ("QP-2026-00001", 3 * 4_900)
        assert BilledEntry.objects.count() == 3
