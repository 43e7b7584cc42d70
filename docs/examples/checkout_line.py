"""A shop sells a set-up as a line of its own checkout: the customer pays the shop, whose server orders the work.

The package is one that the partner pays ("You pay it, not the customer" in its form), and its product number is the
article number of the line. Nothing but Python's standard library is needed. ../api/first-order.md explains the calls; a
test runs this file.

    api = Api("https://help.shop.example", os.environ["QUARTETT_KEY"])
    times = first_times(api, "4006381333931", "DE", "10115")            # on the product page, and in the cart
    line = order_line(api, Line("SHOP-4711-2", "4006381333931", ...))   # once the shop's own payment is there
    cancel_line(api, line["id"], "Sent back")                           # if the customer returns it in time
"""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Any


class Refused(Exception):
    """The API said no; ``code`` is what a program decides by, ``problem`` has the message and the faults."""

    def __init__(self, problem: dict[str, Any]) -> None:
        super().__init__(problem["detail"])
        self.code: str = problem["code"]
        self.problem = problem


@dataclass(frozen=True)
class Api:
    """The partner's host and key. The key belongs on the server, never into a page or an app."""

    host: str
    key: str

    def call(self, method: str, path: str, body: Any = None, *, once: str = "") -> Any:
        """Call the API and return its answer; the same ``once`` does the same thing once, so it may be repeated.

        Raises Refused, or OSError where nobody answers: then repeat the call.
        """
        headers = {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}
        if once:
            headers["Idempotency-Key"] = once
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{self.host}/api/v1/{path}", data, headers, method=method)  # noqa: S310  # the host is https
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310  # as above
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(json.load(error)) from error


@dataclass(frozen=True)
class Line:
    """A paid line of the shop's order. ``reference`` names it there, once: the order's number and the line's."""

    reference: str
    product_number: str
    country: str
    postal_code: str
    answers: dict[str, Any]
    times: list[dict[str, str]]
    customer: dict[str, str]
    language: str


def first_times(api: Api, product_number: str, country: str, postal_code: str) -> list[dict[str, str]]:
    """Return the first times that can be chosen at a place; none where the line cannot be sold there."""
    where = f"product_number={product_number}&country={country}&postal_code={postal_code}"
    found: list[dict[str, str]] = api.call("GET", f"coverage?{where}")["first_times"]
    return found


def order_line(api: Api, line: Line) -> dict[str, Any]:
    """Order the work of a paid line and return the order; ordered again, it is the same order.

    Raises Refused: then give the customer the money of this line back, or ask for what ``problem["errors"]`` names.
    """
    body = {
        "reference": line.reference,
        "product_number": line.product_number,
        "place": {"country": line.country, "postal_code": line.postal_code},
        "answers": line.answers,
        "times": line.times,
        "customer": line.customer,
        "language": line.language,
        # The shop's checkout has asked for it, where a time lies within the withdrawal period.
        "early_start": True,
    }
    try:
        placed: dict[str, Any] = api.call("POST", "orders", body, once=f"line-{line.reference}")
    except Refused as refusal:
        if refusal.code != "reference_taken":
            raise
        placed = api.call("GET", f"orders/{refusal.problem['order']}")
    return placed


def cancel_line(api: Api, order_id: str, reason: str) -> dict[str, Any]:
    """Cancel the order of a line that the customer returns, for the fee that it has now, and return it."""
    order = api.call("GET", f"orders/{order_id}")
    body = {"reason": reason, "agreed_fee_minor": order["cancellation"]["amount_minor"]}
    cancelled: dict[str, Any] = api.call("POST", f"orders/{order_id}/cancel", body, once=f"return-{order_id}")
    return cancelled
