"""An order by the API that is paid by card: the customer pays at a page, then friends are asked."""

from developers.kinds import Scope
from journeys.order.paying.pay_by_card import look_after
from kernel.clock import now
from stripe_gateway.client import RETRIES
from stripe_gateway.models import CardPayment
from tenants.context import platform_context
from tenants.models import Tenant
from tests.api.calls import Shop, order_body, problem_of, token_for
from tests.cast import Cast
from tests.money.stripe import Stripe


def test_the_customer_pays_at_the_page_that_the_order_names(nord: Tenant, four_near: Cast, stripe: Stripe) -> None:
    shop, sent = Shop(token_for(nord)), order_body(payment_method="card")

    placed = shop.send("orders", sent, once="a")

    order = placed.json()
    page = order["payment"]["checkout_url"]
    assert (placed.status_code, order["state"], order["payment"]["method"]) == (201, "paying", "card")
    assert page.startswith(stripe.address.replace("127.0.0.1", "localhost"))
    assert shop.send("orders", sent, once="a").json()["payment"]["checkout_url"] == page
    assert shop.send(f"orders/{order['id']}/checkout", {}).json() == {"url": page}
    assert shop.get(f"orders/{order['id']}").json()["payment"]["checkout_url"] is None

    stripe.pay(page)
    with platform_context():
        look_after(CardPayment.objects.get(order_id=order["id"]).pk, now=now())

    paid = shop.get(f"orders/{order['id']}").json()
    assert (paid["state"], paid["payment"]["state"]) == ("searching", "paid")
    problem_of(shop.send(f"orders/{order['id']}/checkout", {}), 409, "not_waiting_for_payment")
    again = shop.send("orders", sent, once="a").json()
    assert (again["id"], again["payment"]["checkout_url"]) == (order["id"], None)


def test_an_order_is_placed_though_stripe_is_away_and_its_page_is_asked_for_later(
    nord: Tenant, four_near: Cast, stripe: Stripe
) -> None:
    shop = Shop(token_for(nord))
    stripe.control("lose-answer", path="/v1/checkout/sessions", times=2 * (RETRIES + 1))

    order = shop.send("orders", order_body(payment_method="card")).json()

    assert (order["state"], order["payment"]["checkout_url"]) == ("paying", None)
    problem_of(shop.send(f"orders/{order['id']}/checkout", {}), 503, "card_page_away")


def test_who_may_only_read_opens_no_page_to_pay_on(nord: Tenant, four_near: Cast, stripe: Stripe) -> None:
    order = Shop(token_for(nord)).send("orders", order_body(payment_method="card")).json()
    reader = Shop(token_for(nord, Scope.ORDERS_READ))

    problem_of(reader.send(f"orders/{order['id']}/checkout", {}), 403, "scope_missing")
