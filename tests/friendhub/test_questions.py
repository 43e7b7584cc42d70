"""The friends' pages before a decision (R18): asking, other times, what strangers get."""

from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from dispatch.models import JobQuestion, Offer
from dispatch.states import OfferState
from friendhub.offers.questions import QUESTIONS
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.talking.ask_customer import answer_friend, ask_customer
from kernel.clock import now
from kernel.hiding.masking import HIDDEN
from orders.models import Order
from orders.selectors import order_by_uuid
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, Cast, book, register_friend
from tests.journeys.order.test_questions import picture
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


@pytest.fixture
def job_url(order: Order) -> str:
    """Return the path of its job."""
    return f"/en/jobs/{order.placed_job_id}/"


def sign_in(name: str) -> Client:
    """Return a friend, signed in."""
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    return client


def answer(nord: Tenant, order: Order, words: str, photo: bytes = b"") -> None:
    """Let Ada answer the one open question."""
    question = JobQuestion.objects.get(answered_at=None)
    with tenant_context(nord):
        answer_friend(order=order_by_uuid(order.uuid), question_id=question.pk, words=words, photo=photo, now=now())


def test_a_friend_asks_and_all_who_are_offered_see_it_without_a_name(
    friend_client: Client, order: Order, job_url: str
) -> None:
    form = friend_client.get(f"{job_url}ask/")
    assert "Which floor is it on, and is there a lift?" in form.content.decode()
    assert_valid_html(form)

    page = friend_client.post(f"{job_url}ask/", {"ready": "floor", "words": "I am Ben, 0151 12345678."}, follow=True)
    text = page.content.decode()
    assert "We've sent your question." in unescape(text)
    assert "We have hidden contact details in your message." in text
    assert "You ask" in text
    assert "the time to answer is paused" in text
    assert HIDDEN not in text
    assert "I am [contact details hidden], [contact details hidden]." in text
    assert_valid_html(page)

    of_cem = sign_in("Cem").get(job_url).content.decode()
    assert "A friend asks" in of_cem
    assert "Which floor is it on" in of_cem
    for hidden in ("Ben", "Muster", "0151", ADA["name"]):
        assert hidden not in of_cem


def test_everybody_reads_a_ready_question_in_their_own_language(friend_client: Client, job_url: str) -> None:
    friend_client.post(f"{job_url}ask/", {"ready": "floor", "words": ""})

    assert "Which floor is it on" not in sign_in("Cem").get(job_url.replace("/en/", "/de/")).content.decode()


def test_an_empty_or_too_long_question_stays_with_a_message(friend_client: Client, job_url: str) -> None:
    empty = friend_client.post(f"{job_url}ask/", {"ready": "", "words": ""})
    assert empty.status_code == 422
    assert "Please choose a question or ask in your own words." in empty.content.decode()
    assert_valid_html(empty)

    long = friend_client.post(f"{job_url}ask/", {"ready": "", "words": "lift " * 101})
    assert long.status_code == 422
    assert "Please write at most 500 characters." in long.content.decode()
    assert "lift lift" in long.content.decode()
    assert not JobQuestion.objects.exists()


def test_a_fourth_open_question_stays_with_a_message(friend_client: Client, job_url: str) -> None:
    for words in ("One?", "Two?", "Three?"):
        assert friend_client.post(f"{job_url}ask/", {"ready": "", "words": words}).status_code == 302

    fourth = friend_client.post(f"{job_url}ask/", {"ready": "", "words": "Four?"})

    assert fourth.status_code == 422
    assert "You have three open questions" in fourth.content.decode()
    assert "Four?" in fourth.content.decode()


def test_who_asks_without_end_is_stopped_for_a_while(friend_client: Client, job_url: str) -> None:
    for number in range(QUESTIONS.most):
        friend_client.post(f"{job_url}ask/", {"ready": "", "words": f"Same question {number % 3}?"})

    stopped = friend_client.post(f"{job_url}ask/", {"ready": "", "words": "And this?"})

    assert stopped.status_code == 429
    assert "Too many attempts." in stopped.content.decode()
    assert "And this?" in stopped.content.decode()


