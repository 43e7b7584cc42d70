"""One line of an invoice to a partner: a job, or what it pays of one."""

from dataclasses import asdict, dataclass
from typing import Any

from kernel.money import Split


@dataclass(frozen=True)
class Line:
    """What a partner pays for one order, in minor units: ``gross_minor`` of its ``price_minor``, with VAT in it.

    ``on`` is the day on which it was booked, ``package`` a name by language, ``code`` that of a voucher. What was
    booked before and counts no more is negative.
    """

    kind: str
    on: str
    order: str
    package: dict[str, str]
    town: str
    price_minor: int
    gross_minor: int
    vat_bp: int
    currency: str
    code: str = ""

    @property
    def vat_minor(self) -> int:
        """The VAT contained in it."""
        whole = Split(currency=self.currency, price_minor=abs(self.gross_minor), commission_bp=0, vat_bp=self.vat_bp)
        return whole.vat_minor if self.gross_minor > 0 else -whole.vat_minor

    def as_kept(self) -> dict[str, Any]:
        """Return the line as an invoice keeps it."""
        return asdict(self) | {"vat_minor": self.vat_minor}
