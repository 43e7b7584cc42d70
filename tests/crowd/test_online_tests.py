"""Online tests: pools, papers, time, retries, results (R9). Submitted twice or late is bad input."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from time_machine import Coordinates

from crowd.attempts import (
    chances_of,
    close_overdue_attempts,
    hand_in,
    keep_answers,
    retry_since,
    start_attempt,
    was_late,
)
from crowd.errors import MayNotStartYet, NothingToProve, NotReadyToPublish, UnableToKeepTest
from crowd.models import Attempt, Certificate, Friend, OnlineTest, PoolQuestion
from crowd.papers import Question, draw_paper, read_answers, right_places, score, unanswered
from crowd.pools import (
    faults_of,
    figures_of,
    publish_test,
    question_faults,
    save_question,
    save_test,
    withdraw_test,
)
from crowd.selectors import nearest_candidates
from crowd.starter import plant_skills_and_tests
from crowd.states import Grade, OnlineTestKind
from kernel.clock import now
from skills.models import Skill
from tenants.models import Tenant
from tests.cast import register_friend
from tests.crowd.online_tests import add_question, answers_with, beginner, choices, texts, write_test
from tests.crowd.test_candidates import wanted  # noqa: F401  # a fixture


@pytest.fixture
def ben(nord: Tenant, clock: Coordinates) -> Friend:
    """Return a friend a kilometre from Ada."""
    return register_friend("Ben", km=1, communities=[nord.pk])


@pytest.fixture
def thermostats(db: None) -> Skill:
    """Return a skill that needs a certificate, without the test that is planted for it."""
    OnlineTest.objects.all().delete()
    return Skill.objects.get(slug="thermostats")


@pytest.fixture
def online_test(thermostats: Skill, clock: Coordinates) -> OnlineTest:
    """Return a published test of the skill: three of four questions in ten minutes, 60 percent pass."""
    return write_test(thermostats)


papers = st.lists(
    st.lists(st.booleans(), min_size=2, max_size=6).map(
        lambda marks: {"text": {}, "choices": [{"text": {}, "is_right": mark} for mark in marks], "explanation": {}}
    ),
    min_size=1,
    max_size=12,
)


@given(paper=papers, data=st.data())
def test_a_question_counts_where_exactly_the_right_choices_are_ticked(
    paper: list[Question], data: st.DataObject
) -> None:
    ticked = {
        place: data.draw(st.sets(st.integers(0, len(question["choices"]) - 1))) for place, question in enumerate(paper)
    }

    result = score(paper, read_answers(paper, ticked))

    assert result.right == tuple(
        all((place in ticked[at]) == choice["is_right"] for place, choice in enumerate(question["choices"]))
        for at, question in enumerate(paper)
    )
    assert result.passes(1) == (result.right_count * 100 >= len(paper))


@given(right=st.integers(0, 40), wrong=st.integers(0, 40), percent=st.integers(1, 100))
def test_the_pass_mark_is_met_exactly(right: int, wrong: int, percent: int) -> None:
    question: Question = {
        "text": {},
        "choices": [{"text": {}, "is_right": True}, {"text": {}, "is_right": False}],
        "explanation": {},
    }
    paper = [question] * (right + wrong)
    answers = {str(place): [0 if place < right else 1] for place in range(right + wrong)}

    passed = score(paper, answers).passes(percent)

    assert passed == (right + wrong > 0 and right >= percent * (right + wrong) / 100)


@given(texts_=st.lists(st.text(max_size=4), max_size=6))
def test_whatever_is_sent_only_places_of_the_paper_are_read(texts_: list[str]) -> None:
    question: Question = {
        "text": {},
        "choices": [{"text": {}, "is_right": True}, {"text": {}, "is_right": False}],
        "explanation": {},
    }

    answers = read_answers([question], {0: texts_, 7: ["0"]})

    assert set(answers) <= {"0"}
    assert set(answers.get("0", [])) <= {0, 1}
    assert unanswered([question], answers) == ([] if answers else [0])


def test_a_paper_is_drawn_out_of_the_pool_in_any_order_and_kept(online_test: OnlineTest) -> None:
    pool = list(online_test.questions.order_by("id"))

    drawn = [draw_paper(pool, draws=3, chance=random.Random(seed)) for seed in range(30)]

    assert all(len({question["question"] for question in paper}) == 3 for paper in drawn)
    assert len({tuple(question["question"] for question in paper) for paper in drawn}) > 5
    assert {min(right_places(question)) for paper in drawn for question in paper} == {0, 1, 2}
    assert draw_paper(pool, draws=3, chance=random.Random(1)) == draw_paper(pool, draws=3, chance=random.Random(1))


def test_passing_a_skills_test_gives_its_certificate_for_its_months(
    ben: Friend, online_test: OnlineTest, thermostats: Skill
) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    assert not Certificate.objects.filter(friend=ben, skill=thermostats).exists()

    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 2), now=now())

    assert (done.is_first, done.attempt.right_count, done.attempt.has_passed) == (True, 2, True)
    certificate = Certificate.objects.get(friend=ben, skill=thermostats)
    assert (certificate.grade, str(certificate.valid_until)) == (Grade.FRIEND, "2027-11-24")
    with pytest.raises(NothingToProve):
        start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())


def test_who_fails_waits_before_the_next_try(ben: Friend, online_test: OnlineTest, clock: Coordinates) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 1), now=now())
    assert done.attempt.has_passed is False
    assert retry_since(done.attempt) == now() + timedelta(hours=24)

    with pytest.raises(MayNotStartYet) as error:
        start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    clock.shift(timedelta(hours=24))
    again = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())

    assert error.value.since == now()
    assert again.pk != attempt.pk


def test_handing_in_twice_keeps_the_first_result(ben: Friend, online_test: OnlineTest) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    first = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 0), now=now())

    second = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())

    assert (first.is_first, second.is_first) == (True, False)
    assert second.attempt.has_passed is False
    assert not Certificate.objects.filter(friend=ben, skill=online_test.skill).exists()


@pytest.mark.parametrize(("seconds", "passes"), [(30, True), (31, False)])
def test_thirty_seconds_of_grace_and_then_it_is_too_late(
    ben: Friend, online_test: OnlineTest, clock: Coordinates, seconds: int, passes: bool
) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    clock.shift(timedelta(minutes=10, seconds=seconds))

    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())

    assert done.attempt.has_passed is passes
    assert was_late(done.attempt) is not passes


def test_what_nobody_hands_in_is_closed_as_failed_with_the_answers_kept(
    ben: Friend, online_test: OnlineTest, clock: Coordinates
) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    assert keep_answers(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())
    assert close_overdue_attempts(now=now()) == 0
    clock.shift(timedelta(minutes=11))

    assert close_overdue_attempts(now=now()) == 1
    assert close_overdue_attempts(now=now()) == 0

    attempt.refresh_from_db()
    assert (attempt.has_passed, attempt.right_count) == (False, 3)
    assert not keep_answers(attempt_id=attempt.pk, friend_id=ben.pk, answers={}, now=now())
    # The wait begins with the end of the time, not with whenever the sweep came by.
    assert retry_since(attempt) == attempt.due_at + timedelta(hours=24, seconds=30)


def test_starting_again_finds_the_open_paper(ben: Friend, online_test: OnlineTest, clock: Coordinates) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    clock.shift(timedelta(minutes=5))

    again = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())

    assert (again.pk, again.due_at) == (attempt.pk, attempt.due_at)


def test_the_database_allows_one_open_attempt(ben: Friend, online_test: OnlineTest) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())

    with pytest.raises(IntegrityError, match="attempt_one_open_a_test"), transaction.atomic():
        Attempt.objects.create(
            test=online_test, friend=ben, paper=[], started_at=attempt.started_at, due_at=attempt.due_at
        )


def test_a_changed_test_leaves_a_running_attempt_as_it_is(
    ben: Friend, online_test: OnlineTest, clock: Coordinates
) -> None:
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
    paper = attempt.paper
    for question in online_test.questions.all():
        save_question(
            test=online_test,
            question=question,
            text=texts("Another question"),
            choices=list(reversed(choices())),
            explanation=texts("Another reason"),
            is_active=True,
            who="Olga",
            now=now(),
        )
    withdraw_test(test=online_test, who="Olga", now=now())

    attempt.refresh_from_db()
    assert attempt.paper == paper
    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())
    assert done.attempt.has_passed


def test_the_onboarding_test_opens_the_first_job(ben: Friend, wanted: object, nord: Tenant, thermostats: Skill) -> None:  # noqa: F811
    beginner(ben)
    online_test = write_test()
    assert nearest_candidates(wanted, community=nord.pk, count=4, now=now()) == []  # type: ignore[arg-type]
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())

    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())

    assert done.is_active_now
    ben.refresh_from_db()
    assert ben.onboarded_at == now()
    found = nearest_candidates(wanted, community=nord.pk, count=4, now=now())  # type: ignore[arg-type]
    assert [nearby.friend_id for nearby in found] == [ben.pk]


def test_without_a_checked_age_the_onboarding_test_opens_nothing_yet(ben: Friend, thermostats: Skill) -> None:
    beginner(ben)
    Friend.objects.filter(pk=ben.pk).update(age_checked_at=None)
    online_test = write_test()
    attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())

    done = hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, 3), now=now())

    assert done.attempt.has_passed
    assert not done.is_active_now
    ben.refresh_from_db()
    assert not ben.is_active


def test_tests_for_pros_and_of_other_communities_are_not_shown(
    ben: Friend, nord: Tenant, sued: Tenant, online_test: OnlineTest, thermostats: Skill
) -> None:
    own = Skill.objects.create(slug="nord-lamp", name="Nord lamp", owner=nord.pk)
    other = Skill.objects.create(slug="sued-lamp", name="Süd lamp", owner=sued.pk)
    shown = {online_test.slug, write_test(own).slug}
    write_test(other)
    for_pros = write_test(thermostats, grade=Grade.PRO, title=texts("For pros"))

    assert {chance.test.slug for chance in chances_of(ben.pk, now=now())} == shown
    Friend.objects.filter(pk=ben.pk).update(is_pro=True)
    assert {chance.test.slug for chance in chances_of(ben.pk, now=now())} == shown | {for_pros.slug}
    for chance in chances_of(ben.pk, now=now()):
        assert chance.may_start
    with pytest.raises(OnlineTest.DoesNotExist):
        start_attempt(slug="test-of-sued-lamp-en", friend_id=ben.pk, now=now())


def test_a_test_is_published_only_when_complete(thermostats: Skill, clock: Coordinates) -> None:
    online_test = write_test(thermostats, questions=2, is_published=False)
    assert len(faults_of(online_test)) == 1
    with pytest.raises(NotReadyToPublish, match="The pool has 2 questions in use"):
        publish_test(test=online_test, who="Olga", now=now())

    add_question(online_test, "One more")
    online_test.title = {"en": "English only"}
    assert "German, French, Italian, Polish" in faults_of(online_test)[0]
    online_test.title = texts("Title")
    publish_test(test=online_test, who="Olga", now=now())

    online_test.refresh_from_db()
    assert online_test.is_published
    question = online_test.questions.first()
    assert question is not None
    with pytest.raises(NotReadyToPublish), transaction.atomic():
        save_question(
            test=online_test,
            question=question,
            text=question.text,
            choices=question.choices,
            explanation=question.explanation,
            is_active=False,
            who="Olga",
            now=now(),
        )
    assert online_test.questions.filter(is_active=True).count() == 3


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": {"en": "Only English"}}, "German, French, Italian, Polish"),
        ({"choices": choices(count=1)}, "two to six"),
        ({"choices": choices(count=7)}, "two to six"),
        ({"choices": choices(right=0)}, "No choice is marked"),
        ({"choices": choices(right=3)}, "must be wrong"),
    ],
)
def test_a_question_that_is_not_complete_is_not_in_use(online_test: OnlineTest, fields: dict, words: str) -> None:
    values = {"text": texts("Q"), "choices": choices(), "explanation": texts("E")} | fields

    with pytest.raises(UnableToKeepTest) as error:
        save_question(test=online_test, question=None, is_active=True, who="Olga", now=now(), **values)
    kept = save_question(test=online_test, question=None, is_active=False, who="Olga", now=now(), **values)

    assert words in str(error.value)
    assert question_faults(kept)


def test_two_tests_for_the_same_are_not_published(online_test: OnlineTest, thermostats: Skill) -> None:
    second = write_test(thermostats, is_published=False)
    assert second.slug != online_test.slug

    with pytest.raises(UnableToKeepTest, match="Another test for the same skill is published"):
        publish_test(test=second, who="Olga", now=now())

    withdraw_test(test=online_test, who="Olga", now=now())
    publish_test(test=second, who="Olga", now=now())


def test_statistics_show_how_often_a_question_was_right(
    ben: Friend, online_test: OnlineTest, clock: Coordinates
) -> None:
    for right in (1, 0):
        attempt = start_attempt(slug=online_test.slug, friend_id=ben.pk, now=now())
        hand_in(attempt_id=attempt.pk, friend_id=ben.pk, answers=answers_with(attempt, right), now=now())
        clock.shift(timedelta(days=2))

    figures = figures_of(online_test)

    assert len(figures) == 4
    assert sum(one.drawn for one in figures) == 6
    assert sum(one.right for one in figures) == 1
    assert not any(one.is_doubtful for one in figures)


def test_what_is_planted_is_complete_in_all_languages_and_planting_again_changes_nothing(
    db: None, clock: Coordinates
) -> None:
    planted = list(OnlineTest.objects.filter(is_published=True))
    assert {test.kind for test in planted} == set(OnlineTestKind.values)
    assert len(planted) >= 3
    assert [fault for test in planted for fault in faults_of(test)] == []
    assert min(test.questions.count() for test in planted) >= 8
    changed = planted[0]
    OnlineTest.objects.filter(pk=changed.pk).update(minutes=77)
    Skill.objects.filter(slug="printer").update(is_retired=True, name_en="Renamed")
    counts = (PoolQuestion.objects.count(), Skill.objects.count())

    assert plant_skills_and_tests(now=now()) == (0, 0)

    changed.refresh_from_db()
    assert changed.minutes == 77
    assert Skill.objects.get(slug="printer").is_retired
    assert (PoolQuestion.objects.count(), Skill.objects.count()) == counts


def test_a_new_test_needs_a_title_and_its_skill(thermostats: Skill, clock: Coordinates) -> None:
    with pytest.raises(UnableToKeepTest) as error:
        save_test(
            test=None,
            kind=OnlineTestKind.SKILL,
            skill_id=None,
            grade=Grade.DECLARED,
            title=dict.fromkeys(("de", "en"), ""),
            intro={},
            draws=1,
            minutes=1,
            pass_percent=50,
            retry_hours=0,
            valid_months=None,
            who="Olga",
            now=now(),
        )

    assert set(error.value.fields) == {"__all__", "skill", "grade"}
