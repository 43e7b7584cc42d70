"""Contracts on overflow: made, changed by ending and making anew, ended. What was agreed stays as history (R17)."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crowd.horizon import is_too_far_ahead
from crowd.models import SHARED_CROWD
from dispatch.models import OverflowContract
from kernel.database.constraints import constraint_of
from kernel.errors import DomainError
from places.countries import COUNTRIES

WHOLE_BP = 10_000
WHOLE_DAY = 24
# The country, where one is written, and the beginning of a postal code.
_REGION = re.compile(r"(?:([A-Z]{2})[ :-]?)?([0-9][0-9-]*)")
LONGEST_REGION = 12


class UnableToMakeContract(DomainError):
    """The contract cannot hold; ``fields`` says what is wrong, by field."""

    message = _("This contract cannot be made. Please look at the marked fields.")
    code, status = "contract_refused", 422

    def __init__(self, fields: dict[str, str | Promise]) -> None:
        super().__init__()
        self.fields = fields


class ContractEnded(DomainError):
    """The contract has ended already."""

    message = _("This contract has ended already.")
    code = "contract_ended"


@dataclass(frozen=True)
class Agreement:
    """What a contract says; see OverflowContract. ``tenant_id`` None is for all partners, ``community`` 0 the crowd."""

    tenant_id: int | None
    community: int = SHARED_CROWD
    packages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    postal_prefixes: tuple[str, ...] = ()
    commission_bp: int | None = None
    partner_share_bp: int = 5_000
    shows_brand: bool = True
    hours_from: int = 0
    hours_until: int = WHOLE_DAY
    valid_from: date = date.min
    valid_until: date | None = None


@transaction.atomic
def make_contract(*, agreement: Agreement, who: str, now: datetime) -> OverflowContract:
    """Let jobs cross by a new contract from now on.

    Raises UnableToMakeContract with the faults by field.
    """
    agreed = _checked(agreement, now)
    try:
        with transaction.atomic():
            return OverflowContract.objects.create(made_at=now, made_by=who, **_columns(agreed))
    except IntegrityError as error:
        # One running contract a pair: the database decides between two who make one at once.
        if constraint_of(error) != "contract_one_running_a_pair":
            raise
        raise UnableToMakeContract({"community": _RUNS_ALREADY}) from error


@transaction.atomic
def change_contract(*, contract_id: UUID, agreement: Agreement, who: str, now: datetime) -> OverflowContract:
    """End a contract and make it anew between the same two; jobs that have crossed keep the split they crossed with.

    Raises ContractEnded, or UnableToMakeContract with the faults by field; then the old one runs on.
    """
    old = end_contract(contract_id=contract_id, who=who, now=now)
    same_two = replace(agreement, tenant_id=old.tenant_id, community=old.community)
    return make_contract(agreement=same_two, who=who, now=now)


@transaction.atomic
def end_contract(*, contract_id: UUID, who: str, now: datetime) -> OverflowContract:
    """End a contract: from the commit on no friend is asked by it, also not for jobs that are in flight.

    Waves that are being opened at this moment are waited for. Offers that are open stay answerable, for a friend has
    been promised them. Raises ContractEnded.
    """
    ended = OverflowContract.objects.filter(pk=contract_id, ended_at=None).update(ended_at=now, ended_by=who)
    if not ended:
        raise ContractEnded
    return OverflowContract.objects.get(pk=contract_id)


def end_contracts_of(*, tenant_id: int, who: str, now: datetime) -> int:
    """End the contracts of a partner's own, with whoever gives or takes; return how many. Those for all run on."""
    own = OverflowContract.objects.filter(Q(tenant_id=tenant_id) | Q(community=tenant_id), ended_at=None)
    return own.update(ended_at=now, ended_by=who)


_RUNS_ALREADY = _("There is already a contract in force between these two. Change or end it instead.")


def _checked(agreement: Agreement, now: datetime) -> Agreement:
    """Return the agreement with its regions written out.

    Raises UnableToMakeContract.
    """
    regions, region_fault = _regions(agreement.postal_prefixes, agreement.countries)
    faults = _faults(agreement, now) | ({"postal_prefixes": region_fault} if region_fault else {})
    if faults:
        raise UnableToMakeContract(faults)
    # Whoever names regions and no countries means the countries of the regions.
    countries = agreement.countries or tuple(sorted({region[:2] for region in regions}))
    return replace(agreement, postal_prefixes=regions, countries=countries)


def _faults(agreement: Agreement, now: datetime) -> dict[str, str | Promise]:
    faults: dict[str, str | Promise] = {}
    if agreement.tenant_id is not None and agreement.tenant_id == agreement.community:
        faults["community"] = _("A contract is between two partners; within one community no contract is needed.")
    if agreement.tenant_id is None and agreement.packages:
        faults["packages"] = _("Packages belong to one partner. A contract for all is for all packages.")
    if any(country not in COUNTRIES for country in agreement.countries):
        faults["countries"] = _("One of these countries is not known here.")
    if not _is_share(agreement.partner_share_bp):
        faults["partner_share_bp"] = _SHARE
    if agreement.commission_bp is not None and not _is_share(agreement.commission_bp):
        faults["commission_bp"] = _SHARE
    if not 0 <= agreement.hours_from < agreement.hours_until <= WHOLE_DAY:
        faults["hours_until"] = _("The hours must end later than they begin, within one day.")
    if agreement.valid_until is not None and agreement.valid_until < agreement.valid_from:
        faults["valid_until"] = _("The contract would end before it starts.")
    elif agreement.valid_until is not None and agreement.valid_until < now.date():
        faults["valid_until"] = _("This day has passed.")
    for field in ("valid_from", "valid_until"):
        day = getattr(agreement, field)
        if day is not None and is_too_far_ahead(day, today=now.date()):
            faults.setdefault(field, _("Please choose a day within the next ten years."))
    return faults


_SHARE = _("Please enter a share from 0 to 100%.")


def _is_share(basis_points: int) -> bool:
    return 0 <= basis_points <= WHOLE_BP


def _regions(written: Iterable[str], countries: tuple[str, ...]) -> tuple[tuple[str, ...], str | Promise]:
    """Return regions as ``DE 10``, and what is wrong with one of them; a region alone is that of the one country."""
    regions = []
    for region in written:
        found = _REGION.fullmatch(region.strip().upper())
        country = (found[1] or (countries[0] if len(countries) == 1 else "")) if found else ""
        if found is None or len(region) > LONGEST_REGION:
            return (), _("“%(region)s” is not the beginning of a postal code. Write for example DE 10.") % {
                "region": region
            }
        if country not in COUNTRIES:
            return (), _("Please write the country before “%(region)s”, for example DE 10.") % {"region": region}
        if countries and country not in countries:
            return (), _("“%(region)s” lies in none of the chosen countries.") % {"region": region}
        regions.append(f"{country} {found[2]}")
    return tuple(dict.fromkeys(regions)), ""


def _columns(agreement: Agreement) -> dict[str, object]:
    lists = ("packages", "countries", "postal_prefixes")
    return {name: list(value) if name in lists else value for name, value in asdict(agreement).items()}
