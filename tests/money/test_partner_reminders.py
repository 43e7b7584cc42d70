"""A partner is reminded of its monthly invoice in steps, pays by its code, and gets the last one before it goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from accounts.models import User
from catalog.models import Package
from crowd.models import Friend
from dues.models import PartnerInvoice, Reminder
from dues.selectors import partner_invoices
from dues.services import keep_drawing
from journeys.money.incoming.bank_files import take_bank_file
from journeys.money.incoming.bill_partner import bill_partner, bill_partners
from journeys.money.incoming.remind_partner import remind_partners
from journeys.partner.leave_platform import (
    ask_to_leave,
    delete_partner_and_free_friends,
    request_due_deletions,
)
from kernel.clock import now
from kernel.files import pdf
from ledger.models import Entry
from orders.models import Order
from tenants.context import platform_context, tenant_context
from tenants.errors import IllegalTenantMove
from tenants.models import Tenant
from tests.billing.papers import codes_of, text_of
from tests.billing.sellers import QR_IBAN
from tests.cast import Cast, book, deliver, register_friend, sign_in_staff
from tests.money.statements import In, camt
from tests.money.stories import close, confirm
from tests.overflow import bring_on_site
from tests.pages import text_of as words_of

IBAN = "DE89370400440532013000"
PLATFORM = {
    "name": "Quartett Plattform GmbH",
    "street": "Musterstrasse 1",
    "postal_code": "10115",
    "town": "Berlin",
    "country": "DE",
    "tin": "26954371827",
}
ZURICH: dict[str, Any] = {"country": "CH", "postal_code": "8001", "town": "Zürich"}
FIRST = datetime(2026, 12, 1, 6, tzinfo=UTC)
# The invoice of 1 December is due on the 31st; the first reminder comes seven days later at nine in Berlin.
STEPS = [datetime(2027, 1, 7, 8, tzinfo=UTC), datetime(2027, 1, 21, 8, tzinfo=UTC), datetime(2027, 2, 4, 8, tzinfo=UTC)]


@pytest.fixture
def ben(four_near: Cast) -> Friend:
    return four_near["Ben"]


@pytest.fixture(autouse=True)
def accounts(settings: Settings) -> None:
    settings.PAYOUT_ACCOUNTS = {"EUR": f"{IBAN}/COBADEFFXXX", "CHF": f"{QR_IBAN}/POFICHBEXXX"}
    settings.TAX_OPERATOR = PLATFORM


@pytest.fixture
def paid_by_nord(nord: Tenant) -> Tenant:
    with tenant_context(nord):
        Package.objects.update(is_paid_by_partner=True)
    return nord


def done(tenant: Tenant, friend: Friend, **steps: dict[str, Any]) -> Order:
    order = book(tenant, payment={}, **steps)
    bring_on_site(order, friend)
    close(order, friend)
    confirm(tenant, order)
    return order


def billed(tenant: Tenant, friend: Friend, clock: Coordinates) -> PartnerInvoice:
    """Return the invoice of 1 December over one job."""
    done(tenant, friend)
    clock.move_to(FIRST)
    with platform_context():
        (invoice,) = bill_partner(tenant, now=now())
    return invoice


def remind(clock: Coordinates, at: datetime) -> int:
    clock.move_to(at)
    with platform_context():
        return remind_partners(now=now())


def told() -> list[str]:
    return [mail.subject for mail in deliver() if mail.to == ["manager@nord.example"] and "eminder" in mail.subject]


def test_each_step_is_sent_once_with_the_invoice_and_then_operators_decide(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates, operator_client: Client
) -> None:
    invoice = billed(paid_by_nord, ben, clock)
    assert remind(clock, STEPS[0] - timedelta(minutes=1)) == 0

    sent = [(remind(clock, at), remind(clock, at)) for at in STEPS]

    assert sent == [(1, 0)] * 3
    # The notices of steps that another has followed say nothing any more.
    mails = [mail for mail in deliver() if "eminder" in mail.subject]
    assert [mail.subject for mail in mails] == ["Last reminder: invoice QP-2026-00001 from Quartett Plattform GmbH"]
    assert [name for name, _content, _kind in mails[0].attachments] == ["QP-2026-00001.pdf"]
    assert "Still owed: €49.00" in mails[0].body
    assert remind(clock, STEPS[2] + timedelta(days=30)) == 0
    operator_client.force_login(User.objects.get(email="olga@quartett.example"))
    page = operator_client.get("/en/operators/bank/partner-invoices/?state=decision")
    assert "QP-2026-00001" in words_of(page)
    assert "Needs a decision" in words_of(page)
    with platform_context(), pytest.raises(IntegrityError, match="once_a_step"), transaction.atomic():
        Reminder.objects.create(invoice=invoice, step=3, sent_at=now(), sent_on=now().date(), pay_by=now().date())


def test_the_manager_reads_that_they_were_reminded(paid_by_nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    billed(paid_by_nord, ben, clock)
    remind(clock, STEPS[0])

    assert told() == ["Reminder: invoice QP-2026-00001 from Quartett Plattform GmbH"]
    manager = Client(headers={"host": "nord.localhost"})
    sign_in_staff(manager, "manager@nord.example")
    assert "Overdue · reminded, payable by" in words_of(manager.get("/admin/reports/invoices/"))


def test_what_is_paid_is_not_reminded_of(paid_by_nord: Tenant, ben: Friend, clock: Coordinates) -> None:
    invoice = billed(paid_by_nord, ben, clock)
    remind(clock, STEPS[0])
    with platform_context():
        file = camt(In(4_900, reference=invoice.reference), iban=IBAN)
        take_bank_file(file, file_name="a.xml", who="olga", now=now())

    assert remind(clock, STEPS[1]) == 0
    assert told() == [], "the first reminder waited, and the money came"


def test_who_is_reminded_late_has_the_days_to_pay_all_the_same(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    billed(paid_by_nord, ben, clock)
    late = STEPS[1] + timedelta(hours=1)
    assert remind(clock, late) == 1
    assert remind(clock, late + timedelta(days=7)) == 0
    assert remind(clock, late + timedelta(days=8)) == 1


def test_without_days_nobody_is_reminded(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates, settings: Settings
) -> None:
    settings.PARTNER_REMINDER_DAYS = []
    billed(paid_by_nord, ben, clock)
    assert remind(clock, STEPS[2]) == 0


def test_the_paper_has_a_code_for_euros_and_a_swiss_part_for_francs(
    paid_by_nord: Tenant, sued: Tenant, ben: Friend, clock: Coordinates
) -> None:
    invoice = billed(paid_by_nord, ben, clock)
    (code,) = codes_of(keep_drawing(invoice.pk))
    assert code.splitlines()[0] == "BCD"
    assert {IBAN, "EUR49", invoice.reference, PLATFORM["name"]} <= set(code.splitlines())

    with tenant_context(sued):
        Package.objects.update(is_paid_by_partner=True)
    ueli = register_friend("Ueli", km=1, communities=[sued.pk], **ZURICH, latitude=47.37, longitude=8.54)
    contact = {"name": "Ada", "email": "ada@customers.example", "phone": "044 123 45 67", "street": "Gasse 1"}
    done(sued, ueli, place={part: ZURICH[part] for part in ("country", "postal_code")}, contact=contact)
    clock.shift(timedelta(days=31))
    with platform_context():
        (swiss,) = bill_partner(sued, now=now())
        content = keep_drawing(swiss.pk)
    lines = codes_of(content)[0].splitlines()
    assert (lines[0], lines[3], swiss.reference in lines) == ("SPC", QR_IBAN, True)
    assert PLATFORM["name"] in lines


def test_a_small_business_charges_partners_no_vat_and_says_why(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates, settings: Settings
) -> None:
    settings.TAX_OPERATOR = PLATFORM | {"is_small_business": True}

    invoice = billed(paid_by_nord, ben, clock)

    assert (invoice.vat_minor, invoice.net_minor) == (0, 4_900)
    text = text_of(keep_drawing(invoice.pk))
    assert "§ 19 UStG" in text, "in Nord's language"
    assert "MwSt. 19" not in text


def test_a_machine_that_cannot_draw_says_so_on_the_page(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates, operator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    invoice = billed(paid_by_nord, ben, clock)

    def lacks_pango() -> None:
        raise pdf.UnableToDraw

    monkeypatch.setattr(pdf, "_typesetting", lacks_pango)
    page = operator_client.get(f"/en/operators/bank/partner-invoices/{invoice.pk}/", follow=True)
    assert "the library Pango is missing" in words_of(page)
    manager = Client(headers={"host": "nord.localhost"})
    sign_in_staff(manager, "manager@nord.example")
    page = manager.get(f"/admin/reports/invoices/{invoice.pk}/", follow=True)
    assert "the library Pango is missing" in words_of(page)


def test_who_leaves_gets_the_last_invoice_before_the_deletion(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    clock.move_to(datetime(2026, 12, 10, 11, tzinfo=UTC))
    done(paid_by_nord, ben)
    leaving = ask_to_leave(tenant=paid_by_nord, who="Olga", now=now(), grace=timedelta(days=5))
    with platform_context():
        assert bill_partners(now=now()) == 0, "the month is not over, and it does not go yet"

    clock.shift(timedelta(days=5))
    assert request_due_deletions(now=now()) == 0
    with pytest.raises(IllegalTenantMove, match="last invoice"):
        delete_partner_and_free_friends(tenant=leaving, now=now())
    with platform_context():
        assert bill_partners(now=now()) == 1
        assert bill_partners(now=now()) == 0
        last = PartnerInvoice.objects.get()

    assert (last.month.isoformat(), last.issued_on.isoformat()) == ("2026-12-01", "2026-12-15")
    assert request_due_deletions(now=now()) == 1


def test_what_is_left_open_of_a_partner_that_is_gone_waits_for_a_decision(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    invoice = billed(paid_by_nord, ben, clock)
    clock.move_to(STEPS[0])
    with platform_context():
        gone = PartnerInvoice.objects.get(pk=invoice.pk)
        gone.pk, gone.number, gone.place, gone.tenant_id = None, "QP-2026-00002", 2, 999_999
        gone.save(force_insert=True)

        assert remind_partners(now=now()) == 1
        waiting = partner_invoices(state="decision", today=now().date())
        assert [one.number for one in waiting] == ["QP-2026-00002"]


def test_what_an_invoice_has_taken_in_is_not_looked_at_again(
    paid_by_nord: Tenant, ben: Friend, clock: Coordinates
) -> None:
    billed(paid_by_nord, ben, clock)
    late = done(paid_by_nord, ben)
    clock.shift(timedelta(days=31))
    with platform_context():
        (second,) = bill_partner(paid_by_nord, now=now())
        entry = Entry.objects.get(billed__invoice=second)
    assert entry.transaction.order_id == late.uuid
