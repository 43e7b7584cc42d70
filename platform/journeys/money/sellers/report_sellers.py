"""Friends' earnings of a year are reported to the tax office (DAC7), and each of them reads what was said. Platform."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from crowd.models import Friend
from crowd.selectors import friends_and_pros
from journeys.posting import notice
from journeys.topics import ToFriend
from ledger.selectors import worker_figures
from outbox.services import post_all
from payouts.models import BankAccount
from payouts.selectors import accounts_of
from tax import services as tax
from tax.errors import YearIsNotOver
from tax.figures import Person, Seller, by_quarter
from tax.models import Report, SellerData
from tax.selectors import friends_in, is_touched, seller_data


def sellers_of(year: int) -> list[Seller]:
    """Return what a report of the year would say now: of each friend in the Union who has earned, by currency."""
    figures = by_quarter(worker_figures(unit="quarter", since=date(year, 1, 1), until=date(year, 12, 31)))
    ids = {friend_id for friend_id, _currency in figures}
    friends, known, accounts = friends_and_pros(ids), seller_data(ids), accounts_of(ids)
    return [
        Seller(
            friend_id, currency, _person(friends[friend_id], known.get(friend_id), accounts.get(friend_id)), quarters
        )
        for (friend_id, currency), quarters in figures.items()
        if friend_id in friends and is_touched(_residence(friends[friend_id], known.get(friend_id)))
    ]


@transaction.atomic
def make_reports(*, year: int, who: str, today: date, now: datetime) -> list[Report]:
    """Write what is new and what corrects, and tell each friend what was said of them.

    Raises YearIsNotOver, NoOperator, NothingToReport or MadeMeanwhile.
    """
    if today.year <= year:
        raise YearIsNotOver
    made = tax.make_reports(year=year, sellers=sellers_of(year), who=who, now=now)
    told = friends_in(made)
    post_all([notice(ToFriend.TAX_REPORTED, made[0].pk, one, now=now, friend=str(one), year=year) for one in told])
    return made


@transaction.atomic
def take_report(*, report: Report, who: str, now: datetime) -> bytes:
    """Return a report as it was made, and write down who has it now."""
    tax.note_report_download(report=report, who=who, now=now)
    return bytes(report.content)


def _residence(friend: Friend, said: SellerData | None) -> str:
    return said.country if said else friend.country


def _person(friend: Friend, said: SellerData | None, account: BankAccount | None) -> Person:
    """Return who a friend is; of who has said nothing, what the platform knows."""
    pro = getattr(friend, "pro", None)
    return Person(
        first_name=friend.first_name,
        last_name=friend.last_name,
        country=_residence(friend, said),
        tin=said.tin if said else "",
        vat_id=pro.vat_id if pro else "",
        born_on=said.born_on if said else friend.born_on,
        birth_town=said.birth_town if said else "",
        birth_country=said.birth_country if said else "",
        street=said.street if said else "",
        postal_code=said.postal_code if said else friend.postal_code,
        town=said.town if said else friend.town,
        iban=account.iban if account else "",
        holder=account.holder if account else "",
        company=said.company if said else "",
        register_number=said.register_number if said else "",
    )


def unknown_sellers(sellers: list[Seller]) -> set[UUID]:
    """Return those of whom neither a tax number nor a place of birth is known."""
    return {one.friend_id for one in sellers if not (one.person.tin or one.person.birth_town)}
