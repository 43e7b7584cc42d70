"""The operators' page of delivery: figures by channel, and what was given up."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from accounts.models import Kind, User
from kernel.clock import now
from outbox.models import Message
from outbox.services import message, post_all
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, deliver
from tests.pages import assert_valid_html

PAGE = "/en/operators/delivery/"


@pytest.fixture
def operator_client(db: None) -> Client:
    """Return Olga, the operator, signed in on the platform host."""
    olga = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga")
    client = Client(headers={"host": "app.localhost"})
    client.force_login(olga)
    return client


def test_the_page_shows_each_channel_with_its_figures(
    operator_client: Client, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    empty = operator_client.get(PAGE)
    assert "Nothing was sent in the last 24 hours" in empty.content.decode()
    assert_valid_html(empty)
    book(nord)
    clock.shift(timedelta(milliseconds=1200))
    deliver()

    page = operator_client.get(PAGE)

    text = " ".join(page.content.decode().split())
    assert_valid_html(page)
    for channel in ("In the app", "Email"):
        row = f'New offers · {channel}<br><code class="quiet small">offer_made</code></th> <td class="number">4</td>'
        assert row in text
    assert "1.2\N{NO-BREAK SPACE}s" in page.content.decode()


def test_what_was_given_up_is_shown_with_its_error_and_tried_again(operator_client: Client, clock: Coordinates) -> None:
    post_all([message(key="a", topic="notice_trial", tenant_id=None, now=now(), friend="x")])
    Message.objects.update(gave_up_at=now(), attempts=8, last_error="UnableToPush: answers 503")
    posted = Message.objects.get()
    page = operator_client.get(PAGE)
    assert "UnableToPush: answers 503" in page.content.decode()
    assert_valid_html(page)

    answer = operator_client.post(f"{PAGE}{posted.pk}/retry/", follow=True)

    assert "The message will be sent again." in answer.content.decode()
    posted.refresh_from_db()
    assert posted.gave_up_at is None
    assert operator_client.post(f"{PAGE}{posted.pk}/retry/").status_code == 409


def test_friends_and_strangers_do_not_see_it(friend_client: Client) -> None:
    assert friend_client.get(PAGE).status_code == 403
    assert friend_client.post(f"{PAGE}1/retry/").status_code == 403
    stranger = Client(headers={"host": "app.localhost"})
    assert stranger.get(PAGE).status_code == 302
