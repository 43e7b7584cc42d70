"""The friends' app (R14, R15, R16): offers with the three figures, one winner, contact data only after acceptance."""

from datetime import timedelta

import pytest
from django.test import Client
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Offer
from dispatch.states import OfferState
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.working.agree_date import accept_date_as_customer
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import OrderState
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, Cast, book, register_friend
from tests.pages import assert_valid_html, press, text_of


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


@pytest.fixture
def job_url(order: Order) -> str:
    """Return the path of its job."""
    return f"/en/jobs/{order.placed_job_id}/"


def test_strangers_are_sent_to_the_sign_in(db: None) -> None:
    answer = Client(headers={"host": "app.localhost"}).get("/en/")

    assert answer.status_code == 302
    assert "/sign-in/" in answer["Location"]


def test_a_wrong_password_is_told_and_the_address_stays(db: None) -> None:
    client = Client(headers={"host": "app.localhost"})

    answer = client.post("/en/sign-in/", {"username": "ben@friends.example", "password": "wrong"})

    assert answer.status_code == 422
    assert "Wrong email address or password" in answer.content.decode()
    assert "ben@friends.example" in answer.content.decode()
    assert_valid_html(answer)


def test_the_list_shows_distance_package_and_pay(friend_client: Client, order: Order) -> None:
    page = friend_client.get("/en/")

    assert "Wi-Fi set-up" in page.content.decode()
    assert "€41.65" in page.content.decode()
    assert "km" in page.content.decode()
    assert_valid_html(page)


def test_before_acceptance_the_job_shows_the_brief_and_three_figures_but_nobody(
    friend_client: Client, job_url: str
) -> None:
    page = friend_client.get(job_url)
    text = page.content.decode()

    for shown in (
        "€49.00",
        "€7.35",
        "€41.65",
        "Cable",
        "The signal is weak.",
        "10115",
    ):
        assert shown in text
    for hidden in (ADA["name"], ADA["email"], ADA["street"], "1234567"):
        assert hidden not in text
    assert_valid_html(page)


def test_acceptance_shows_whom_to_contact_and_the_clock(friend_client: Client, job_url: str) -> None:
    page = friend_client.post(f"{job_url}accept/", follow=True)
    text = page.content.decode()

    for shown in (ADA["name"], ADA["email"], ADA["street"]):
        assert shown in text
    assert "data-until" in text
    assert_valid_html(page)


def test_who_lost_the_race_gets_a_clear_answer(
    friend_client: Client, order: Order, job_url: str, four_near: Cast
) -> None:
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    answer = friend_client.post(f"{job_url}accept/")

    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody was faster this time" in page
    assert "That did not work" not in page
    assert "Code 409" not in page
    assert ADA["email"] not in page
    assert_valid_html(answer)
    again = press(friend_client, answer, "Ask me again if the job comes up again")
    assert "we'll ask you" in text_of(again)


def test_an_offer_that_is_over_is_gone(friend_client: Client, job_url: str, clock: Coordinates) -> None:
    clock.shift(timedelta(minutes=31))

    for path in ("accept/", "ask/", "other-times/"):
        gone = friend_client.post(f"{job_url}{path}", {"reason": "no_time", "words": "?"})
        assert gone.status_code == 410
        assert "This offer is no longer open." in gone.content.decode()
        assert_valid_html(gone)


def test_an_offer_says_how_long_the_way_takes_as_the_friend_goes(
    friend_client: Client, order: Order, job_url: str, four_near: Cast
) -> None:
    for path in ("/en/", job_url):
        assert "about 15 min by public transport" in text_of(friend_client.get(path))

    Friend.objects.filter(pk=four_near["Ben"].pk).update(travel_mode="foot")

    for path in ("/en/", job_url):
        page = text_of(friend_client.get(path))
        assert "about 15 min on foot" in page
        assert "(estimate)" in page
    assert "on foot" in text_of(friend_client.get("/en/profile/"))


