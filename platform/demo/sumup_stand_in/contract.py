"""What requests may hold, after SumUp's public description of its API: anything else is refused."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from demo.sumup_stand_in.errors import Refused

Currency = Literal["BGN", "BRL", "CHF", "CLP", "COP", "CZK", "DKK", "EUR", "GBP", "HRK", "HUF", "NOK", "PLN", "RON",
                   "SEK", "USD"]  # fmt: skip


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class HostedCheckout(_Body):
    """Whether SumUp has a page for it."""

    enabled: bool


class CheckoutCreate(_Body):
    """A new checkout."""

    checkout_reference: str = Field(min_length=1, max_length=90)
    amount: Decimal = Field(gt=0, decimal_places=2)
    currency: Currency
    merchant_code: str = Field(min_length=1)
    description: str = ""
    return_url: str = Field(default="", pattern=r"^(https?://.+)?$")
    redirect_url: str = ""
    customer_id: str = ""
    purpose: Literal["CHECKOUT", "SETUP_RECURRING_PAYMENT"] = "CHECKOUT"
    valid_until: datetime | None = None
    hosted_checkout: HostedCheckout | None = None


class Amount(_Body):
    """An amount in minor units."""

    currency: Currency
    minor_unit: Literal[2]
    value: int = Field(gt=0)


class Affiliate(_Body):
    """By what an application finds its payment again."""

    app_id: str = Field(min_length=1)
    key: str = Field(min_length=1)
    foreign_transaction_id: str = Field(min_length=1)
    tags: dict[str, str] = {}


class ReaderCheckout(_Body):
    """What a reader is to ask for."""

    total_amount: Amount
    affiliate: Affiliate | None = None
    description: str = ""
    return_url: str = ""
    tip_rates: list[float] = []
    tip_timeout: int | None = None
    installments: int | None = None
    card_type: Literal["credit", "debit"] | None = None


class Refund(_Body):
    """How much goes back; all of it where nothing is said."""

    amount: Decimal | None = Field(default=None, gt=0, decimal_places=2)


def checked(body: type[_Body], given: Any) -> Any:
    """Return what a request holds.

    Raises Refused as SumUp does, naming the first parameter that is not right.
    """
    try:
        return body.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        code = "MISSING" if first["type"] == "missing" else "INVALID"
        place = ".".join(str(part) for part in first["loc"])
        raise Refused(400, code, f"Validation error: {first['msg']}", param=place) from error
