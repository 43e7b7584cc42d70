"""Every decision is kept, told to whom it is about, replayed, and reviewed by a person (R25)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from accounts.models import Kind, User
from crowd.eligibility import LeftOut
from crowd.models import Friend
from crowd.selectors import facts_of, memberships_of
from crowd.services import note_first_job, pause_friend
from dispatch.errors import ReviewAnswered, UnableToReview, UnknownRule
from dispatch.fairness.demand import Outlook, outlook
from dispatch.fairness.explanations import decisions_about, holds, replayed, waves_of
from dispatch.models import Considered, DecisionReview, Offer, Wave
from dispatch.states import Seat
from journeys.friend.review_decision import answer_review, ask_for_review, remind_of_reviews
from journeys.order.finding.accept_offer import decline_offer
from kernel.clock import now
from kernel.geo import on_sphere
from orders.models import Order
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, Cast, book, deliver, register_friend, sign_in_staff
from tests.pages import assert_valid_html


@pytest.fixture
def order(nord: Tenant, four_near: Cast) -> Order:
    """Return an order for which four were asked, one was left out and one lived farther."""
    register_friend("Finn", km=20, communities=[nord.pk])
    paused = register_friend("Paula", km=0.5, communities=[nord.pk])
    pause_friend(friend_id=paused.pk, until=now() + timedelta(days=2))
    return book(nord)


@pytest.fixture
def olga(db: None) -> User:
    """Return the operator."""
    return User.objects.create_user(
        "olga@quartett.example", PASSWORD, kind=Kind.OPERATOR, first_name="Olga", last_name="Muster"
    )


def decision(name: str) -> Considered:
    return Considered.objects.get(friend__first_name=name)


def test_a_wave_keeps_who_was_considered_and_why_not(order: Order) -> None:
    (wave,) = waves_of(order.placed_job_id)

    kept = {one.friend.first_name: (one.left_out, one.seat) for one in wave.considered.all()}
    assert kept["Paula"] == ([LeftOut.PAUSED], "")
    assert kept["Ben"] == ([], Seat.NEAR)
    assert sum(bool(seat) for _reasons, seat in kept.values()) == 4


def test_the_log_and_the_rules_version_lead_to_the_same_list_later(order: Order) -> None:
    asked = set(Offer.objects.values_list("friend_id", flat=True))
    Friend.objects.update(is_active=False, radius_m=1_000, free_week=0, waiting_since=now() - timedelta(days=99))

    (wave,) = waves_of(order.placed_job_id)

    assert {one.facts.friend_id for one in replayed(wave) if one.seat} == asked
    assert holds(wave)


def test_a_decision_that_was_bent_afterwards_is_found_out(order: Order) -> None:
    ben = decision("Ben")
    Considered.objects.filter(pk=ben.pk).update(facts=ben.facts | {"radius_m": 10})

    (wave,) = waves_of(order.placed_job_id)

    assert not holds(wave)


def test_a_version_that_nobody_knows_is_not_guessed_at(order: Order) -> None:
    Wave.objects.update(rule_version="2031-01")

    with pytest.raises(UnknownRule):
        replayed(waves_of(order.placed_job_id)[0])


def test_one_seat_is_for_who_waits_for_a_first_job(nord: Tenant, clock: Coordinates) -> None:
    for km, name in enumerate(("Ben", "Cem", "Dana", "Emil"), start=1):
        note_first_job(register_friend(name, km=km, communities=[nord.pk]).pk, now=now())
    register_friend("Nora", km=9, communities=[nord.pk])

    book(nord)

    seats = dict(Considered.objects.exclude(seat="").values_list("friend__first_name", "seat"))
    assert seats == {"Ben": Seat.NEAR, "Cem": Seat.NEAR, "Dana": Seat.NEAR, "Nora": Seat.NEWCOMER}
    assert Offer.objects.get(friend__first_name="Nora").seat == Seat.NEWCOMER


def test_a_partner_can_switch_the_newcomers_seat_off(nord: Tenant, clock: Coordinates) -> None:
    Tenant.objects.filter(pk=nord.pk).update(newcomer_seat=False)
    nord.refresh_from_db()
    for km, name in enumerate(("Ben", "Cem", "Dana", "Emil"), start=1):
        note_first_job(register_friend(name, km=km, communities=[nord.pk]).pk, now=now())
    register_friend("Nora", km=9, communities=[nord.pk])

    book(nord)

    assert not Offer.objects.filter(friend__first_name="Nora").exists()
    assert Offer.objects.count() == 4


def test_a_friend_reads_their_own_decisions_and_nobody_elses(friend_client: Client, order: Order) -> None:
    """``friend_client`` is Ben's."""
    page = friend_client.get("/en/why/")

    assert page.status_code == 200
    assert_valid_html(page)
    assert "Wi-Fi set-up" in page.content.decode()
    assert friend_client.get(f"/en/why/{decision('Ben').pk}/").status_code == 200
    assert friend_client.get(f"/en/why/{decision('Paula').pk}/").status_code == 404


