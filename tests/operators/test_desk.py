"""The operators' first page: what waits for a decision, over all sections."""

from django.test import Client
from pytest_django import DjangoAssertNumQueries

from kernel.clock import now
from outbox.models import Message
from outbox.services import message, post_all
from tests.operators.test_operators import olga, operator_client  # noqa: F401  # fixtures
from tests.pages import assert_valid_html, press, text_of

HOME = "/en/operators/"


def give_up(count: int) -> None:
    post_all([message(key=str(n), topic="notice_trial", tenant_id=None, now=now(), friend="x") for n in range(count)])
    Message.objects.update(gave_up_at=now(), attempts=8, last_error="UnableToPush: answers 503")


def test_the_first_page_counts_what_waits_and_leads_there(operator_client: Client) -> None:  # noqa: F811
    quiet = operator_client.get(HOME)
    assert_valid_html(quiet)
    assert "Nothing waits for a decision." in text_of(quiet)

    give_up(3)
    page = operator_client.get(HOME)

    assert_valid_html(page)
    assert "3 Notifications that did not arrive" in text_of(page)
    failed = press(operator_client, page, "Notifications that did not arrive")
    assert "UnableToPush: answers 503" in text_of(failed)


def test_the_menu_opens_an_area_and_its_sections(operator_client: Client) -> None:  # noqa: F811
    money = press(operator_client, operator_client.get(HOME), "Money")
    assert "Online payments" in text_of(money)
    assert "Skills and tests" not in text_of(money)

    assert "Nothing is booked here." in text_of(press(operator_client, money, "Ledger"))


def test_the_first_page_costs_as_much_however_much_waits(
    operator_client: Client,  # noqa: F811
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    give_up(5)
    operator_client.get(HOME)
    with django_assert_max_num_queries(14):
        operator_client.get(HOME)
