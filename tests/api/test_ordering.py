"""What an order may name: a product of the partner's own, a voucher, a photo."""

from typing import Any

import jsonschema
import pytest

from catalog.models import Package, Question
from orders.models import Answer, Attachment, Order
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, faults_of, order_body, placed, problem_of, uploaded
from tests.cast import Cast
from tests.money.vouchers import make_vouchers

EAN = "4006381333931"


@pytest.fixture
def product(nord: Tenant) -> str:
    """Give the package the number that the shop's till knows."""
    with tenant_context(nord):
        Package.objects.update(product_number=EAN)
    return EAN


def without(body: dict[str, Any], *names: str) -> dict[str, Any]:
    """Return a body without some of its fields."""
    return {name: value for name, value in body.items() if name not in names}


def test_all_that_names_a_package_takes_a_product_number(shop: Shop, four_near: Cast, product: str) -> None:
    assert shop.get("packages").json()["results"][0]["product_number"] == product
    assert shop.get("coverage", product_number=product, country="DE", postal_code="10115").json()["is_covered"] is True
    assert shop.get("quotes", product_number=product, country="DE").json()["price"]["amount_minor"] == 4900

    order = shop.send("orders", without(order_body(product_number=f" {product} "), "package")).json()

    assert order["package"] == {"slug": "wifi-setup", "product_number": product, "name": "Wi-Fi set-up"}


@pytest.mark.parametrize(
    ("named", "pointer"),
    [
        ({}, "#/package"),
        ({"package": "wifi-setup", "product_number": EAN}, "#/package"),
        ({"product_number": "1"}, "#/product_number"),
        ({"package": "gold"}, "#/package"),
    ],
)
def test_a_package_is_named_once_and_known(
    shop: Shop, four_near: Cast, product: str, named: dict[str, str], pointer: str
) -> None:
    asked = shop.get("quotes", country="DE", **named)
    sent = shop.send("orders", without(order_body(), "package") | named)

    for refused in (asked, sent):
        assert set(faults_of(problem_of(refused, 422, "fields_not_right"))) == {pointer}


def test_a_voucher_lowers_what_the_customer_pays(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    make_vouchers(nord)

    quote = shop.get("quotes", package="wifi-setup", country="DE", voucher="ada 10").json()
    order = placed(shop, voucher="ada-10")

    figures = [quote[name]["amount_minor"] for name in ("price", "covered", "due")]
    assert figures == [order[name]["amount_minor"] for name in ("price", "covered", "due")] == [4900, 1000, 3900]
    used = problem_of(shop.get("quotes", package="wifi-setup", country="DE", voucher="ADA10"), 422, "voucher_refused")
    assert set(faults_of(used)) == {"#/voucher"}
    again = problem_of(shop.send("orders", order_body(voucher="ADA10")), 422, "order_incomplete")
    assert set(faults_of(again)) == {"#/voucher"}
    problem_of(shop.get("quotes", package="wifi-setup", country="DE", voucher="GOLD"), 422, "voucher_refused")


def test_what_the_partner_pays_needs_no_way_to_pay(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    missing = problem_of(shop.send("orders", without(order_body(), "payment_method")), 422, "order_incomplete")
    assert set(faults_of(missing)) == {"#/payment_method"}
    with tenant_context(nord):
        Package.objects.update(is_paid_by_partner=True)

    quote = shop.get("quotes", package="wifi-setup", country="DE").json()
    order = shop.send("orders", without(order_body(), "payment_method")).json()

    assert (quote["due"]["amount_minor"], quote["payment_methods"]) == (0, [])
    assert (order["state"], order["due"]["amount_minor"], order["covered"]["amount_minor"]) == ("searching", 0, 4900)


def test_a_package_that_wants_a_photo_is_ordered_with_an_attachment(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    with tenant_context(nord):
        Question.objects.filter(key="photo").update(is_required=True)
    package = shop.get("packages/wifi-setup").json()
    assert package["needs_photo"] is True
    without_photo = problem_of(shop.send("orders", order_body()), 422, "order_incomplete")
    assert set(faults_of(without_photo)) == {"#/answers/photo"}

    answers = order_body()["answers"] | {"photo": uploaded(shop)}
    jsonschema.validate(answers, package["questions"])
    refused = problem_of(shop.send("orders", order_body(answers=answers, times=[])), 422, "order_incomplete")
    assert set(faults_of(refused)) == {"#/times"}
    placed(shop, answers=answers)

    with tenant_context(nord):
        kept = Answer.objects.get(question_key="photo")
        assert kept.photo.size > 0
        assert not Attachment.objects.exists()
    for wrong in (answers["photo"], "no id"):
        again = shop.send("orders", order_body(answers=answers | {"photo": wrong}))
        assert set(faults_of(problem_of(again, 422, "order_incomplete"))) == {"#/answers/photo"}
    with tenant_context(nord):
        assert Order.objects.count() == 1


def test_another_partners_attachment_is_none(shop: Shop, sued: Tenant, four_near: Cast) -> None:
    photo = uploaded(shop)
    with tenant_context(sued):
        assert not Attachment.objects.filter(uuid=photo).exists()