def test_what_a_friend_reads_names_no_customer_and_no_other_friend(friend_client: Client, order: Order) -> None:
    texts = friend_client.get("/en/why/").content.decode()
    texts += friend_client.get(f"/en/why/{decision('Ben').pk}/").content.decode()

    for secret in (*ADA.values(), "Paula", "Finn"):
        assert not secret or secret not in texts


def test_the_fourth_nearest_reads_that_a_newcomer_got_the_last_place(
    nord: Tenant, olga: User, clock: Coordinates
) -> None:
    for name, km in (("Ben", 1), ("Cem", 2), ("Dana", 3), ("Emil", 10), ("Nele", 18)):
        friend = register_friend(name, km=km, communities=[nord.pk])
        if name != "Nele":
            note_first_job(friend.pk, now=now())
    order = book(nord)
    assert decision("Nele").seat == Seat.NEWCOMER
    emil = Client(headers={"host": "app.localhost"})
    emil.post("/en/sign-in/", {"username": "emil@friends.example", "password": PASSWORD})

    listed = emil.get("/en/why/")
    page = emil.get(f"/en/why/{decision('Emil').pk}/")

    text = " ".join(page.content.decode().split())
    assert "All places were taken" in listed.content.decode()
    assert "3 places went to friends who live nearer" in text
    assert "One place is kept for friends without a first job." in text
    assert "nearer</span>" not in text
    assert_valid_html(page)
    desk = Client(headers={"host": "app.localhost"})
    sign_in_staff(desk, "olga@quartett.example")
    table = " ".join(desk.get(f"/en/operators/jobs/{order.placed_job_id}/").content.decode().split())
    assert "3 places for the nearest · one place for the newcomer who has waited longest" in table
    assert "Others were nearer" not in table


def test_strangers_read_no_decision(order: Order) -> None:
    answer = Client(headers={"host": "app.localhost"}).get(f"/en/why/{decision('Ben').pk}/")

    assert answer.status_code == 302


def test_a_person_answers_within_14_days_with_reasons(friend_client: Client, order: Order, olga: User) -> None:
    ben = decision("Ben")
    path = f"/en/why/{ben.pk}/"
    assert friend_client.post(path, {"words": ""}).status_code == 422

    friend_client.post(path, {"words": "I was at home all day."})

    review = DecisionReview.objects.get()
    assert review.due_at == now() + timedelta(days=14)
    assert [mail.to for mail in deliver() if "review" in mail.subject] == [["olga@quartett.example"]]
    with pytest.raises(UnableToReview):
        ask_for_review(considered_id=ben.pk, friend_id=ben.friend_id, words="Again", now=now())

    desk = Client(headers={"host": "app.localhost"})
    sign_in_staff(desk, "olga@quartett.example")
    listed = desk.get("/en/operators/reviews/")
    assert "I was at home all day." in listed.content.decode()
    assert_valid_html(listed)
    answer_path = f"/en/operators/reviews/{review.pk}/"
    assert_valid_html(desk.get(answer_path))
    assert desk.post(answer_path, {"was_right": "no"}).status_code == 422
    desk.post(answer_path, {"was_right": "no", "answer": "The clock was wrong."})

    (mail,) = [mail for mail in deliver() if mail.to == ["ben@friends.example"]]
    assert "The clock was wrong." in mail.body
    # A number tells whose order it is, and not every brand is shown.
    assert str(order.number) not in mail.body
    assert "The clock was wrong." in friend_client.get(path).content.decode()
    with pytest.raises(ReviewAnswered):
        answer_review(review_id=review.pk, was_right=True, answer="No.", who="Olga", now=now())


def test_the_database_keeps_an_answer_without_reasons_out(order: Order) -> None:
    ben = decision("Ben")
    review = ask_for_review(considered_id=ben.pk, friend_id=ben.friend_id, words="Why?", now=now())

    with pytest.raises(IntegrityError), transaction.atomic():
        DecisionReview.objects.filter(pk=review.pk).update(answered_at=now(), was_right=True)


def test_operators_are_reminded_once_before_the_time_is_up(order: Order, olga: User, clock: Coordinates) -> None:
    ben = decision("Ben")
    ask_for_review(considered_id=ben.pk, friend_id=ben.friend_id, words="Why?", now=now())
    deliver()
    assert remind_of_reviews(now=now() + timedelta(days=10)) == 0

    clock.shift(timedelta(days=11))

    assert remind_of_reviews(now=now()) == 1
    assert remind_of_reviews(now=now()) == 0
    assert [mail.subject for mail in deliver()] == ["A review is due soon"]


