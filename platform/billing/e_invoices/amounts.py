"""The figures of a bill as its files for machines write them."""

from decimal import Decimal

from billing.figures import figures_of
from billing.models import Bill


def major(minor: int) -> str:
    """Write minor units: ``83.19``."""
    return f"{minor // 100}.{minor % 100:02}"


def percent(basis_points: int) -> str:
    """Write a rate: ``8.1``."""
    return f"{(Decimal(basis_points) / 100).normalize():f}"


def net_lines(bill: Bill) -> list[tuple[str, int]]:
    """Return text and net amount of each line; they add up to the bill's net amount, the last one takes the cent."""
    texts = [line["text"] for line in bill.lines]
    nets = [
        figures_of(line["gross_minor"], currency=bill.currency, vat_bp=bill.vat_bp, mode=bill.vat_mode).net_minor
        for line in bill.lines
    ]
    nets[-1] += bill.net_minor - sum(nets)
    return list(zip(texts, nets, strict=True))
