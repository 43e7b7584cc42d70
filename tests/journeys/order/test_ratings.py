"""Ratings are blind until both sides have spoken or 14 days are over, and published once (R13, R16)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape
from time_machine import Coordinates

from crowd.eligibility import Facts
from crowd.errors import ReplyClosed
from crowd.models import Friend, Rating
from dispatch.models import Offer
from dispatch.offering.seats import Rule
from journeys.links import order_token
from journeys.order.deadlines import sweep
from journeys.order.rating.moderate_ratings import decide_words, reply_to_rating, report_as_customer, report_as_friend
from journeys.order.rating.publish_ratings import publish_ratings
from kernel.clock import now
from orders.errors import AlreadyRated, NothingToReport, RatingIsOver, ReasonMissing, StarsOutOfRange
from orders.models import Order, RatingCase, Review
from orders.ratings import BLIND_FOR, CUSTOMER_RATES_FOR, close_case, note_on_case
from orders.states import Attention, CaseOutcome, Words
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, Cast, book, deliver
from tests.ratings import CUSTOMER_SAYS, FRIEND_SAYS, finish, rate_as_customer, rate_as_friend


@pytest.fixture
def done(nord: Tenant, four_near: Cast) -> Order:
    """Return an order whose work Ben has just done; all mails so far are delivered."""
    order = finish(book(nord), four_near["Ben"])
    deliver()
    return order


@pytest.fixture
def status_url(done: Order, nord: Tenant) -> str:
    """Return the path of the customer's page."""
    with tenant_context(nord):
        return f"/en/orders/{order_token(done.uuid)}/"


def counted(ben: Friend) -> tuple[int, int]:
    found = Friend.objects.get(pk=ben.pk)
    return found.ratings_count, found.ratings_sum


def texts(mails: list[Any]) -> str:
    return "\n".join(f"{mail.subject}\n{mail.body}" for mail in mails)


def test_the_friend_learns_nothing_of_the_customers_rating_before_rating(
    nord: Tenant, done: Order, four_near: Cast, friend_client: Client, manager_client: Client
) -> None:
    ben = four_near["Ben"]
    rate_as_customer(nord, done, criteria={"punctual": 5})

    mails = deliver()
    job_page = friend_client.get(f"/en/jobs/{done.placed_job_id}/").content.decode()
    ratings_page = friend_client.get("/en/ratings/").content.decode()
    desk = manager_client.get("/admin/ratings/").content.decode()
    with tenant_context(nord):
        order_pk = Order.objects.get(uuid=done.uuid).pk
    log = manager_client.get(f"/admin/orders/inspect/{order_pk}/").content.decode()

    assert [mail.to for mail in mails] == [[ADA["email"]]]
    for page in (job_page, ratings_page, desk, log):
        assert CUSTOMER_SAYS not in page
        assert "5 stars of five" not in page
    assert manager_client.get(f"/admin/ratings/{done.uuid}/", follow=True).status_code == 404
    assert counted(ben) == (0, 0)
    assert not Rating.objects.exists()


def test_the_customer_learns_nothing_of_the_friends_rating_before_rating(
    nord: Tenant, done: Order, four_near: Cast, visitor: Client, status_url: str, manager_client: Client
) -> None:
    rate_as_friend(done, four_near["Ben"], stars=2)

    page = visitor.get(status_url).content.decode()

    assert deliver() == []
    assert FRIEND_SAYS not in page
    assert "2 stars of five" not in page
    assert FRIEND_SAYS not in manager_client.get("/admin/ratings/").content.decode()


@pytest.mark.parametrize("is_customer_first", [True, False])
def test_the_second_rating_shows_both_at_once(
    nord: Tenant,
    done: Order,
    four_near: Cast,
    visitor: Client,
    status_url: str,
    friend_client: Client,
    manager_client: Client,
    is_customer_first: bool,
) -> None:
    ben = four_near["Ben"]
    acts = [lambda: rate_as_customer(nord, done, criteria={"skilled": 4}), lambda: rate_as_friend(done, ben)]
    first, second = acts if is_customer_first else reversed(acts)
    first()
    assert counted(ben) == (0, 0)

    second()

    assert counted(ben) == (1, 5)
    rating = Rating.objects.get()
    assert (rating.job_id, rating.stars, rating.words, rating.criteria) == (
        done.placed_job_id,
        5,
        CUSTOMER_SAYS,
        {"skilled": 4},
    )
    sent = {mail.to[0]: f"{mail.subject}\n{mail.body}" for mail in deliver() if "completed" not in mail.subject}
    assert CUSTOMER_SAYS in sent["ben@friends.example"]
    assert "★★★★★" in sent["ben@friends.example"]
    assert FRIEND_SAYS in sent[ADA["email"]]
    assert FRIEND_SAYS in visitor.get(status_url).content.decode()
    assert CUSTOMER_SAYS in friend_client.get(f"/en/jobs/{done.placed_job_id}/").content.decode()
    assert CUSTOMER_SAYS in friend_client.get("/en/ratings/").content.decode()
    assert ADA["name"] not in friend_client.get("/en/ratings/").content.decode()
    managers_page = manager_client.get(f"/admin/ratings/{done.uuid}/").content.decode()
    assert CUSTOMER_SAYS in managers_page
    assert FRIEND_SAYS in managers_page