def test_operators_find_a_job_and_see_its_waves(order: Order, olga: User) -> None:
    desk = Client(headers={"host": "app.localhost"})
    sign_in_staff(desk, "olga@quartett.example")

    found = desk.get("/en/operators/jobs/", {"q": str(order)})
    page = desk.get(f"/en/operators/jobs/{order.placed_job_id}/")

    assert str(order.placed_job_id) in found.content.decode()
    assert "Paula" in page.content.decode()
    assert "Has paused" in page.content.decode()
    assert "Replay matches" in page.content.decode()
    assert_valid_html(found)
    assert_valid_html(page)


def test_operators_see_first_where_something_happened_last(nord: Tenant, order: Order, olga: User) -> None:
    desk = Client(headers={"host": "app.localhost"})
    sign_in_staff(desk, "olga@quartett.example")
    later = book(nord)
    decline_offer(job_id=order.placed_job_id, friend_id=Friend.objects.get(first_name="Ben").pk, reason="", now=now())

    page = desk.get("/en/operators/jobs/")

    shown = [job.pk for job in page.context["jobs"]]
    assert shown == [order.placed_job_id, later.placed_job_id]
    assert_valid_html(page)
    assert "No job matches that." in desk.get("/en/operators/jobs/", {"q": "a&b"}).content.decode()


def test_a_partners_staff_sees_no_operators_page(manager_client: Client, order: Order) -> None:
    assert manager_client.get(f"/en/operators/jobs/{order.placed_job_id}/").status_code == 404


def outlook_of(name: str) -> Outlook:
    friend = Friend.objects.get(first_name=name)
    from_today = facts_of(friend, now=now())
    return outlook(from_today, position=friend.position, communities=memberships_of(friend.pk), now=now())


def test_a_friend_sees_the_demand_and_what_one_change_would_have_brought(nord: Tenant, order: Order) -> None:
    near = register_friend("Nina", km=6, communities=[nord.pk], radius_m=5_000)
    book(nord)

    seen = outlook_of("Nina")

    assert seen.jobs == 2
    assert seen.offered == 0
    assert [(change.kind, change.about, change.jobs) for change in seen.changes] == [("radius", 10_000, 2)]
    (wifi,) = seen.demand
    assert wifi.within == (0, 2, 2, 2)
    assert wifi.rank is not None
    assert near.first_job_at is None


def test_a_community_that_was_not_asked_by_is_named(nord: Tenant, sued: Tenant, order: Order) -> None:
    register_friend("Nina", km=1, communities=[sued.pk])

    (change,) = outlook_of("Nina").changes

    assert (change.kind, change.about, change.jobs) == ("community", nord.pk, 1)


def test_two_obstacles_are_no_hint(nord: Tenant, order: Order) -> None:
    register_friend("Nina", km=6, communities=[nord.pk], radius_m=5_000, languages=["fr"])

    assert outlook_of("Nina").changes == []


@pytest.mark.parametrize(
    ("orders", "about_ben", "said"),
    [
        (0, {}, "As soon as someone near you orders"),
        (1, {}, "You already match what's in demand nearby."),
        (1, {"languages": ["fr"], "radius_m": 1_000}, "each job was ruled out for more than one reason"),
        (1, {"languages": ["fr"]}, "Each counted on its own"),
    ],
)
def test_the_page_says_what_is_true_where_no_change_would_have_helped(
    nord: Tenant, friend_client: Client, orders: int, about_ben: dict[str, object], said: str
) -> None:
    Friend.objects.filter(first_name="Ben").update(position=on_sphere(52.55, 13.38), **about_ben)
    for _order in range(orders):
        book(nord)

    page = friend_client.get("/en/why/")

    assert said in page.content.decode()
    assert_valid_html(page)


@pytest.mark.parametrize(
    ("about_ben", "leads_to"),
    [
        ({"is_active": False}, "/en/welcome/"),
        ({"paused_until": datetime(2027, 1, 1, tzinfo=UTC)}, "/en/availability/"),
        ({"open_jobs": 3, "max_open_jobs": 3}, "/en/jobs/"),
    ],
)
def test_whoever_gets_no_offers_at_all_is_led_to_what_changes_it(
    friend_client: Client, about_ben: dict[str, object], leads_to: str
) -> None:
    Friend.objects.filter(first_name="Ben").update(**about_ben)

    page = friend_client.get("/en/why/").content.decode()

    note = page[page.index("so you get no offers") :]
    assert leads_to in note[: note.index("</p>")]


def test_the_page_takes_as_many_queries_for_many_jobs_as_for_one(
    nord: Tenant, friend_client: Client, order: Order
) -> None:
    friend_client.get("/en/why/")
    with CaptureQueriesContext(connection) as few:
        friend_client.get("/en/why/")
    for _order in range(5):
        book(nord)

    with CaptureQueriesContext(connection) as many:
        friend_client.get("/en/why/")

    assert decisions_about(Friend.objects.get(first_name="Ben").pk).count() > 1
    assert len(many) == len(few)
