"""A partner's system begins a booking, and its customer goes on with it on the brand's site."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client

from orders.models import BookingDraft
from tenants.context import platform_context, tenant_context
from tenants.models import Feature, Tenant
from tests.api.calls import Shop, faults_of, problem_of
from tests.cast import ADA, Cast
from tests.pages import EARLY_START, fill_in

LINK = {
    "package": "wifi-setup",
    "place": {"country": "DE", "postal_code": "10115"},
    "customer": ADA,
    "language": "en",
    "reference": "SHOP-7",
}


def test_the_customer_goes_on_where_the_shop_has_begun_and_the_order_has_the_reference(
    shop: Shop, visitor: Client, four_near: Cast
) -> None:
    first = shop.send("booking-links", LINK, once="a")
    assert first.status_code == 201, first.content
    assert shop.send("booking-links", LINK, once="a").json() == first.json()
    path = urlsplit(first.json()["url"]).path

    assert "Wi-Fi set-up" in visitor.get(path).content.decode()
    draft = path.removesuffix("questions/")
    fill_in(visitor, draft, but="contact")
    assert ADA["email"] in visitor.get(f"{draft}review/").content.decode()
    assert visitor.post(f"{draft}review/", EARLY_START).status_code == 302

    [order] = shop.get("orders", reference="SHOP-7").json()["results"]
    assert order["state"] == "searching"
    problem_of(shop.send("booking-links", LINK), 409, "reference_taken")


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"package": "gold"}, "fields_not_right", "#/package"),
        ({"language": "pl"}, "fields_not_right", "#/language"),
        ({"place": {"country": "DE", "postal_code": "80331"}}, "not_covered", "#/place/postal_code"),
        ({"customer": ADA | {"email": "ada"}}, "order_incomplete", "#/customer/email"),
        ({"colour": "red"}, "fields_not_right", "#/colour"),
    ],
)
def test_what_a_booking_cannot_begin_with_is_refused(
    shop: Shop, nord: Tenant, four_near: Cast, changes: dict[str, Any], code: str, pointer: str
) -> None:
    assert pointer in faults_of(problem_of(shop.send("booking-links", LINK | changes), 422, code))

    with tenant_context(nord):
        assert not BookingDraft.objects.exists()


def test_a_site_that_takes_no_bookings_has_no_links_into_one(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    with platform_context():
        Tenant.objects.filter(pk=nord.pk).update(features=[Feature.API])

    problem_of(shop.send("booking-links", LINK), 410, "booking_closed")
