"""A bank's file that several operators bring in at the same moment books each payment once."""

import pytest

from bank.models import BankPayment
from bank.states import InState
from billing.kinds import BillKind
from billing.selectors import bills_of
from billing.services import keep_bills
from journeys.money.incoming.bank_files import take_bank_file
from kernel.clock import now
from ledger.models import Transaction
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.billing.sellers import IBANS
from tests.cast import book, register_friend
from tests.money.statements import In, camt
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

OPERATORS = 4


def test_operators_who_read_the_same_file_at_once_book_it_once(
    committed: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("billing.services.wanted_kind", lambda order: BillKind.INVOICE)
    monkeypatch.setattr("journeys.money.incoming.bank_files._own_accounts", lambda: {IBANS["DE"]})
    register_friend("Ben", km=1, communities=[committed.pk])
    order = book(committed, payment={"method": "invoice"})
    with tenant_context(committed):
        keep_bills(order=order, tenant=committed, now=now())
        (bill,) = bills_of(order)
    half = bill.gross_minor // 2
    parts = [In(half, bill.reference), In(bill.gross_minor - half, bill.reference), In(700, words="Interest")]

    taken = in_threads(
        OPERATORS, lambda place: take_bank_file(camt(*parts), file_name=f"{place}", who="Olga", now=now())
    )

    assert sum(one.new for one in taken) == 3
    assert sum(one.known for one in taken) == 3 * (OPERATORS - 1)
    assert sorted(BankPayment.objects.values_list("state", flat=True)) == sorted(
        [InState.PAID, InState.PARTIAL, InState.UNKNOWN]
    )
    assert Transaction.objects.filter(event="invoice_paid").count() == 2
    assert not BankPayment.objects.filter(settled_at=None).exclude(state=InState.UNKNOWN).exists()
