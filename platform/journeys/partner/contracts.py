"""Contracts on overflow between partners and the crowd: agreed by operators, seen by both sides (R17)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from catalog.selectors import package_names
from crowd.models import SHARED_CROWD
from dispatch.models import Crossing, OverflowContract
from dispatch.overflow import contracts
from dispatch.overflow.contracts import Agreement, UnableToMakeContract
from dispatch.overflow.crossings import Volume, given_away, taken_in, volumes
from dispatch.overflow.crossings import contracts as all_contracts
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant, TenantState
from tenants.selectors import partners


@dataclass(frozen=True)
class Named:
    """A contract with the names of its two sides."""

    contract: OverflowContract
    giver: str
    taker: str


def agree_contract(*, agreement: Agreement, who: str, now: datetime) -> OverflowContract:
    """Let jobs of a partner, or of all, cross from now on. Run on the platform.

    Raises UnableToMakeContract with the faults by field.
    """
    _must_be_known(agreement)
    return contracts.make_contract(agreement=agreement, who=who, now=now)


@transaction.atomic
def change_contract(*, contract_id: UUID, agreement: Agreement, who: str, now: datetime) -> OverflowContract:
    """End a contract and make it anew. Run on the platform.

    Raises ContractEnded, or UnableToMakeContract with the faults by field.
    """
    _must_be_known(agreement)
    return contracts.change_contract(contract_id=contract_id, agreement=agreement, who=who, now=now)


def named(found: Iterable[OverflowContract]) -> list[Named]:
    """Return the contracts with the names of the two, as the reader's language has them (1 query)."""
    rows = list(found)
    names = side_names(
        {row.tenant_id for row in rows if row.tenant_id} | {row.community for row in rows if row.community}
    )
    return [
        Named(row, names[row.tenant_id] if row.tenant_id else _("All partners"), taker_name(row.community, names))
        for row in rows
    ]


def contracts_for(tenant: Tenant) -> list[Named]:
    """Return what holds for a partner as giver or taker, running ones first. Run inside the tenant."""
    return named(all_contracts(tenant_id=tenant.pk))


def volumes_of(tenant: Tenant) -> tuple[list[Volume], list[Volume]]:
    """Return what a partner's jobs have earned elsewhere, and what others' jobs have earned here (2 queries)."""
    with platform_context():
        return volumes(given_away(tenant.pk)), volumes(taken_in(tenant.pk))


def count_taken(tenant: Tenant) -> int:
    """Return how many jobs of others came to a partner's community, by whatever contract (1 query)."""
    with platform_context():
        return taken_in(tenant.pk).count()


def taken_by(tenant: Tenant, *, first: int, most: int) -> list[Crossing]:
    """Return a page of the crossings into a partner's community, newest first (1 query)."""
    with platform_context():
        return list(taken_in(tenant.pk)[first : first + most])


def side_names(tenant_ids: Iterable[int]) -> dict[int, str]:
    """Return the names of partners; one that has been deleted keeps its number (1 query)."""
    wanted = set(tenant_ids)
    with platform_context():
        known = dict(partners().filter(pk__in=wanted).values_list("pk", "name"))
    return {tenant_id: known.get(tenant_id) or _("Partner %(number)s") % {"number": tenant_id} for tenant_id in wanted}


def taker_name(community: int, names: dict[int, str]) -> str:
    """Return the name of who takes jobs: a partner's community or the shared crowd."""
    return names[community] if community != SHARED_CROWD else _("Shared crowd")


def names_of_crossings(found: Iterable[Crossing]) -> dict[int, str]:
    """Return the names of all partners on either side of crossings that hold their job (1 query)."""
    rows = list(found)
    return side_names({row.job.tenant_id for row in rows} | {row.community for row in rows if row.community})


def packages_of(tenant: Tenant) -> list[tuple[str, dict[str, str]]]:
    """Return slug and name of the partner's packages. Run on the platform."""
    with tenant_context(tenant):
        return package_names()


def _must_be_known(agreement: Agreement) -> None:
    """Refuse what names somebody or something that is not there.

    Raises UnableToMakeContract.
    """
    faults: dict[str, str | Promise] = {}
    giver = None if agreement.tenant_id is None else _partner(agreement.tenant_id)
    if agreement.tenant_id is not None and giver is None:
        faults["tenant_id"] = _("This partner is not here, or is leaving.")
    if agreement.community != SHARED_CROWD and _partner(agreement.community) is None:
        faults["community"] = _("This partner is not here, or is leaving.")
    if giver is not None and agreement.packages:
        unknown = set(agreement.packages) - {slug for slug, _name in packages_of(giver)}
        if unknown:
            faults["packages"] = _("%(name)s has no package %(slugs)s.") % {
                "name": giver.name,
                "slugs": ", ".join(sorted(unknown)),
            }
    if faults:
        raise UnableToMakeContract(faults)


def _partner(tenant_id: int) -> Tenant | None:
    return partners().filter(pk=tenant_id).exclude(state=TenantState.LEAVING).first()
