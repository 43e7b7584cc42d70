"""At one moment: exceptions for a day, decisions about a document, sign-ups."""

from datetime import date, timedelta

import pytest

from accounts.models import Kind, User
from crowd.availability import add_exception
from crowd.documents import refuse_document, send_document
from crowd.errors import AlreadyDecided, ExceptionsOverlap, NoSuchDocument
from crowd.models import AvailabilityException, DocumentCheck, Friend
from crowd.states import CheckState, DocumentKind
from journeys.friend.sign_up_friend import Application, sign_up_friend
from kernel.clock import now
from places.selectors import find_place
from tenants.models import Tenant
from tests.cast import register_friend
from tests.joining import DOCUMENT
from tests.races.test_races import in_threads

pytestmark = pytest.mark.race

WINDOWS = 4
ROUNDS = 25


@pytest.fixture
def friend(committed: Tenant) -> Friend:
    """Return a friend."""
    return register_friend("Ben", km=1, communities=[committed.pk])


def test_of_overlapping_exceptions_at_one_moment_one_is_kept(friend: Friend) -> None:
    for place in range(ROUNDS):
        first = now().date() + timedelta(days=30 * place)

        def add(window: int, first: date = first) -> AvailabilityException:
            return add_exception(
                friend_id=friend.pk,
                starts_on=first + timedelta(days=window),
                ends_on=first + timedelta(days=WINDOWS + window),
                parts=window,
                now=now(),
            )

        results = in_threads(WINDOWS, add)

        assert sum(isinstance(result, AvailabilityException) for result in results) == 1, results
        assert sum(isinstance(result, ExceptionsOverlap) for result in results) == WINDOWS - 1, results


def test_control_days_that_do_not_overlap_are_all_kept(friend: Friend) -> None:
    first = now().date()

    def add(window: int) -> AvailabilityException:
        day = first + timedelta(days=window)
        return add_exception(friend_id=friend.pk, starts_on=day, ends_on=day, parts=0, now=now())

    results = in_threads(WINDOWS, add)

    assert all(isinstance(result, AvailabilityException) for result in results), results


def test_of_two_decisions_about_a_document_one_counts(friend: Friend) -> None:
    Friend.objects.filter(pk=friend.pk).update(is_active=False, age_checked_at=None)
    for _round in range(ROUNDS):
        check = send_document(friend_id=friend.pk, kind=DocumentKind.INSURANCE, file=DOCUMENT, now=now())

        def decide(place: int, check: DocumentCheck = check) -> DocumentCheck:
            return refuse_document(check_id=check.pk, who=f"Operator {place}", reason="No.", now=now())

        results = in_threads(WINDOWS, decide)

        assert sum(isinstance(result, DocumentCheck) for result in results) == 1, results
        assert sum(isinstance(result, AlreadyDecided) for result in results) == WINDOWS - 1, results


def test_sending_and_deciding_at_once_never_wait_for_each_other_in_a_circle(friend: Friend) -> None:
    for _round in range(ROUNDS):
        check = send_document(friend_id=friend.pk, kind=DocumentKind.INSURANCE, file=DOCUMENT, now=now())

        def act(place: int, check: DocumentCheck = check) -> DocumentCheck:
            if place:
                return send_document(friend_id=friend.pk, kind=DocumentKind.INSURANCE, file=DOCUMENT, now=now())
            return refuse_document(check_id=check.pk, who="Olga", reason="No.", now=now())

        results = in_threads(2, act)

        assert isinstance(results[1], DocumentCheck), results
        assert isinstance(results[0], DocumentCheck | NoSuchDocument), results
        assert DocumentCheck.objects.filter(friend=friend, state=CheckState.WAITING).count() == 1


def test_of_sign_ups_with_one_address_at_once_one_becomes_a_friend(committed: Tenant) -> None:
    application = Application(
        first_name="Nele",
        last_name="Neu",
        email="nele@friends.example",
        phone="+49307654321",
        password_hash="!",
        language="en",
        born_on=date(1995, 5, 5),
        place=find_place("DE", "10115"),
        radius_m=10_000,
        travel_mode="bicycle",
        free_week=1,
        languages=("en",),
        skill_ids=(),
        communities=("nord",),
        in_shared_crowd=True,
    )

    results = in_threads(WINDOWS, lambda _place: sign_up_friend(application=application, now=now()))

    friend = Friend.objects.get()
    assert friend.pk in results
    assert User.objects.get(kind=Kind.FRIEND).uuid == friend.pk