def test_after_14_days_what_there_is_is_shown_and_counted_once(
    nord: Tenant, done: Order, four_near: Cast, clock: Coordinates
) -> None:
    ben = four_near["Ben"]
    rate_as_customer(nord, done, stars=4)
    clock.shift(BLIND_FOR - timedelta(minutes=1))
    sweep(now=now())
    assert counted(ben) == (0, 0)
    deliver()

    clock.shift(timedelta(minutes=1))
    sweep(now=now())
    sweep(now=now())
    with tenant_context(nord):
        assert not publish_ratings(order_uuid=done.uuid, tenant_id=nord.pk, now=now())

    assert counted(ben) == (1, 4)
    assert sorted(mail.to[0] for mail in deliver()) == [ADA["email"], "ben@friends.example"]


def test_nothing_is_published_where_nobody_has_rated(
    nord: Tenant, done: Order, four_near: Cast, clock: Coordinates
) -> None:
    clock.shift(BLIND_FOR)
    sweep(now=now())

    assert counted(four_near["Ben"]) == (0, 0)
    assert "shown" not in texts(deliver())


def test_a_friends_rating_alone_is_shown_to_the_customer_after_14_days(
    nord: Tenant, done: Order, four_near: Cast, clock: Coordinates, visitor: Client, status_url: str
) -> None:
    rate_as_friend(done, four_near["Ben"])
    clock.shift(BLIND_FOR)
    sweep(now=now())

    sent = {mail.to[0]: mail.body for mail in deliver() if "shown now" in mail.subject}
    assert FRIEND_SAYS in sent[ADA["email"]]
    assert "has not rated you within 14 days" in sent["ben@friends.example"]
    assert FRIEND_SAYS in visitor.get(status_url).content.decode()
    assert not Rating.objects.exists()


def test_a_customer_can_rate_for_60_days_and_late_ratings_are_shown_at_once(
    nord: Tenant, done: Order, four_near: Cast, clock: Coordinates
) -> None:
    clock.shift(CUSTOMER_RATES_FOR - timedelta(minutes=1))
    sweep(now=now())

    rate_as_customer(nord, done, stars=5)

    assert counted(four_near["Ben"]) == (1, 5)
    with pytest.raises(RatingIsOver):
        rate_as_friend(done, four_near["Ben"])


def test_after_60_days_the_time_is_over(
    nord: Tenant, done: Order, clock: Coordinates, visitor: Client, status_url: str
) -> None:
    assert "Send the rating" in visitor.get(status_url).content.decode()
    clock.shift(CUSTOMER_RATES_FOR)

    with pytest.raises(RatingIsOver):
        rate_as_customer(nord, done)

    assert "Send the rating" not in visitor.get(status_url).content.decode()
    assert visitor.post(f"{status_url}rate/", {"stars": "5"}).status_code == 409


def test_a_friend_who_has_seen_the_rating_cannot_answer_with_one(
    nord: Tenant, done: Order, four_near: Cast, clock: Coordinates
) -> None:
    rate_as_customer(nord, done, stars=1)
    clock.shift(BLIND_FOR)
    sweep(now=now())

    with pytest.raises(RatingIsOver):
        rate_as_friend(done, four_near["Ben"], stars=1)


def test_each_side_rates_once_and_only_with_one_to_five_stars(nord: Tenant, done: Order, four_near: Cast) -> None:
    for stars in (0, 6):
        with pytest.raises(StarsOutOfRange):
            rate_as_customer(nord, done, stars=stars)
    for criteria in ({"punctual": 6}, {"beauty": 3}):
        with pytest.raises(StarsOutOfRange):
            rate_as_customer(nord, done, criteria=criteria)
    rate_as_friend(done, four_near["Ben"])
    with pytest.raises(AlreadyRated):
        rate_as_friend(done, four_near["Ben"])
    rate_as_customer(nord, done)
    with pytest.raises(AlreadyRated):
        rate_as_customer(nord, done)


