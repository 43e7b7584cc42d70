"""What a friend gets at least for a small service, and the price that leaves them so much (R12)."""

from kernel.money import BASIS_POINTS, STEPS, Split

# In minor units; what the platform promises friends in public.
LEAST_EARNINGS = {"CHF": 2_500, "EUR": 2_500, "PLN": 9_900}


def earnings(price_minor: int, *, currency: str, commission_bp: int) -> int:
    """Return what a friend gets of a gross price, in minor units."""
    return Split(currency=currency, price_minor=price_minor, commission_bp=commission_bp).friend_minor


def least_price(currency: str, commission_bp: int) -> int | None:
    """Return the lowest price that leaves a friend what is promised, in minor units; None where no price does."""
    if commission_bp >= BASIS_POINTS:
        return None
    step, least = STEPS.get(currency, 1), LEAST_EARNINGS[currency]
    price = least * BASIS_POINTS // (BASIS_POINTS - commission_bp) // step * step
    while earnings(price, currency=currency, commission_bp=commission_bp) < least:
        price += step
    return price