def test_answer_and_photo_are_for_those_who_were_offered_the_job(
    friend_client: Client, order: Order, job_url: str, nord: Tenant, sued: Tenant
) -> None:
    friend_client.post(f"{job_url}ask/", {"ready": "photo", "words": ""})
    answer(nord, order, "Here it is.", picture())
    photo = f"{job_url}answers/{JobQuestion.objects.get().pk}/photo/"
    register_friend("Greta", km=2, communities=[sued.pk])

    assert "Here it is." in sign_in("Cem").get(job_url).content.decode()
    assert sign_in("Cem").get(photo)["Content-Type"] == "image/jpeg"
    greta = sign_in("Greta")
    for path in (job_url, photo, f"{job_url}ask/", f"{job_url}other-times/"):
        assert greta.get(path).status_code == 404
    for path in (f"{job_url}ask/", f"{job_url}other-times/", f"{job_url}other-times/withdraw/"):
        assert greta.post(path).status_code == 404
    stranger = Client(headers={"host": "app.localhost"})
    assert stranger.get(photo).status_code == 302
    assert friend_client.get(f"{job_url}answers/{order.uuid}/photo/").status_code == 404


def test_a_friend_of_the_next_wave_sees_what_was_said(
    friend_client: Client, order: Order, job_url: str, nord: Tenant
) -> None:
    register_friend("Fay", km=5, communities=[nord.pk])
    friend_client.post(f"{job_url}ask/", {"ready": "", "words": "Is there a lift?"})
    assert sign_in("Fay").get(job_url).status_code == 404
    answer(nord, order, "No lift.")

    for name in ("Ben", "Cem", "Dana", "Emil"):
        sign_in(name).post(f"{job_url}decline/", {"reason": "no_time"})

    assert "No lift." in sign_in("Fay").get(job_url).content.decode()


def test_other_times_are_proposed_changed_and_withdrawn(
    friend_client: Client, order: Order, job_url: str, four_near: Cast
) -> None:
    form = friend_client.get(f"{job_url}other-times/")
    assert_valid_html(form)
    typed = {"first": "2026-11-30T18:00", "second": "2026-12-01T09:30", "third": "", "note": "After work"}

    page = friend_client.post(f"{job_url}other-times/", typed, follow=True)
    text = page.content.decode()
    assert "The customer is asked to choose." in text
    assert "Monday, 30 November 2026, 18:00" in text
    assert "Accept at a preferred time" in text
    assert_valid_html(page)
    assert "Other times proposed" in friend_client.get("/en/").content.decode()

    assert "2026-12-01T09:30" in friend_client.get(f"{job_url}other-times/").content.decode()
    friend_client.post(f"{job_url}other-times/", {"first": "2026-12-02T18:00"})
    assert "30 November" not in friend_client.get(job_url).content.decode()

    left = friend_client.post(f"{job_url}other-times/withdraw/", follow=True)
    assert "Your times have been withdrawn." in left.content.decode()
    assert Offer.objects.get(friend=four_near["Ben"]).state == OfferState.DECLINED


def test_wrong_times_stay_each_with_its_message(friend_client: Client, job_url: str) -> None:
    typed = {"first": "2026-11-20T18:00", "second": "2026-11-30T18:00", "third": "2026-11-30T18:00", "note": "Hm"}

    page = friend_client.post(f"{job_url}other-times/", typed)
    text = page.content.decode()

    assert page.status_code == 422
    assert "First time: Please choose a time in the future." in text
    assert "Third time: This time is there twice." in text
    assert "Second time: " not in text
    for value in typed.values():
        assert value in text
    assert_valid_html(page)
    assert friend_client.post(f"{job_url}other-times/", {"first": "tomorrow"}).status_code == 422
    assert friend_client.post(f"{job_url}other-times/", {}).status_code == 422


def test_who_comes_too_late_is_told(
    friend_client: Client, order: Order, job_url: str, four_near: Cast, clock: Coordinates
) -> None:
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())
    for path in (f"{job_url}ask/", f"{job_url}other-times/"):
        answered = friend_client.post(path, {"words": "Hm?", "first": "2026-11-30T18:00"})
        assert answered.status_code == 409
        assert "Somebody was faster this time" in answered.content.decode()

    clock.shift(timedelta(hours=2))
    assert friend_client.post(f"{job_url}other-times/withdraw/").status_code == 410


def test_a_long_thread_takes_no_more_queries_than_a_short_one(
    friend_client: Client, order: Order, job_url: str, four_near: Cast
) -> None:
    counts = []
    for name in ("Ben", "Cem", "Dana"):
        for number in range(3):
            ask_customer(
                job_id=order.placed_job_id,
                friend_id=four_near[name].pk,
                ready="",
                words=f"Question {number} of one?",
                now=now(),
            )
        with CaptureQueriesContext(connection) as queries:
            friend_client.get(job_url)
        counts.append(len(queries))

    assert counts == [counts[0]] * 3
