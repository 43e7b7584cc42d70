"""Writing for the tax office: what friends say, the steps of asking them, and reports. Run on the platform."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction

from crowd.eligibility import FULL_AGE, years_before
from kernel.database.constraints import constraint_of
from tax.dpi import Message, Operator, Said, write
from tax.errors import (
    AddressIsMissing,
    BirthPlaceIsMissing,
    CompanyTinIsMissing,
    MadeMeanwhile,
    NoOperator,
    NotABirthDate,
    NothingToReport,
)
from tax.figures import Seller, seller_of_row
from tax.kinds import ReportedKind, ReportKind, Step
from tax.models import Asked, Report, ReportDownload, Reported, SellerData
from tax.selectors import Due, messages_of, standing_reported
from tax.tins import clean_company_tin, clean_tin

OLDEST = 120
_NOTED = {Step.REMIND: "reminded_at", Step.REMIND_AGAIN: "reminded_again_at", Step.BLOCK: "blocked_at"}


@dataclass(frozen=True)
class Entered:
    """What a friend has typed for the tax office."""

    country: str
    tin: str
    born_on: date
    birth_town: str
    birth_country: str
    street: str
    postal_code: str
    town: str
    company: str = ""
    register_number: str = ""


@transaction.atomic
def enter_seller_data(*, friend_id: UUID, entered: Entered, today: date, now: datetime) -> SellerData:
    """Keep what a friend says, in place of what they said before, and ask no more.

    Raises NotATin, BirthPlaceIsMissing, CompanyTinIsMissing, NotABirthDate or AddressIsMissing.
    """
    said = {name: " ".join(str(text).split()) for name, text in vars(entered).items() if name != "born_on"}
    if not years_before(today, OLDEST) < entered.born_on <= years_before(today, FULL_AGE):
        raise NotABirthDate
    if not (said["street"] and said["postal_code"] and said["town"]):
        raise AddressIsMissing
    if not said["company"]:
        said["register_number"] = ""
    elif not said["tin"]:
        raise CompanyTinIsMissing
    if said["tin"]:
        said["tin"] = (clean_company_tin if said["company"] else clean_tin)(said["tin"], said["country"])
    elif not (said["birth_town"] and said["birth_country"]):
        raise BirthPlaceIsMissing
    values = said | {"born_on": entered.born_on, "entered_at": now}
    kept, _is_new = SellerData.objects.update_or_create(pk=friend_id, defaults=values)
    Asked.objects.filter(pk=friend_id).delete()
    return kept


def note_asked(friend_ids: Collection[UUID], *, now: datetime) -> None:
    """Write down that friends were asked; who was asked already keeps their day."""
    Asked.objects.bulk_create((Asked(friend_id=one, asked_at=now) for one in friend_ids), ignore_conflicts=True)


def lock_asked(friend_id: UUID) -> Asked | None:
    """Return since when a friend is asked, and let nobody take a step or an answer until the transaction is over."""
    return Asked.objects.select_for_update().filter(pk=friend_id).first()


def ask_no_more(friend_id: UUID) -> None:
    """Forget that a friend was asked: the directive does not touch them any more."""
    Asked.objects.filter(pk=friend_id).delete()


def note_step(due: Due, *, now: datetime) -> bool:
    """Write down that a step is done; say whether nobody was faster, and the friend has not answered meanwhile."""
    name = _NOTED[due.step]
    return Asked.objects.filter(pk=due.asked.pk, **{name: None}).update(**{name: now}) == 1


@transaction.atomic
def make_reports(*, year: int, sellers: Sequence[Seller], who: str, now: datetime) -> list[Report]:
    """Write the messages that say what is new, and that correct what is no longer so; keep them with their hash.

    What is new and what corrects never share a message. Raises NoOperator, NothingToReport or MadeMeanwhile.
    """
    operator = reporting_operator()
    standing = {(one.friend_id, one.currency): one for one in standing_reported(year)}
    fresh = {(one.friend_id, one.currency): one for one in sellers}
    new = [_new(one) for key, one in fresh.items() if key not in standing]
    corrections = [
        _correction(row, fresh.get(key))
        for key, row in standing.items()
        if key not in fresh or fresh[key].said() != row.said
    ]
    if not (new or corrections):
        raise NothingToReport
    try:
        with transaction.atomic():
            parts = ((ReportKind.NEW, new), (ReportKind.CORRECTIONS, corrections))
            return [_write(operator, year, kind, rows, who, now) for kind, rows in parts if rows]
    except IntegrityError as error:
        if constraint_of(error) not in {"tax_one_message_a_number", "tax_reported_corrects_id_key"}:
            raise
        raise MadeMeanwhile from error


def reporting_operator() -> Operator:
    """Return who reports, of the setting ``TAX_OPERATOR``.

    Raises NoOperator.
    """
    said = settings.TAX_OPERATOR
    needed = ("name", "country", "tin", "street", "postal_code", "town")
    if not all(said.get(name) for name in needed):
        raise NoOperator
    return Operator(
        **{name: said[name] for name in needed},
        business_name=said.get("business_name", ""),
        residence=said.get("residence") or said["country"],
    )


def note_report_download(*, report: Report, who: str, now: datetime) -> None:
    """Write down who has taken a report."""
    ReportDownload.objects.create(report=report, who=who, at=now)


def _new(seller: Seller) -> Reported:
    return Reported(friend_id=seller.friend_id, currency=seller.currency, kind=ReportedKind.NEW, said=seller.said())


def _correction(row: Reported, seller: Seller | None) -> Reported:
    return Reported(
        friend_id=row.friend_id,
        currency=row.currency,
        kind=ReportedKind.CORRECTED if seller else ReportedKind.DELETED,
        corrects=row,
        said=seller.said() if seller else row.said,
    )


def _write(operator: Operator, year: int, kind: ReportKind, rows: list[Reported], who: str, now: datetime) -> Report:
    former = list(messages_of(year))
    report_id = uuid4()
    message = Message(
        ref=f"{operator.country}{year}{operator.country}-{report_id}",
        kind=kind,
        year=year,
        made_at=now,
        operator=operator,
        # The operator's part has the id of the first message.
        operator_ref=_ref(operator, year, former[0].pk if former else report_id),
        is_first=not former,
    )
    said = (
        Said(
            ref=_ref(operator, year, one.pk),
            kind=ReportedKind(one.kind),
            corrects=_ref(operator, year, one.corrects_id) if one.corrects_id else "",
            seller=seller_of_row(one.friend_id, one.currency, one.said),
        )
        for one in rows
    )
    content = write(message, said)
    report = Report.objects.create(
        pk=report_id,
        year=year,
        number=len(former) + 1,
        kind=kind,
        message_ref=message.ref,
        sellers_count=len(rows),
        content=content,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=who,
        made_at=now,
    )
    for one in rows:
        one.report = report
    Reported.objects.bulk_create(rows)
    return report


def _ref(operator: Operator, year: int, row_id: UUID) -> str:
    return f"{operator.country}{year}-{row_id}"
