"""Questions before acceptance (R18): all offered see them, nobody is named, the clock rests."""

from datetime import datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.storage import default_storage
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.errors import (
    NothingAnswered,
    NothingAsked,
    OfferAlreadyTaken,
    OfferExpired,
    OfferNotYours,
    QuestionClosed,
    TooManyQuestions,
)
from dispatch.models import Deadline, Job, JobQuestion, Offer
from dispatch.states import DeadlineKind, JobState, OfferState
from journeys.order.deadlines import sweep
from journeys.order.ending.cancel_order import cancel_order
from journeys.order.finding.accept_offer import accept_offer, decline_offer
from journeys.order.talking.ask_customer import answer_friend, ask_customer, exchanges_of, exchanges_of_order
from journeys.reads.friend_job import job_for_friend
from kernel.clock import now
from kernel.hiding.masking import HIDDEN
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Side
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import Cast, book, deliver, register_friend
from tests.conftest import NOON

WAVE = timedelta(minutes=30)


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order that four friends were asked for."""
    return book(nord)


def ask(order: Order, friend: Friend, words: str = "Is there a lift?", ready: str = "") -> bool:
    """Let a friend ask."""
    return ask_customer(job_id=order.placed_job_id, friend_id=friend.pk, ready=ready, words=words, now=now())


def answer(nord: Tenant, order: Order, question: JobQuestion, words: str = "Yes.", photo: bytes = b"") -> bool:
    """Let Ada answer."""
    with tenant_context(nord):
        found = order_by_uuid(order.uuid)
        return answer_friend(order=found, question_id=question.pk, words=words, photo=photo, now=now())


def job_of(order: Order) -> Job:
    """Return the order's job as it is now."""
    return Job.objects.get(pk=order.placed_job_id)


def ends(order: Order) -> tuple[datetime, datetime]:
    """Return when the open offers end and when the wave does."""
    job = job_of(order)
    (expires_at,) = set(job.offers.filter(state=OfferState.OPEN).values_list("expires_at", flat=True))
    return expires_at, job.deadlines.get(kind=DeadlineKind.WAVE_ENDS, wave=job.wave).due_at


