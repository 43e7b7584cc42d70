"""A friend with a company of their own becomes a pro, and stays insured (R10). Run on the platform."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from crowd.documents import DocumentFile
from crowd.errors import VatIdIsUnknown
from crowd.models import DocumentCheck
from crowd.pros import ask_to_be_pro, insurances_running_out
from crowd.vat import VatAnswer, ask_register, clean_vat_id
from journeys.friend.check_documents import tell_of_document
from journeys.posting import tell
from journeys.topics import ToFriend


def apply_as_pro(
    *,
    friend_id: UUID,
    company: str,
    country: str,
    vat_id: str,
    insurer: str,
    policy_number: str,
    insured_until: date,
    file: DocumentFile,
    now: datetime,
) -> DocumentCheck:
    """Check the VAT id, with the register where one is configured, and ask the operators.

    A register that does not answer holds nobody up: operators see that it was not confirmed. Raises NotAVatId,
    VatIdIsUnknown, VatIdIsTaken, ProsAreNotEnabled, InsuranceIsOver or AlreadyAPro.
    """
    clean = clean_vat_id(vat_id, country)
    answer = ask_register(country=country, vat_id=clean)
    if answer == VatAnswer.UNKNOWN:
        raise VatIdIsUnknown
    with transaction.atomic():
        check = ask_to_be_pro(
            friend_id=friend_id,
            company=company,
            country=country,
            vat_id=clean,
            vat_checked_at=now if answer == VatAnswer.VALID else None,
            insurer=insurer,
            policy_number=policy_number,
            insured_until=insured_until,
            file=file,
            now=now,
        )
        tell_of_document(check, now=now)
    return check


def remind_of_insurances(*, now: datetime) -> int:
    """Post a reminder 30 and 7 days before an insurance runs out, each once, and return how many pros it is about.

    Nothing else happens with the end: the search compares the day.
    """
    running_out = insurances_running_out(today=now.date())
    for friend_id, until, days in running_out:
        day = until.isoformat()
        tell(ToFriend.INSURANCE_RUNS_OUT, friend_id, day, days, now=now, friend=str(friend_id), until=day)
    return len(running_out)