def test_the_list_says_how_many_more_times_suit_the_customer(nord: Tenant, friend_client: Client) -> None:
    book(nord, times={"windows": ["2026-11-25:2", "2026-11-26:0", "2026-11-27:1", "2026-11-28:0"]})
    assert "and 2 more times" in friend_client.get("/en/").content.decode()
    Offer.objects.all().delete()

    book(nord, times={"windows": ["2026-11-25:2", "2026-11-26:0"]})

    assert "more time" not in friend_client.get("/en/").content.decode()


def test_an_agreed_job_leads_with_the_appointment(
    friend_client: Client, job_url: str, order: Order, nord: Tenant
) -> None:
    friend_client.post(f"{job_url}accept/")
    friend_client.post(f"{job_url}contact/")
    assert "Arrange an appointment" in friend_client.get(job_url).content.decode()
    friend_client.post(f"{job_url}date/", {"starts_at": "2026-11-26T18:00", "note": ""})
    with tenant_context(nord):
        agreed = order_by_uuid(order.uuid)
        accept_date_as_customer(order=agreed, appointment_id=agreed.appointments.get().pk, now=now())

    page = friend_client.get(job_url)

    text = page.content.decode()
    assert "Arrange an appointment" not in text
    assert text.index("Your appointment") < text.index(ADA["street"])
    assert_valid_html(page)
    assert press(friend_client, page, "Propose another appointment").status_code == 200


def test_a_job_that_was_not_offered_is_not_found(sued: Tenant, order: Order, job_url: str) -> None:
    from_sued = sign_in_greta(sued)

    for path in (job_url, f"{job_url}decline/", f"{job_url}report/", f"{job_url}date/"):
        assert from_sued.get(path).status_code == 404
    assert from_sued.post(f"{job_url}accept/").status_code == 404


def test_declining_asks_for_a_reason(friend_client: Client, job_url: str, four_near: Cast) -> None:
    without = friend_client.post(f"{job_url}decline/", {})
    assert without.status_code == 422
    assert "Please choose a reason." in without.content.decode()

    answer = friend_client.post(f"{job_url}decline/", {"reason": "no_time"})

    assert answer.status_code == 302
    assert Offer.objects.get(friend=four_near["Ben"]).state == OfferState.DECLINED


def test_contact_date_and_report(friend_client: Client, job_url: str, order: Order, nord: Tenant) -> None:
    friend_client.post(f"{job_url}accept/")
    done = {"summary": "Done", "minutes": "30", "is_paid": "on", "why_now": "They wanted it at once"}
    too_early = friend_client.post(f"{job_url}report/", done)
    assert too_early.status_code == 409
    friend_client.post(f"{job_url}contact/")
    friend_client.post(f"{job_url}date/", {"starts_at": "2026-11-26T18:00", "note": ""})
    past = friend_client.post(f"{job_url}date/", {"starts_at": "2026-11-20T18:00", "note": "Sorry"})
    assert past.status_code == 422
    assert "Sorry" in past.content.decode()

    empty = friend_client.post(f"{job_url}report/", {"summary": "", "minutes": "30"})
    assert empty.status_code == 422
    assert_valid_html(empty)
    friend_client.post(f"{job_url}report/", done)

    with tenant_context(nord):
        found = Order.objects.get(uuid=order.uuid)
        assert found.state == OrderState.DONE
        assert found.payment.paid_at is not None


@pytest.mark.parametrize("path", ["/en/jobs/", "/en/profile/", "/de/", "/fr/jobs/", "/it/profile/", "/pl/"])
def test_all_pages_are_valid_in_all_languages(friend_client: Client, order: Order, path: str) -> None:
    answer = friend_client.get(path)

    assert answer.status_code == 200
    assert_valid_html(answer)


def sign_in_greta(sued: Tenant) -> Client:
    """Sign in a friend of Süd's community only."""
    register_friend("Greta", km=1, communities=[sued.pk])
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "greta@friends.example", "password": PASSWORD})
    return client
