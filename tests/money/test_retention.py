"""What is past its period is erased at night, and nothing before; the books stay."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import DatabaseError, transaction
from django.test import Client, override_settings
from time_machine import Coordinates

from accounts.models import User
from bank.models import BankPayment, Claim
from bank.states import ClaimState, InState
from billing.models import Bill, BillSeries, Payment
from billing.selectors import bills_of
from dispatch.models import Job
from journeys.money.incoming.claims import write_off_claim
from journeys.money.keeping.retention import erase_what_is_over
from journeys.money.sellers.report_sellers import make_reports
from kernel.clock import now
from ledger.models import Transaction
from orders.models import BookingDraft, Order
from tax.errors import NothingToReport
from tax.kinds import ReportKind
from tax.models import Erased, Kept, Report, Reported, SellerData
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.billing.sellers import IBANS, name_sellers, seller
from tests.billing.test_bills import confirm
from tests.cast import Cast, book, deliver
from tests.pages import assert_valid_html
from tests.ratings import finish

LONG_AGO = datetime(2017, 6, 14, 10, tzinfo=UTC)
LAST_DAY, NEXT_DAY = datetime(2025, 12, 31, 12, tzinfo=UTC), datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def old_order(nord: Tenant, clock: Coordinates, four_near: Cast) -> Order:
    """Return an order of June 2017 in Germany, done, billed and confirmed; nobody waits for its money any more."""
    clock.move_to(LONG_AGO)
    name_sellers(nord)
    order = finish(book(nord, payment={"method": "invoice"}), four_near["Ben"])
    confirm(nord, order)
    deliver()
    write_off_claim(claim_id=Claim.objects.get().pk, why="Moved away", who="Olga", now=now())
    return order


def there(tenant: Tenant) -> tuple[bool, ...]:
    """Say whether order, draft, payment and bill are there."""
    with tenant_context(tenant):
        return tuple(model.objects.exists() for model in (Order, BookingDraft, Payment, Bill))


def test_an_order_goes_with_its_papers_the_day_after_its_period_and_not_before(
    nord: Tenant, old_order: Order, clock: Coordinates
) -> None:
    with tenant_context(nord):
        (bill,) = bills_of(old_order)
    booked = Transaction.objects.filter(order_id=old_order.uuid).count()
    clock.move_to(LAST_DAY)

    assert erase_what_is_over(now=now()) == 0
    assert there(nord) == (True, True, True, True)

    clock.move_to(NEXT_DAY)
    assert erase_what_is_over(now=now()) == 1

    assert there(nord) == (False, False, False, False)
    with tenant_context(nord):
        assert not default_storage.exists(bill.pdf.name)
        assert BillSeries.objects.get().last == 1
    assert Job.objects.get(order_id=old_order.uuid).brief == []
    assert Claim.objects.get(order_id=old_order.uuid).debtor == ""
    assert Transaction.objects.filter(order_id=old_order.uuid).count() == booked > 0
    (erased,) = Erased.objects.all()
    assert (erased.record, erased.country, erased.tenant_id, erased.year, erased.count) == (
        "voucher", "DE", nord.pk, 2017, 1,
    )  # fmt: skip
    assert erase_what_is_over(now=now()) == 0
    assert Erased.objects.get().count == 1


def test_an_order_stays_as_long_as_its_money_is_open(nord: Tenant, old_order: Order, clock: Coordinates) -> None:
    payment = BankPayment.objects.create(
        key="one", kind="camt", iban=IBANS["DE"], currency="EUR", amount_minor=500, booked_on=now().date(),
        file_name="a.xml", read_at=now(), read_by="Olga", state=InState.OVER, over_minor=500, tenant_id=nord.pk,
        order_id=old_order.uuid, payer="Ada", payer_iban=IBANS["CH"],
    )  # fmt: skip
    clock.move_to(NEXT_DAY)
    assert erase_what_is_over(now=now()) == 0
    assert there(nord) == (True, True, True, True)

    BankPayment.objects.update(settled_at=now())
    Claim.objects.update(state=ClaimState.OPEN)
    assert erase_what_is_over(now=now()) == 0
    assert there(nord) == (True, True, True, True)

    Claim.objects.update(state=ClaimState.WRITTEN_OFF)
    assert erase_what_is_over(now=now()) == 1
    payment.refresh_from_db()
    assert (payment.payer, payment.payer_iban) == ("", "")


def test_the_longer_law_of_job_and_seller_counts(nord: Tenant, clock: Coordinates, four_near: Cast) -> None:
    clock.move_to(LONG_AGO)
    swiss = seller("CH", iban=IBANS["DE"])
    change_settings(tenant=nord, who="Olga", now=now(), sellers={"DE": swiss})
    order = finish(book(nord, payment={"method": "invoice"}), four_near["Ben"])
    confirm(nord, order)
    write_off_claim(claim_id=Claim.objects.get().pk, why="Moved away", who="Olga", now=now())
    clock.move_to(NEXT_DAY)

    assert erase_what_is_over(now=now()) == 0

    assert there(nord) == (True, True, True, True)


def test_photos_and_messages_go_with_the_order(nord: Tenant, old_order: Order, clock: Coordinates) -> None:
    with tenant_context(nord):
        name = default_storage.save("thread/photo.jpg", ContentFile(b"photo"))
        old_order.thread.create(
            friend_id=old_order.friend_id or uuid4(), side="customer", who="Ada", photo=name, written_at=now()
        )
    clock.move_to(NEXT_DAY)

    erase_what_is_over(now=now())

    with tenant_context(nord):
        assert not default_storage.exists(name)


def test_the_database_deletes_no_young_bill(nord: Tenant, four_near: Cast) -> None:
    name_sellers(nord)
    order = finish(book(nord, payment={"method": "invoice"}), four_near["Ben"])
    confirm(nord, order)

    with tenant_context(nord), pytest.raises(DatabaseError, match="a credit note takes it back"), transaction.atomic():
        Bill.objects.all().delete()


def a_report(year: int) -> Report:
    """Return a report of a year that names a friend."""
    report = Report.objects.create(
        year=year, number=1, kind=ReportKind.NEW, message_ref=f"DE{year}", sellers_count=1, content=b"<x/>",
        sha256="0" * 64, made_by="Olga", made_at=now(),
    )  # fmt: skip
    Reported.objects.create(report=report, friend_id=uuid4(), currency="EUR", kind="OECD1", said={"tin": "1"})
    return report


def test_reports_and_the_details_of_who_is_in_none_go_after_ten_years(db: None, clock: Coordinates) -> None:
    clock.move_to(datetime(2016, 1, 20, 12, tzinfo=UTC))
    a_report(2015)
    friend = Reported.objects.get().friend_id
    SellerData.objects.create(
        pk=friend,
        country="DE",
        tin="1",
        born_on=LONG_AGO.date(),
        street="A 1",
        postal_code="1",
        town="B",
        entered_at=now(),
    )
    clock.move_to(LAST_DAY)
    erase_what_is_over(now=now())
    assert Report.objects.count() == 1

    clock.move_to(NEXT_DAY)
    erase_what_is_over(now=now())
    assert (Report.objects.count(), Reported.objects.count(), SellerData.objects.count()) == (0, 0, 1)
    with (
        override_settings(
            TAX_OPERATOR={"name": "Q", "country": "DE", "tin": "1", "street": "A", "postal_code": "1", "town": "B"}
        ),
        pytest.raises(NothingToReport),
    ):
        make_reports(year=2015, who="Olga", today=now().date(), now=now())

    clock.move_to(datetime(2027, 1, 1, 12, tzinfo=UTC))
    erase_what_is_over(now=now())
    assert SellerData.objects.count() == 0


def test_the_database_deletes_no_young_report(db: None) -> None:
    a_report(2025)

    with pytest.raises(DatabaseError, match="has to be kept"), transaction.atomic():
        Report.objects.all().delete()


def test_operators_see_what_goes_next_and_what_was_erased(
    nord: Tenant, old_order: Order, clock: Coordinates, operator_client: Client
) -> None:
    clock.move_to(LAST_DAY)
    erase_what_is_over(now=now())
    kept = Kept.objects.get(tenant_id=nord.pk)
    assert (kept.record, kept.year, kept.count, kept.through) == ("voucher", 2017, 1, LAST_DAY.date())
    operator_client.force_login(User.objects.get(email="olga@quartett.example"))
    page = operator_client.get("/en/operators/tax/retention/")
    assert "31/12/2025" in page.content.decode() or "12/31/2025" in page.content.decode()
    assert_valid_html(page)

    clock.move_to(NEXT_DAY)
    erase_what_is_over(now=now())

    page = operator_client.get("/en/operators/tax/retention/")
    assert "§ 147 (3) AO" in page.content.decode()
    assert_valid_html(page)
    assert not Kept.objects.filter(tenant_id=nord.pk).exists()
