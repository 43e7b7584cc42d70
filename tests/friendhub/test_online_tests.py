"""Friends take online tests over HTTP (R9): rules, paper, languages, twice, late, gaps, result."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from time_machine import Coordinates

from crowd.models import Attempt, Certificate, OnlineTest
from kernel.clock import now
from skills.models import Skill
from tests.cast import Cast, deliver
from tests.crowd.online_tests import answers_with, beginner, write_test
from tests.pages import assert_valid_html

OVERVIEW = "/en/tests/"


@pytest.fixture
def online_test(four_near: Cast) -> OnlineTest:
    """Return the only test: three of four questions in ten minutes, 60 percent pass."""
    OnlineTest.objects.all().delete()
    return write_test(Skill.objects.get(slug="thermostats"))


def begin(client: Client, online_test: OnlineTest) -> Attempt:
    """Begin over HTTP."""
    answer = client.post(f"{OVERVIEW}{online_test.slug}/")
    assert answer.status_code == 302
    attempt = Attempt.objects.get(ended_at=None)
    assert answer["Location"] == path_of(attempt)
    return attempt


def path_of(attempt: Attempt) -> str:
    return f"{OVERVIEW}attempts/{attempt.pk}/"


def filled(attempt: Attempt, right: int) -> dict[str, list[str]]:
    """Return what the browser sends for so many right answers."""
    return {f"q{place}": [str(at) for at in places] for place, places in answers_with(attempt, right).items()}


def test_the_overview_shows_what_there_is_and_what_one_holds(friend_client: Client, online_test: OnlineTest) -> None:
    page = friend_client.get(OVERVIEW)

    assert_valid_html(page)
    body = page.content.decode()
    assert "Test of thermostats (en)" in body
    assert "See the rules and begin" in body
    assert "Wi-Fi" in body
    assert f'href="{OVERVIEW}"' in friend_client.get("/en/profile/").content.decode()


def test_the_rules_come_first_and_the_paper_starts_the_clock(friend_client: Client, online_test: OnlineTest) -> None:
    rules = friend_client.get(f"{OVERVIEW}{online_test.slug}/")
    assert_valid_html(rules)
    assert b"You have 10 minutes" in rules.content
    assert not Attempt.objects.exists()

    attempt = begin(friend_client, online_test)
    page = friend_client.get(path_of(attempt))

    assert_valid_html(page)
    body = page.content.decode()
    assert body.count('type="radio"') == 9
    assert "is_right" not in body
    assert "You have time until" in body
    assert friend_client.get(f"{OVERVIEW}{online_test.slug}/")["Location"] == path_of(attempt)


def test_passing_shows_the_result_and_brings_the_certificate(friend_client: Client, online_test: OnlineTest) -> None:
    attempt = begin(friend_client, online_test)

    page = friend_client.post(path_of(attempt), filled(attempt, 2), follow=True)

    assert_valid_html(page)
    body = page.content.decode()
    assert "Passed. Well done!" in body
    assert "2 of 3 answers were right." in body
    assert "Correct answer:" in body
    assert Certificate.objects.filter(skill__slug="thermostats").count() == 1
    assert [mail.subject for mail in deliver()] == ["Your certificate: Thermostats"]


def test_failing_explains_but_keeps_the_right_choices_to_itself(friend_client: Client, online_test: OnlineTest) -> None:
    attempt = begin(friend_client, online_test)

    body = friend_client.post(path_of(attempt), filled(attempt, 1), follow=True).content.decode()

    assert "Not this time" in body
    assert "Because (en)" in body
    assert "Correct answer:" not in body
    assert body.count("Choice 0 (en)") == 1
    assert "You can try again from" in body
    again = friend_client.post(f"{OVERVIEW}{online_test.slug}/", follow=True).content.decode()
    assert "You can try this test again once the waiting time is over." in again


def test_gaps_are_named_once_and_nothing_is_lost(friend_client: Client, online_test: OnlineTest) -> None:
    attempt = begin(friend_client, online_test)
    sent = filled(attempt, 3)
    del sent["q1"]

    answer = friend_client.post(path_of(attempt), sent)

    assert answer.status_code == 422
    assert_valid_html(answer)
    body = answer.content.decode()
    assert "Question 2<" in body
    assert body.count("Please choose an answer.") == 1
    assert len(re.findall(r"<input[^>]*checked", body)) == 2
    page = friend_client.post(path_of(attempt), sent | {"anyway": "1"}, follow=True)
    assert "2 of 3 answers were right." in page.content.decode()


def test_the_language_changes_in_the_middle_and_the_ticks_stay(friend_client: Client, online_test: OnlineTest) -> None:
    attempt = begin(friend_client, online_test)
    sent = filled(attempt, 3)
    del sent["q2"]

    answer = friend_client.post(path_of(attempt), sent | {"language": "pl"})

    assert answer["Location"] == path_of(attempt).replace("/en/", "/pl/")
    body = friend_client.get(answer["Location"]).content.decode()
    assert "Choice 0 (pl)" in body
    assert len(re.findall(r"<input[^>]*checked", body)) == 2
    assert friend_client.post(path_of(attempt), {"language": "xx"})["Location"] == path_of(attempt)


def test_handing_in_twice_says_that_the_first_counts(friend_client: Client, online_test: OnlineTest) -> None:
    attempt = begin(friend_client, online_test)
    friend_client.post(path_of(attempt), filled(attempt, 0))

    page = friend_client.post(path_of(attempt), filled(attempt, 3), follow=True).content.decode()

    assert "The first result counts." in page
    assert "0 of 3 answers were right." in page
    assert not Certificate.objects.filter(skill__slug="thermostats").exists()


def test_handing_in_late_fails_in_clear_words(
    friend_client: Client, online_test: OnlineTest, clock: Coordinates
) -> None:
    attempt = begin(friend_client, online_test)
    friend_client.post(path_of(attempt), filled(attempt, 3) | {"language": "en"})
    clock.shift(timedelta(minutes=11))
    assert "Time ran out at" in friend_client.get(path_of(attempt)).content.decode()

    page = friend_client.post(path_of(attempt), {}, follow=True).content.decode()

    assert "Time's up" in page
    assert "so this attempt counts as failed." in page
    attempt.refresh_from_db()
    assert attempt.has_passed is False


def test_another_friends_paper_does_not_exist(friend_client: Client, online_test: OnlineTest, four_near: Cast) -> None:
    attempt = begin(friend_client, online_test)
    Attempt.objects.filter(pk=attempt.pk).update(friend=four_near["Cem"])

    for method in (friend_client.get, friend_client.post):
        assert method(path_of(attempt)).status_code == 404
    assert friend_client.get(f"{OVERVIEW}no-such-test/").status_code == 404
    assert friend_client.post(f"{OVERVIEW}no-such-test/").status_code == 404


def test_a_beginner_passes_the_onboarding_and_is_ready(
    friend_client: Client, online_test: OnlineTest, four_near: Cast
) -> None:
    ben = beginner(four_near["Ben"])
    onboarding = write_test()
    assert "You need to pass this test before your first job." in friend_client.get(OVERVIEW).content.decode()

    attempt = begin(friend_client, onboarding)
    page = friend_client.post(path_of(attempt), filled(attempt, 3), follow=True).content.decode()

    assert "You are ready" in page
    ben.refresh_from_db()
    assert ben.is_active
    assert ben.onboarded_at == now()


def test_more_tests_and_attempts_cost_no_more_queries(
    friend_client: Client, online_test: OnlineTest, clock: Coordinates
) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert friend_client.get(OVERVIEW).status_code == 200
        return len(queries)

    first = count()
    for slug in ("printer", "mac-repair", "pc-repair"):
        other = write_test(Skill.objects.get(slug=slug))
        attempt = begin(friend_client, other)
        friend_client.post(path_of(attempt), filled(attempt, 3))

    # Two more: the names of issuers and nothing else once there is something to name.
    assert count() <= first + 1
