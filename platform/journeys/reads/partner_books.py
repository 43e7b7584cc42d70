"""A partner's own accounts in the platform's books, which its own role in the database cannot read (R19, R3)."""

from datetime import date
from uuid import UUID

from crowd.selectors import names_of
from dues.models import PartnerInvoice
from dues.selectors import invoice_by_id, partner_invoices
from dues.services import keep_drawing
from ledger.models import Account
from ledger.selectors import Statement, accounts_of_partner, entries_of, statement, with_balance
from payouts.selectors import Late, late_for_partner
from tenants.context import platform_context
from tenants.models import Tenant


def own_accounts(tenant: Tenant) -> list[tuple[Account, int]]:
    """Return the partner's accounts with what they hold, in minor units, positive where they usually stand."""
    with platform_context():
        found = list(with_balance(accounts_of_partner(tenant.pk)))
    return [(one, one.sign * one.balance_minor) for one in found]  # type: ignore[attr-defined]  # annotated


def own_invoices_count(tenant: Tenant) -> int:
    """Return how many invoices the partner has got from the platform."""
    with platform_context():
        return PartnerInvoice.objects.filter(tenant_id=tenant.pk).count()


def own_invoices(tenant: Tenant, *, today: date, offset: int, limit: int) -> list[PartnerInvoice]:
    """Return a part of the platform's invoices to the partner, as ``dues.selectors.partner_invoices`` has them."""
    with platform_context():
        return list(partner_invoices(tenant_id=tenant.pk, today=today)[offset : offset + limit])


def own_invoice(tenant: Tenant, invoice_id: UUID) -> tuple[PartnerInvoice, bytes]:
    """Return one of them with its PDF.

    Raises ``PartnerInvoice.DoesNotExist``, for an invoice of others too, or UnableToDraw.
    """
    with platform_context():
        found = invoice_by_id(invoice_id, tenant_id=tenant.pk)
        return found, keep_drawing(found.pk)


def late_payouts(tenant: Tenant, today: date) -> list[tuple[Late, str]]:
    """Return whose money from the partner's jobs is late, with the friend's name: they have had the order."""
    with platform_context():
        found = late_for_partner(tenant.pk, today)
        names = names_of([one.friend_id for one in found]) if found else {}
    return [(one, names.get(one.friend_id, "")) for one in found]


def own_account(tenant: Tenant, account_id: UUID, *, since: date, until: date) -> tuple[Account, int]:
    """Return one of the partner's accounts, and how many entries it has in a period (2 queries).

    Raises ``Account.DoesNotExist``, for an account of others too.
    """
    with platform_context():
        found = accounts_of_partner(tenant.pk).get(pk=account_id)
        return found, entries_of(found, since=since, until=until).count()


def own_statement(tenant: Tenant, own: Account, *, since: date, until: date, offset: int, limit: int) -> Statement:
    """Return a part of the statement of one of the partner's accounts.

    Raises ``Account.DoesNotExist``, for an account of others too.
    """
    with platform_context():
        account = accounts_of_partner(tenant.pk).get(pk=own.pk)
        return statement(account, since=since, until=until, offset=offset, limit=limit)