def test_the_customer_is_reminded_once_after_two_days(nord: Tenant, done: Order, clock: Coordinates) -> None:
    clock.shift(timedelta(days=2) - timedelta(minutes=1))
    sweep(now=now())
    assert "How did it go" not in texts(deliver())

    clock.shift(timedelta(minutes=1))
    sweep(now=now())
    reminders = [mail for mail in deliver() if "How did it go with Ben M.?" in mail.subject]
    clock.shift(timedelta(days=9))
    sweep(now=now())

    assert [mail.to for mail in reminders] == [[ADA["email"]]]
    assert "How did it go" not in texts(deliver())


def test_who_has_rated_is_not_reminded(nord: Tenant, done: Order, clock: Coordinates) -> None:
    rate_as_customer(nord, done)
    deliver()
    clock.shift(timedelta(days=2))
    sweep(now=now())

    assert "How did it go" not in texts(deliver())


def test_a_low_rating_alarms_the_manager_at_once_and_the_friend_hears_nothing(
    nord: Tenant, done: Order, four_near: Cast, manager_client: Client
) -> None:
    rate_as_customer(nord, done, stars=2, words="He came three hours late.")

    mails = deliver()
    case = manager_client.get(f"/admin/ratings/{done.uuid}/").content.decode()

    assert "He came three hours late." in texts([mail for mail in mails if mail.to == ["manager@nord.example"]])
    assert "ben@friends.example" not in [mail.to[0] for mail in mails]
    assert "He came three hours late." in case
    assert "does not know this rating yet" in case
    with tenant_context(nord):
        assert Order.objects.get(uuid=done.uuid).attention == Attention.LOW_RATING


@pytest.mark.parametrize("stars", [3, 5])
def test_three_stars_and_more_open_no_case(nord: Tenant, done: Order, stars: int) -> None:
    rate_as_customer(nord, done, stars=stars)

    with tenant_context(nord):
        assert Order.objects.get(uuid=done.uuid).attention == Attention.NONE
        assert not RatingCase.objects.exists()


def test_a_case_is_closed_once_with_an_outcome_in_words(nord: Tenant, done: Order, clock: Coordinates) -> None:
    rate_as_customer(nord, done, stars=1)
    with tenant_context(nord):
        note_on_case(order_uuid=done.uuid, text="Called both", who="Maja", now=now())
        with pytest.raises(ReasonMissing):
            close_case(order_uuid=done.uuid, outcome=CaseOutcome.TALKED, words=" ", who="Maja", now=now())
        close_case(order_uuid=done.uuid, outcome=CaseOutcome.TALKED, words="He will ring.", who="Maja", now=now())

        order = Order.objects.get(uuid=done.uuid)
        assert order.attention == Attention.NONE
        assert order.rating_case.outcome == CaseOutcome.TALKED
        assert list(order.events.filter(kind="case_note").values_list("detail__text", flat=True)) == ["Called both"]


def test_the_friend_replies_once_and_can_change_it_for_a_day(
    nord: Tenant,
    done: Order,
    four_near: Cast,
    clock: Coordinates,
    friend_client: Client,
    visitor: Client,
    status_url: str,
) -> None:
    ben, url = four_near["Ben"], f"/en/jobs/{done.placed_job_id}/reply/"
    rate_as_customer(nord, done)
    assert friend_client.get(url).status_code == 302
    rate_as_friend(done, ben)
    deliver()

    empty = friend_client.post(url, {"text": ""})
    assert empty.status_code == 422
    friend_client.post(url, {"text": "It was a pleasure."})
    first = deliver()
    clock.shift(timedelta(hours=23))
    friend_client.post(url, {"text": "It was a great pleasure."})

    assert [mail.to for mail in first] == [[ADA["email"]]]
    assert "It was a pleasure." in texts(first)
    assert deliver() == []
    assert "It was a great pleasure." in visitor.get(status_url).content.decode()
    clock.shift(timedelta(hours=2))
    assert friend_client.post(url, {"text": "Third try"}).status_code == 409


def test_reported_words_are_hidden_with_a_reason_and_both_are_told(
    nord: Tenant, done: Order, four_near: Cast, friend_client: Client, visitor: Client, status_url: str
) -> None:
    ben = four_near["Ben"]
    rate_as_customer(nord, done, stars=1)
    rate_as_friend(done, ben)
    report_as_friend(job_id=done.placed_job_id, friend_id=ben.pk, reason="It is rude.", now=now())
    mails = deliver()
    assert "It is rude." in texts([mail for mail in mails if mail.to == ["manager@nord.example"]])
    with pytest.raises(NothingToReport):
        report_as_friend(job_id=done.placed_job_id, friend_id=ben.pk, reason="Once more", now=now())

    with tenant_context(nord):
        decide_words(
            order_uuid=done.uuid,
            tenant_id=nord.pk,
            about=Words.REVIEW,
            is_hidden=True,
            decision="Insults do not belong here.",
            who="Maja",
            now=now(),
        )

    told = {mail.to[0]: mail.body for mail in deliver()}
    assert set(told) == {ADA["email"], "ben@friends.example"}
    assert all("Insults do not belong here." in body for body in told.values())
    assert CUSTOMER_SAYS not in friend_client.get(f"/en/jobs/{done.placed_job_id}/").content.decode()
    assert CUSTOMER_SAYS not in friend_client.get("/en/ratings/").content.decode()
    assert "Insults do not belong here." in visitor.get(status_url).content.decode()
    assert Rating.objects.get().words == ""
    assert counted(ben) == (1, 1)


