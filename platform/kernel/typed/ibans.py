"""Bank accounts by their IBAN: where a Swiss bill can be paid to, and which are for QR references alone."""

QR_IBAN_BANKS = range(30_000, 32_000)
# Swiss bills can be paid to accounts of these countries only (Swiss Implementation Guidelines QR-bill).
SWISS_ACCOUNTS = frozenset({"CH", "LI"})


def is_qr_iban(iban: str) -> bool:
    """Say whether a Swiss account is one for QR references alone."""
    return iban[:2] in SWISS_ACCOUNTS and int(iban[4:9]) in QR_IBAN_BANKS
