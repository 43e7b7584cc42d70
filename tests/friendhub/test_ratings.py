"""A friend's ratings and the handbook (R12, R13, R21), through HTTP."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crowd.models import Friend, Rating
from crowd.services import publish_rating
from dispatch.offering.seats import VERSION
from kernel.clock import now
from tenants.models import Tenant
from tests.cast import Cast
from tests.pages import assert_valid_html

MINE = "/en/ratings/"


def publish(friend: Friend, nord: Tenant, *stars: int) -> None:
    """Publish ratings of a friend's work."""
    for number, one in enumerate(stars):
        publish_rating(
            friend_id=friend.pk,
            stars=one,
            tenant_id=nord.pk,
            job_id=uuid4(),
            package_name={"en": "Wi-Fi set-up"},
            criteria={"punctual": one},
            words=f"Words {number}",
            language="en",
            now=now() - timedelta(days=40 * number),
        )


@pytest.fixture
def stranger(db: None) -> Client:
    """Return somebody who has not signed in on the platform host."""
    return Client(headers={"host": "app.localhost"})


def test_three_ratings_make_a_number_and_fewer_make_new(friend_client: Client, four_near: Cast, nord: Tenant) -> None:
    publish(four_near["Ben"], nord, 5, 5)
    few = friend_client.get(MINE).content.decode()
    assert "You have 2 ratings so far." in few
    assert "from 2 ratings" not in few

    publish(four_near["Ben"], nord, 4)

    page = friend_client.get(MINE)
    text = page.content.decode()
    assert '<strong class="number">4.6</strong>' in text
    assert "from 3 ratings" in text
    assert "November 2026" in text
    assert_valid_html(page)
    assert '<strong class="number">4.6</strong>' in friend_client.get("/en/profile/").content.decode()


def test_the_distribution_and_the_criteria_are_the_published_ones(
    friend_client: Client, four_near: Cast, nord: Tenant
) -> None:
    publish(four_near["Ben"], nord, 5, 5, 2)
    publish(four_near["Cem"], nord, 1, 1, 1, 1)

    text = friend_client.get(MINE).content.decode()

    assert text.count("<progress") == 5
    assert 'value="2" max="2"' in text
    assert 'value="1" max="2"' in text
    assert "Punctuality" in text
    assert ">4.0<" in text


def test_the_list_has_pages_and_a_fixed_number_of_queries(friend_client: Client, four_near: Cast, nord: Tenant) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert friend_client.get(MINE).status_code == 200
        return len(captured)

    publish(four_near["Ben"], nord, 5)
    queries()
    few = queries()
    publish(four_near["Ben"], nord, *[4] * 24)

    assert queries() == few
    assert "Older ratings" in friend_client.get(MINE).content.decode()
    assert Rating.objects.count() == 25
    assert friend_client.get(MINE, {"page": "2"}).content.decode().count("<article") == 5


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_everybody_can_read_the_handbook_in_every_language(stranger: Client, language: str) -> None:
    page = stranger.get(f"/{language}/handbook/")
    text = page.content.decode()

    assert page.status_code == 200
    assert VERSION in text
    assert "noindex" not in text
    assert text.count("<section") == 10
    assert_valid_html(page)


def test_the_handbooks_figures_are_those_of_the_code(stranger: Client) -> None:
    text = stranger.get("/en/handbook/").content.decode()

    for said in (
        "The 4 nearest",
        "of the 25 nearest",
        "within 14 days",
        "within 12 hours",
        "after 8 and after 11 hours",
    ):
        assert said in text
    for shown in (">4.6<", ">4.2<", "would be 3.8", "7.35", "41.65"):
        assert shown in text


def test_the_sign_in_and_the_profile_lead_to_the_handbook(stranger: Client, friend_client: Client) -> None:
    for page in (stranger.get("/en/sign-in/"), friend_client.get("/en/profile/")):
        assert 'href="/en/handbook/"' in page.content.decode()