def test_words_that_are_kept_stay_and_are_decided_once(nord: Tenant, done: Order, four_near: Cast) -> None:
    rate_as_customer(nord, done)
    rate_as_friend(done, four_near["Ben"])
    with tenant_context(nord):
        report_as_customer(
            order_uuid=done.uuid, tenant_id=nord.pk, about=Words.CUSTOMER_REVIEW, reason="Not true", now=now()
        )
        decision = {
            "order_uuid": done.uuid,
            "tenant_id": nord.pk,
            "about": Words.CUSTOMER_REVIEW,
            "is_hidden": False,
            "decision": "An opinion.",
            "who": "Maja",
        }
        deliver()
        decide_words(now=now(), **decision)
        with pytest.raises(NothingToReport):
            decide_words(now=now(), **decision | {"is_hidden": True})
        assert Order.objects.get(uuid=done.uuid).customer_review.shown_words == FRIEND_SAYS
    assert "The comment stays as it is." in texts(deliver())


def test_blind_or_own_words_cannot_be_reported(nord: Tenant, done: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    rate_as_customer(nord, done)
    with pytest.raises(NothingToReport):
        report_as_friend(job_id=done.placed_job_id, friend_id=ben.pk, reason="Tell me", now=now())
    rate_as_friend(done, ben)
    with tenant_context(nord), pytest.raises(NothingToReport):
        report_as_customer(order_uuid=done.uuid, tenant_id=nord.pk, about=Words.REVIEW, reason="Mine", now=now())


def test_a_hidden_reply_cannot_be_written_again(nord: Tenant, done: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    rate_as_customer(nord, done)
    rate_as_friend(done, ben)
    reply_to_rating(job_id=done.placed_job_id, friend_id=ben.pk, text="Nonsense!", now=now())
    with tenant_context(nord):
        decide_words(
            order_uuid=done.uuid,
            tenant_id=nord.pk,
            about=Words.REPLY,
            is_hidden=True,
            decision="Unkind.",
            who="Maja",
            now=now(),
        )

    assert Rating.objects.get().reply == ""
    with pytest.raises(ReplyClosed):
        reply_to_rating(job_id=done.placed_job_id, friend_id=ben.pk, text="Nonsense!!", now=now())


@pytest.mark.parametrize("ratings", [{}, {"Ben": (50, 50), "Cem": (50, 250)}, {"Ben": (50, 250), "Emil": (9, 9)}])
def test_ratings_have_no_effect_on_who_is_offered_a_job(
    nord: Tenant, four_near: Cast, ratings: dict[str, tuple[int, int]]
) -> None:
    for name, (count, total) in ratings.items():
        Friend.objects.filter(first_name=name).update(ratings_count=count, ratings_sum=total)

    order = book(nord)

    offers = Offer.objects.filter(job_id=order.placed_job_id).order_by("distance_m")
    assert list(offers.values_list("friend__first_name", flat=True)) == ["Ben", "Cem", "Dana", "Emil"]
    for known in (Facts, Rule):
        assert not [name for name in known.__dataclass_fields__ if "rating" in name or "star" in name]


def test_what_is_typed_wrong_stays_in_the_friends_form(done: Order, friend_client: Client) -> None:
    url = f"/en/jobs/{done.placed_job_id}/rate/"
    assert friend_client.get(url).status_code == 200

    answer = friend_client.post(url, {"words": "Lovely people", "polite": "5"})

    assert answer.status_code == 422
    assert "Please choose one to five stars." in answer.content.decode()
    assert "Lovely people" in answer.content.decode()


def test_a_stranger_rates_nothing(done: Order, four_near: Cast) -> None:
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "cem@friends.example", "password": "cast-of-the-tests"})

    for path in ("rate", "reply", "report-words"):
        answer = client.post(f"/en/jobs/{done.placed_job_id}/{path}/", {"stars": "5", "text": "x", "reason": "x"})
        assert answer.status_code in {302, 404, 409}
    with tenant_context(Tenant.objects.get(slug="nord")):
        assert not Review.objects.exists()
        assert not hasattr(Order.objects.get(uuid=done.uuid), "customer_review")
    assert escape(FRIEND_SAYS) not in client.get(f"/en/jobs/{done.placed_job_id}/").content.decode()
