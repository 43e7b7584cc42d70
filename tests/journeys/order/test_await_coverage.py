"""Where nobody comes yet: leave an address on the page, confirm it by the mail's link, hear when somebody comes."""

import re
from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from journeys.order.booking.await_coverage import tell_covered
from kernel.clock import now
from orders.models import PlaceWish
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import deliver, register_friend
from tests.pages import assert_valid_html, press, text_of

PLACE = {"country": "DE", "postal_code": "10115"}
ADA = "ada@customers.example"


def ask_on_the_page(visitor: Client) -> str:
    """Ask for a place that nobody covers, leave Ada's address there, and return the page that answers."""
    offered = visitor.get("/en/packages/wifi-setup/place/", PLACE).content.decode()
    [action] = re.findall(r'<form[^>]+action="([^"]+)"', offered)
    hidden = dict(re.findall(r'type="hidden" name="(country|postal_code)" value="([^"]+)"', offered))
    answer = visitor.post(action, hidden | {"email": ADA})
    assert_valid_html(answer)
    return answer.content.decode()


def tell(nord: Tenant) -> int:
    """Do what the scheduler does once a day."""
    with tenant_context(nord):
        return tell_covered(tenant_id=nord.pk, now=now())


def test_who_confirms_hears_once_when_somebody_comes(visitor: Client, nord: Tenant) -> None:
    assert "Please check your inbox" in ask_on_the_page(visitor)
    [mail] = deliver()
    [link] = re.findall(r"http://nord\.localhost\S*?(/en/waiting/\S+)", mail.body)
    assert tell(nord) == 0
    page = visitor.get(link)
    assert_valid_html(page)
    with tenant_context(nord):
        assert PlaceWish.objects.get().confirmed_at is None

    assert "You are on the list" in visitor.post(link).content.decode()
    assert tell(nord) == 0
    register_friend("Ben", km=1, communities=[nord.pk])

    assert tell(nord) == 1
    assert tell(nord) == 0
    [told] = deliver()
    assert told.to == [ADA]
    assert "Wi-Fi set-up is now available in 10115." in told.body
    [package] = re.findall(r"http://nord\.localhost\S*?(/en/packages/wifi-setup/)", told.body)
    assert visitor.get(package).status_code == 200


def test_where_all_are_busy_the_page_says_so_and_who_leaves_an_address_hears_when_one_is_free(
    visitor: Client, nord: Tenant
) -> None:
    ben = register_friend("Ben", km=1, communities=[nord.pk])
    Friend.objects.update(open_jobs=F("max_open_jobs"))

    page = visitor.post("/en/packages/wifi-setup/book/", PLACE)

    assert page.status_code == 422
    assert_valid_html(page)
    text = text_of(page)
    assert "Everyone near this place who does this package is busy at the moment." in text
    assert "We have nobody near this place" not in text
    assert "Please try again soon, or let us email you." in text
    assert "Shall we tell you when somebody is free again?" in text
    assert "Please check your inbox" in text_of(press(visitor, page, "Tell me", {"email": ADA}))
    [mail] = deliver()
    [link] = re.findall(r"http://nord\.localhost\S*?(/en/waiting/\S+)", mail.body)
    press(visitor, visitor.get(link), "Yes, please tell me")
    assert tell(nord) == 0

    Friend.objects.filter(pk=ben.pk).update(open_jobs=0)

    assert tell(nord) == 1
    [told] = deliver()
    assert told.to == [ADA]


def test_an_address_that_nobody_confirms_hears_nothing_and_is_forgotten(
    visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    ask_on_the_page(visitor)
    ask_on_the_page(visitor)
    assert len(deliver()) == 1
    register_friend("Ben", km=1, communities=[nord.pk])

    clock.shift(timedelta(days=7, seconds=1))

    assert tell(nord) == 0
    assert deliver() == []
    with tenant_context(nord):
        assert not PlaceWish.objects.exists()


@pytest.mark.parametrize("email", ["", "ada", f"{'a' * 260}@x.example"])
def test_a_wrong_address_is_told_at_the_field_and_stays(visitor: Client, nord: Tenant, email: str) -> None:
    answer = visitor.post("/en/packages/wifi-setup/wait/", PLACE | {"email": email})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode() or not email
    with tenant_context(nord):
        assert not PlaceWish.objects.exists()


def test_a_place_that_is_none_is_told(visitor: Client, nord: Tenant) -> None:
    answer = visitor.post("/en/packages/wifi-setup/wait/", {"country": "DE", "postal_code": "99999", "email": ADA})

    assert answer.status_code == 422
    assert "We do not know this postal code." in answer.content.decode()


def test_a_forged_link_is_not_found(visitor: Client, nord: Tenant) -> None:
    assert visitor.get("/en/waiting/forged/").status_code == 404
