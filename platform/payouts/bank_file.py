"""The file that orders payouts at the platform's bank: pain.001, as SEPA and Swiss banks take it.

The same payouts make the same file to the byte, with the same ids: a bank recognises by them what it has already.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from xml.etree import ElementTree

from django.conf import settings
from django.utils import timezone
from sepaxml import SepaTransfer

from payouts.errors import NoBankAccount, RunIsNotOver
from payouts.models import Payout, Run
from payouts.selectors import payouts_of_file

SCHEMA = "pain.001.001.09"
SEPA_CURRENCY = "EUR"
# Ids have 35 characters, and letters, digits and few signs alone.
ID_LENGTH = 35


@dataclass(frozen=True)
class PlatformAccount:
    """From where the platform pays in a currency."""

    iban: str
    bic: str


def platform_account(currency: str) -> PlatformAccount:
    """Return the account of the setting ``PAYOUT_ACCOUNTS``, ``IBAN/BIC``.

    Raises NoBankAccount.
    """
    said = settings.PAYOUT_ACCOUNTS.get(currency)
    if not said:
        raise NoBankAccount
    iban, _slash, bic = said.partition("/")
    return PlatformAccount(iban.replace(" ", ""), bic.strip())


def bank_file(run: Run, file_number: int) -> bytes:
    """Return the file, whole: also what is confirmed by now, or refused since somebody took the file, is in it.

    Raises RunIsNotOver, for it would still grow, or NoBankAccount.
    """
    if run.finished_at is None:
        raise RunIsNotOver
    pays_on = timezone.localdate(run.finished_at)
    account = platform_account(run.currency)
    config = {
        "name": settings.PAYOUT_SENDER,
        "IBAN": account.iban,
        "BIC": account.bic,
        "currency": run.currency,
        "batch": True,
        # Without the service level that only euros have.
        "domestic": run.currency != SEPA_CURRENCY,
    }
    transfer = _SameFile(config, message_id=f"{run.pk.hex[:24]}-{file_number}", run=run)
    for payout in payouts_of_file(run.pk, file_number).iterator(chunk_size=500):
        transfer.add_payment(_payment(payout, pays_on))
    return bytes(transfer.export(validate=False))


def _payment(payout: Payout, pays_on: date) -> dict[str, Any]:
    assert payout.account is not None, "what stands in a file has an account"
    return {
        "name": payout.account.holder,
        "IBAN": payout.account.iban,
        "amount": payout.amount_minor,
        "execution_date": pays_on,
        "description": f"{settings.PAYOUT_SENDER} {payout.pk}",
        "endtoend_id": payout.pk.hex,
    }


class _SameFile(SepaTransfer):  # type: ignore[misc]  # the library has no types
    """The library's file with our ids and times in place of random ones, and without what a domestic payment lacks."""

    def __init__(self, config: dict[str, Any], *, message_id: str, run: Run) -> None:
        self._message_id, self._run = message_id, run
        super().__init__(config, schema=SCHEMA)

    def _create_header(self) -> None:
        self.msg_id = self._message_id[:ID_LENGTH]
        super()._create_header()
        for created in self._xml.iter("CreDtTm"):
            created.text = f"{self._run.begun_at:%Y-%m-%dT%H:%M:%S}"

    def _finalize_batch(self) -> None:
        super()._finalize_batch()
        parts: list[ElementTree.Element] = list(self._xml.iter("PmtInf"))
        for place, part in enumerate(parts, start=1):
            named = part.find("PmtInfId")
            assert named is not None
            named.text = f"{self._message_id}-{place}"[:ID_LENGTH]
            if self._config["domestic"] and (charges := part.find("ChrgBr")) is not None:
                part.remove(charges)