def test_all_four_see_question_and_answer_and_nobody_who_asked(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    ask(order, four_near["Ben"], "Which floor is it on?")
    clock.shift(timedelta(minutes=5))
    answer(nord, order, JobQuestion.objects.get(), "The second floor.")

    for name, friend in four_near.items():
        (exchange,) = job_for_friend(job_id=order.placed_job_id, friend_id=friend.pk).exchanges
        assert (exchange.words, exchange.answer) == ("Which floor is it on?", "The second floor.")
        assert exchange.is_own == (name == "Ben")
        assert exchange.answered_at == now()


def test_the_customer_gets_the_question_and_the_four_a_notice_of_the_answer(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    deliver()
    ask(order, four_near["Ben"], ready="floor", words="I have a ladder.")

    (mail,) = deliver()
    assert mail.to == [order.email]
    assert mail.subject == f"A question about your order {order.number}"
    assert "Which floor is it on, and is there a lift?" in mail.body
    assert "I have a ladder." in mail.body
    assert "Ben" not in mail.body

    answer(nord, order, JobQuestion.objects.get(), "The second floor, no lift.")

    mails = deliver()
    assert sorted(mail.to[0] for mail in mails) == sorted(friend.email for friend in four_near.values())
    for mail in mails:
        assert "The second floor, no lift." in mail.body
        assert order.name not in mail.body


def test_a_question_that_is_answered_before_its_mail_leaves_is_not_sent(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    deliver()
    ask(order, four_near["Ben"])
    answer(nord, order, JobQuestion.objects.get())

    assert {mail.to[0] for mail in deliver()} == {friend.email for friend in four_near.values()}


def test_friends_who_have_declined_hear_of_no_answer(order: Order, nord: Tenant, four_near: Cast) -> None:
    decline_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, reason="no_time", now=now())
    ask(order, four_near["Ben"])
    deliver()
    answer(nord, order, JobQuestion.objects.get())

    assert four_near["Cem"].email not in {mail.to[0] for mail in deliver()}


def test_contact_data_of_both_is_hidden_before_anything_is_stored(order: Order, nord: Tenant, four_near: Cast) -> None:
    assert ask(order, four_near["Ben"], "I am Ben, call me: 0151 12345678 or ben@friends.example. Is there a lift?")
    question = JobQuestion.objects.get()
    assert question.text == f"I am {HIDDEN}, call me: {HIDDEN} or {HIDDEN} Is there a lift?"

    assert answer(nord, order, question, "Ring at Lovelace, Invalidenstrasse 1, or +49 30 123 45 67. There is a lift.")
    question.refresh_from_db()
    assert question.answer == f"Ring at {HIDDEN}, {HIDDEN}, or {HIDDEN}. There is a lift."


def test_a_photo_loses_where_and_when_it_was_taken_and_stays_with_the_partner(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    ask(order, four_near["Ben"], ready="photo", words="")
    answer(nord, order, JobQuestion.objects.get(), "", picture())

    question = JobQuestion.objects.get()
    with tenant_context(nord), default_storage.open(question.photo.name, "rb") as file, Image.open(file) as kept:
        assert kept.format == "JPEG"
    assert str(order.uuid) not in question.photo.name
    assert [exchange.has_photo for exchange in exchanges_of(order.placed_job_id)] == [True]


def picture() -> bytes:
    """Return a small JPEG."""
    out = BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "JPEG")
    return out.getvalue()


def test_a_friend_has_three_open_questions_at_most_and_may_ask_again_after_an_answer(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    for words in ("One?", "Two?", "Three?"):
        ask(order, four_near["Ben"], words)
    with pytest.raises(TooManyQuestions):
        ask(order, four_near["Ben"], "Four?")
    ask(order, four_near["Cem"], "Mine?")

    answer(nord, order, JobQuestion.objects.get(text="Two?"))
    ask(order, four_near["Ben"], "Four?")

    assert JobQuestion.objects.count() == 5


def test_the_same_question_twice_is_one(order: Order, four_near: Cast, clock: Coordinates) -> None:
    ask(order, four_near["Ben"])
    clock.shift(timedelta(seconds=1))
    ask(order, four_near["Ben"])

    assert JobQuestion.objects.count() == 1


def test_what_asks_or_answers_nothing_is_refused(order: Order, nord: Tenant, four_near: Cast) -> None:
    for nothing in ("", "  ", "+49 30 1234567", "Ben"):
        with pytest.raises(NothingAsked):
            ask(order, four_near["Ben"], nothing)
    ask(order, four_near["Ben"])
    for nothing in ("", "ada@customers.example"):
        with pytest.raises(NothingAnswered):
            answer(nord, order, JobQuestion.objects.get(), nothing)
    assert JobQuestion.objects.get().answered_at is None


def test_only_who_has_a_live_offer_asks(order: Order, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    fay = register_friend("Fay", km=5, communities=[nord.pk])
    with pytest.raises(OfferNotYours):
        ask(order, fay)
    decline_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, reason="no_time", now=now())
    with pytest.raises(OfferExpired):
        ask(order, four_near["Ben"])
    clock.shift(WAVE)
    with pytest.raises(OfferExpired):
        ask(order, four_near["Cem"])


def test_nobody_asks_or_answers_once_the_job_is_somebodys_or_nobodys(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    ask(order, four_near["Ben"])
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    with pytest.raises(OfferAlreadyTaken):
        ask(order, four_near["Ben"], "Another?")
    with pytest.raises(QuestionClosed):
        answer(nord, order, JobQuestion.objects.get())


def test_a_cancelled_order_needs_no_answer(order: Order, nord: Tenant, four_near: Cast) -> None:
    ask(order, four_near["Ben"])
    with tenant_context(nord):
        cancel_order(
            order_uuid=order.uuid,
            job_id=order.placed_job_id,
            tenant_id=nord.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )

    with pytest.raises(OfferExpired):
        ask(order, four_near["Cem"])
    with pytest.raises(QuestionClosed):
        answer(nord, order, JobQuestion.objects.get())


def test_an_answer_comes_once(order: Order, nord: Tenant, four_near: Cast) -> None:
    ask(order, four_near["Ben"])
    question = JobQuestion.objects.get()
    answer(nord, order, question, "Yes.")

    with pytest.raises(QuestionClosed):
        answer(nord, order, question, "No.")
    assert JobQuestion.objects.get().answer == "Yes."


def test_the_clock_rests_until_the_answer(order: Order, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    began = now()
    assert ends(order) == (began + WAVE, began + WAVE)
    clock.shift(timedelta(minutes=10))

    ask(order, four_near["Ben"])
    assert ends(order) == (began + WAVE + timedelta(hours=1),) * 2

    clock.shift(timedelta(minutes=15))
    answer(nord, order, JobQuestion.objects.get())
    assert ends(order) == (began + WAVE + timedelta(minutes=15),) * 2
    assert job_of(order).rested_s == 15 * 60


def test_several_questions_do_not_add_up(order: Order, nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    began = now()
    ask(order, four_near["Ben"], "First?")
    clock.shift(timedelta(minutes=5))
    ask(order, four_near["Cem"], "Second?")
    assert ends(order) == (began + WAVE + timedelta(hours=1),) * 2

    clock.shift(timedelta(minutes=5))
    answer(nord, order, JobQuestion.objects.get(text="First?"))
    assert job_of(order).clock_rests_since == began

    clock.shift(timedelta(minutes=10))
    answer(nord, order, JobQuestion.objects.get(text="Second?"))
    assert ends(order) == (began + WAVE + timedelta(minutes=20),) * 2


def test_the_rest_of_a_wave_is_bounded_and_the_wave_ends_without_an_answer(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    register_friend("Fay", km=5, communities=[nord.pk])
    began = now()
    ask(order, four_near["Ben"])
    clock.shift(WAVE + timedelta(minutes=59))
    sweep(now=now())
    assert job_of(order).wave == 1

    clock.shift(timedelta(minutes=1))
    sweep(now=now())

    assert now() == began + WAVE + timedelta(hours=1)
    assert job_of(order).wave == 2
    assert job_of(order).clock_rests_since is None
    assert job_of(order).rested_s == 0


def test_with_the_budget_used_up_further_questions_move_nothing(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    ask(order, four_near["Ben"], "First?")
    clock.shift(timedelta(minutes=70))
    answer(nord, order, JobQuestion.objects.get(text="First?"))
    ending = ends(order)
    assert job_of(order).rested_s == 3600

    ask(order, four_near["Ben"], "Second?")

    assert ends(order) == ending


def test_an_answer_to_a_former_wave_moves_nothing(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    fay = register_friend("Fay", km=5, communities=[nord.pk])
    ask(order, four_near["Ben"])
    clock.shift(WAVE + timedelta(hours=1))
    sweep(now=now())
    ending = ends(order)
    clock.shift(timedelta(minutes=1))

    answer(nord, order, JobQuestion.objects.get())

    assert ends(order) == ending
    assert job_for_friend(job_id=order.placed_job_id, friend_id=fay.pk).exchanges[0].answer == "Yes."


def test_quiet_hours_neither_lengthen_nor_shorten_the_rest(nord: Tenant, four_near: Cast, clock: Coordinates) -> None:
    order = book(nord)
    job = job_of(order)
    # In local hours; Berlin is an hour ahead of the test's clock.
    Job.objects.filter(pk=job.pk).update(rules=job.rules | {"quiet_from": 13, "quiet_until": 15})
    began = now()
    clock.shift(timedelta(minutes=20))

    ask(order, four_near["Ben"])
    # Ten minutes of the wave and an hour of rest are left at 12:20 local time; the clock stands from 13:00 to 15:00.
    assert ends(order) == (began + timedelta(minutes=20 + 10 + 60 + 120),) * 2

    clock.shift(timedelta(minutes=160))
    answer(nord, order, JobQuestion.objects.get())
    # Asked at 12:20, answered at 15:00: the clock would have run for forty minutes, so ten are left of the wave.
    assert job_of(order).rested_s == 40 * 60
    assert ends(order) == (now() + timedelta(minutes=10),) * 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=8))
def test_whatever_is_asked_and_answered_a_wave_lasts_its_time_and_the_budget_at_most(
    steps: list[tuple[bool, int]], nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    clock.move_to(NOON)
    order, began = book(nord), now()
    for place, (asks, minutes) in enumerate(steps):
        clock.shift(timedelta(minutes=minutes))
        if not job_of(order).offers.filter(state=OfferState.OPEN, expires_at__gt=now()).exists():
            break
        waiting = JobQuestion.objects.filter(job_id=order.placed_job_id, answered_at=None)
        if asks and waiting.count() < 3:
            ask(order, four_near["Ben"], f"Question {place}?")
        elif question := waiting.order_by("asked_at").first():
            answer(nord, order, question)
        expires_at, due_at = ends(order)
        assert expires_at == due_at
        assert began + WAVE <= expires_at <= began + WAVE + timedelta(hours=1)
        assert 0 <= job_of(order).rested_s <= 3600


def test_accepting_while_the_clock_rests_works_as_always(
    order: Order, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    ask(order, four_near["Ben"])
    clock.shift(WAVE + timedelta(minutes=20))

    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    assert job_of(order).friend_id == four_near["Cem"].pk
    assert Offer.objects.filter(job_id=order.placed_job_id, state=OfferState.TAKEN).count() == 3
    with tenant_context(nord):
        assert Order.objects.get(uuid=order.uuid).friend_id == four_near["Cem"].pk


def test_when_all_have_declined_the_next_are_asked_though_a_question_is_open(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    register_friend("Fay", km=5, communities=[nord.pk])
    ask(order, four_near["Ben"])
    for friend in four_near.values():
        decline_offer(job_id=order.placed_job_id, friend_id=friend.pk, reason="no_time", now=now())

    assert job_of(order).wave == 2
    assert job_of(order).clock_rests_since is None


def test_an_end_that_moved_while_the_sweeper_held_it_comes_up_again(
    order: Order, four_near: Cast, clock: Coordinates
) -> None:
    """The question could not move the deadline, because the sweeper held it; the offers it moved, and they count."""
    ask(order, four_near["Ben"])
    Deadline.objects.filter(kind=DeadlineKind.WAVE_ENDS).update(due_at=now() + WAVE)
    clock.shift(WAVE)

    sweep(now=now())

    assert job_of(order).wave == 1
    assert job_of(order).state == JobState.SEARCHING
    assert ends(order)[1] == now() + timedelta(hours=1)


def test_the_thread_takes_one_query_however_long_it_is(
    order: Order, nord: Tenant, four_near: Cast, django_assert_num_queries: object
) -> None:
    for name, friend in four_near.items():
        ask(order, friend, f"A question of one of four, {len(name)}?")
        with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's
            assert exchanges_of(order.placed_job_id)
    with tenant_context(nord):
        assert len(exchanges_of_order(order_by_uuid(order.uuid))) == 4


def test_three_questions_that_wait_come_in_one_mail(order: Order, nord: Tenant, four_near: Cast) -> None:
    deliver()
    for name, words in (("Ben", "Is there a lift?"), ("Cem", "Which floor?"), ("Dana", "Is there a dog?")):
        ask(order, four_near[name], words)

    [mail] = [one for one in deliver() if one.to == ["ada@customers.example"]]

    for words in ("Is there a lift?", "Which floor?", "Is there a dog?"):
        assert words in mail.body


def test_no_mail_is_left_where_the_last_question_was_answered_first(
    order: Order, nord: Tenant, four_near: Cast
) -> None:
    deliver()
    ask(order, four_near["Ben"], "Is there a lift?")
    ask(order, four_near["Cem"], "Which floor?")
    answer(nord, order, JobQuestion.objects.get(text="Which floor?"))

    [mail] = [one for one in deliver() if one.to == ["ada@customers.example"]]

    assert "Is there a lift?" in mail.body
    assert "Which floor?" not in mail.body
