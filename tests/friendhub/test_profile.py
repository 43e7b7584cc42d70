"""Profile, availability and communities of a friend (R9, R11, R23)."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image
from time_machine import Coordinates

from accounts.models import User
from communities.models import Member
from communities.services import admit_member
from crowd.availability import add_exception
from crowd.eligibility import Wanted
from crowd.models import AvailabilityException, Block, Candidate, Certificate, Friend, Membership
from crowd.selectors import nearest_candidates
from crowd.services import block_friend
from crowd.states import Grade
from kernel.clock import now
from kernel.geo import on_sphere
from kernel.slots import WHOLE_WEEK, bit
from skills.models import Skill
from skills.services import define_skill
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA_AT, Cast, certify_friend
from tests.joining import picture, upload
from tests.pages import assert_valid_html, press, text_of

EDIT = "/en/profile/edit/"
WHEN = "/en/availability/"
WHERE = "/en/communities/"


def profile(**changed: Any) -> dict[str, Any]:
    """Return what is posted when nothing but ``changed`` is changed."""
    return {
        "about": "",
        "phone": "030 1234567",
        "country": "DE",
        "postal_code": "10115",
        "radius_km": "30",
        "travel_mode": "transit",
        "max_open_jobs": "3",
        "languages": ["de", "en"],
        "skill_ids": [],
        "language": "en",
    } | changed


def ben() -> Friend:
    """Return him as he is now."""
    return Friend.objects.get(first_name="Ben")


def asked(tenant: Tenant, *, in_shared_crowd: bool = False, **wanted: Any) -> list[str]:
    """Return the first names of those who would be asked for a job at Ada's."""
    wifi = Skill.objects.get(slug="wifi").pk
    facts: dict[str, Any] = {
        "skills": ((wifi, Grade.FRIEND),),
        "position": on_sphere(*ADA_AT),
        "reach_m": 50_000,
        "tenant_id": tenant.pk,
    }
    found = nearest_candidates(
        Wanted(**(facts | wanted)), community=0 if in_shared_crowd else tenant.pk, count=9, now=now()
    )
    return [Friend.objects.get(pk=one.friend_id).first_name for one in found]


def test_all_that_a_friend_may_change_is_kept_and_searched_by(friend_client: Client, nord: Tenant) -> None:
    assert asked(nord)[0] == "Ben"
    printers = define_skill(slug="printers", names={"en": "Printers"})

    answer = friend_client.post(
        EDIT,
        profile(
            about="I like routers.",
            phone="+41 44 668 18 00",
            postal_code="20095",
            radius_km="7",
            max_open_jobs="5",
            languages=["pl"],
            skill_ids=[str(printers.pk)],
            language="de",
        ),
    )

    assert answer["Location"] == "/de/profile/"
    assert "7 km" in text_of(friend_client.get("/de/profile/"))
    friend = ben()
    assert (friend.about, friend.phone, friend.town) == ("I like routers.", "+41446681800", "Hamburg")
    assert (friend.radius_m, friend.max_open_jobs, friend.languages, friend.language) == (7_000, 5, ["pl"], "de")
    assert User.objects.get(uuid=friend.pk).language == "de"
    assert "Ben" not in asked(nord)
    moved = Candidate.objects.filter(friend=friend, community=nord.pk)
    assert set(moved.values_list("skill__slug", "grade")) == {("wifi", Grade.FRIEND), ("printers", Grade.DECLARED)}


def test_unticking_takes_declared_skills_away_and_certified_ones_never(friend_client: Client) -> None:
    printers = define_skill(slug="printers", names={"en": "Printers"})
    friend_client.post(EDIT, profile(skill_ids=[str(printers.pk)]))
    certify_friend(friend=ben(), skills=Skill.objects.filter(slug="thermostats"))

    friend_client.post(EDIT, profile())

    assert set(Certificate.objects.filter(friend=ben()).values_list("skill__slug", flat=True)) == {
        "wifi",
        "thermostats",
    }


def test_a_skill_of_one_partner_is_offered_in_its_community_alone(
    friend_client: Client, nord: Tenant, sued: Tenant
) -> None:
    own = define_skill(slug="nord-box", names={"en": "Nord box"})
    strange = define_skill(slug="sued-box", names={"en": "South box"})
    Skill.objects.filter(pk=own.pk).update(owner=nord.pk)
    Skill.objects.filter(pk=strange.pk).update(owner=sued.pk)

    page = friend_client.get(EDIT).content.decode()

    assert "Nord box" in page
    assert "South box" not in page


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"radius_km": "0"}, "Please choose a travel radius of 1 to 100 km."),
        ({"radius_km": "5000"}, "Please choose a travel radius of 1 to 100 km."),
        ({"max_open_jobs": "0"}, "Please choose 1 to 20 open jobs."),
        ({"max_open_jobs": "21"}, "Please choose 1 to 20 open jobs."),
        ({"max_open_jobs": "99999999999999999999"}, "Please choose 1 to 20 open jobs."),
        ({"postal_code": "99999"}, "We do not know this postal code."),
        ({"phone": "1"}, "Please enter a phone number with the area code."),
        ({"languages": []}, "Please choose at least one language."),
    ],
)
def test_bad_input_is_answered_beside_the_field_and_nothing_is_lost(
    friend_client: Client, changed: dict[str, Any], words: str
) -> None:
    answer = friend_client.post(EDIT, profile(about="I like routers.") | changed)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "I like routers." in answer.content.decode()
    assert ben().about == ""
    assert_valid_html(answer)


def test_the_limit_cannot_sink_below_the_open_jobs(friend_client: Client) -> None:
    Friend.objects.filter(pk=ben().pk).update(open_jobs=3)

    answer = friend_client.post(EDIT, profile(max_open_jobs="2"))

    assert answer.status_code == 422
    assert "You have more open jobs than that." in answer.content.decode()
    assert ben().max_open_jobs == 3


def test_a_photo_is_made_anew_square_and_shown_to_its_friend(
    friend_client: Client, django_capture_on_commit_callbacks: Any
) -> None:
    assert friend_client.get("/en/profile/photo/").status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        friend_client.post(EDIT, profile(photo=picture("JPEG", (900, 300), "me.jpg")))
    first = ben().photo.name

    with Image.open(BytesIO(friend_client.get("/en/profile/photo/").content)) as shown:
        assert (shown.format, shown.size) == ("JPEG", (300, 300))
    assert "/en/profile/photo/" in friend_client.get("/en/profile/").content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        friend_client.post(EDIT, profile(photo=picture("PNG", (900, 1300), "me.png")))
    assert not default_storage.exists(first)
    with Image.open(BytesIO(friend_client.get("/en/profile/photo/").content)) as shown:
        assert shown.size == (640, 640)

    with django_capture_on_commit_callbacks(execute=True):
        friend_client.post(EDIT, profile(removes_photo="on"))
    assert friend_client.get("/en/profile/photo/").status_code == 404


def test_the_week_is_kept_as_it_is_ticked(friend_client: Client, nord: Tenant, clock: Coordinates) -> None:
    monday_evening = 2
    wished = ((date(2026, 11, 30), 2),)
    assert "Ben" in asked(nord, windows=wished)

    friend_client.post(WHEN, {"free": [str(monday_evening)]})

    assert ben().free_week == bit(0, 2)
    assert "Ben" in asked(nord, windows=wished)
    assert "Ben" not in asked(nord, windows=((date(2026, 12, 1), 2),))
    page = friend_client.get(WHEN)
    assert page.content.decode().count(" checked") == 1
    assert_valid_html(page)
    friend_client.post(WHEN, {})
    assert ben().free_week == 0


def test_an_exception_counts_instead_of_the_week_until_it_is_removed(
    friend_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    wished = ((date(2026, 11, 30), 2),)
    answer = friend_client.post(
        f"{WHEN}exceptions/", {"starts_on": "2026-11-28", "ends_on": "2026-12-02", "note": "Holidays"}
    )

    assert answer.status_code == 302
    assert "Ben" not in asked(nord, windows=wished)
    page = friend_client.get(WHEN)
    assert "Holidays" in page.content.decode()
    assert "Away" in page.content.decode()
    assert_valid_html(page)
    exception = AvailabilityException.objects.get(friend=ben())
    friend_client.post(f"{WHEN}exceptions/{exception.pk}/remove/")
    assert "Ben" in asked(nord, windows=wished)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "words"),
    [
        ("2026-12-01", "2056-12-01", "Please choose a day within the next ten years."),
        ("2026-12-05", "2026-12-07", "You have an exception for some of these days already."),
        ("2026-12-01", "2026-12-05", "You have an exception for some of these days already."),
        ("2026-12-09", "2026-12-08", "The last day is before the first day."),
        ("2026-11-01", "2026-11-20", "These days are over."),
        ("", "2026-12-08", "Please enter a date."),
        ("2026-02-30", "2026-12-08", "Please enter a date."),
    ],
)
def test_days_that_cannot_be_are_refused_in_words(
    friend_client: Client, clock: Coordinates, starts_on: str, ends_on: str, words: str
) -> None:
    add_exception(friend_id=ben().pk, starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 6), parts=0, now=now())

    answer = friend_client.post(
        f"{WHEN}exceptions/", {"starts_on": starts_on, "ends_on": ends_on, "parts": ["1"], "note": "Typed"}
    )

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Typed"' in answer.content.decode()
    assert AvailabilityException.objects.count() == 1
    assert_valid_html(answer)


def test_somebody_elses_exception_cannot_be_removed(friend_client: Client, four_near: Cast, clock: Coordinates) -> None:
    of_cem = add_exception(
        friend_id=four_near["Cem"].pk, starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 6), parts=0, now=now()
    )

    friend_client.post(f"{WHEN}exceptions/{of_cem.pk}/remove/")

    assert AvailabilityException.objects.filter(pk=of_cem.pk).exists()


def test_a_pause_ends_with_its_last_day_at_home_or_at_once(
    friend_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    friend_client.post(f"{WHEN}pause/", {"last_day": "2026-11-30"})

    assert ben().paused_until == datetime(2026, 11, 30, 23, tzinfo=UTC)  # midnight in Berlin
    assert "Ben" not in asked(nord)
    page = friend_client.get(WHEN)
    assert "You pause until Tuesday, 1 December 2026, 00:00." in page.content.decode()
    assert_valid_html(page)
    friend_client.post(f"{WHEN}resume/")
    assert "Ben" in asked(nord)


@pytest.mark.parametrize("last_day", ["2026-11-23", "2036-01-01", "", "9999-12-31"])
def test_a_pause_that_cannot_be_is_refused(friend_client: Client, clock: Coordinates, last_day: str) -> None:
    answer = friend_client.post(f"{WHEN}pause/", {"last_day": last_day})

    assert answer.status_code == 422
    assert ben().paused_until is None
    assert_valid_html(answer)


def test_many_exceptions_take_no_more_queries_than_one(friend_client: Client, clock: Coordinates) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            friend_client.get(WHEN)
        return len(found)

    first = date(2026, 12, 1)
    add_exception(friend_id=ben().pk, starts_on=first, ends_on=first, parts=1, now=now())
    queries()
    short = queries()
    for ahead in range(2, 20):
        day = first + timedelta(days=ahead)
        add_exception(friend_id=ben().pk, starts_on=day, ends_on=day, parts=1, now=now())

    assert queries() == short


def test_a_friend_joins_and_leaves_communities(friend_client: Client, sued: Tenant) -> None:
    page = friend_client.get(WHERE)
    assert "Join Süd" in page.content.decode()
    assert_valid_html(page)

    friend_client.post(f"{WHERE}sued/join/")
    assert Candidate.objects.filter(friend=ben(), community=sued.pk).exists()
    assert "Leave Süd" in friend_client.get(WHERE).content.decode()

    friend_client.post(f"{WHERE}sued/leave/")
    assert not Membership.objects.filter(friend=ben(), community=sued.pk).exists()


def test_who_has_left_a_brand_gets_its_overflow_jobs_no_more_until_they_join_again(
    friend_client: Client, nord: Tenant
) -> None:
    friend_client.post(f"{WHERE}overflow/", {"is_on": "yes"})
    assert "Ben" in asked(nord, in_shared_crowd=True)
    page = friend_client.get(WHERE).content.decode()
    assert "No job of Nord reaches you any more, not even as overflow." in page

    friend_client.post(f"{WHERE}nord/leave/")

    assert "Ben" not in asked(nord, in_shared_crowd=True)
    friend_client.post(f"{WHERE}nord/join/")
    assert "Ben" in asked(nord)
    assert "Ben" in asked(nord, in_shared_crowd=True)


def test_a_partner_without_a_community_cannot_be_joined(friend_client: Client, sued: Tenant) -> None:
    Tenant.objects.filter(pk=sued.pk).update(features=["booking"])

    assert "Süd" not in friend_client.get(WHERE).content.decode()
    assert friend_client.post(f"{WHERE}sued/join/").status_code == 404
    assert friend_client.post(f"{WHERE}nowhere/join/").status_code == 404


def test_overflow_is_switched_on_and_off(friend_client: Client) -> None:
    friend_client.post(f"{WHERE}overflow/", {"is_on": "yes"})
    assert Candidate.objects.filter(friend=ben(), community=0).exists()

    friend_client.post(f"{WHERE}overflow/", {"is_on": "no"})
    assert not Candidate.objects.filter(friend=ben(), community=0).exists()


def test_a_partner_is_blocked_and_unblocked(friend_client: Client, nord: Tenant) -> None:
    friend_id = ben().pk
    with tenant_context(nord):
        admit_member(friend_id=friend_id, first_name="Ben", last_name="Muster", language="en", now=now())
    assert "Ben" in asked(nord)

    friend_client.post(f"{WHERE}nord/block/")

    assert "Ben" not in asked(nord)
    with tenant_context(nord):
        assert not Member.objects.get(friend_id=friend_id).is_active
    page = friend_client.get(WHERE)
    assert "Unblock Nord" in page.content.decode()
    assert_valid_html(page)
    friend_client.post(f"{WHERE}nord/unblock/")
    friend_client.post(f"{WHERE}nord/join/")
    assert "Ben" in asked(nord)


def test_what_the_partner_said_the_friend_cannot_take_back(friend_client: Client, nord: Tenant) -> None:
    friend_client.post(f"{WHERE}nord/block/")
    block_friend(friend=ben(), tenant_id=nord.pk)

    assert friend_client.post(f"{WHERE}nord/unblock/").status_code == 403

    assert Block.objects.filter(friend=ben(), tenant_id=nord.pk).exists()
    assert "Nord" not in friend_client.get(WHERE).content.decode()
    assert friend_client.post(f"{WHERE}nord/join/").status_code == 403


@pytest.mark.parametrize("path", ["profile/", "profile/edit/", "availability/", "communities/", "profile/pro/"])
def test_all_pages_are_valid_in_all_languages(friend_client: Client, path: str) -> None:
    for language in ("en", "de", "fr", "it", "pl"):
        page = friend_client.get(f"/{language}/{path}")

        assert page.status_code == 200
        assert_valid_html(page)
    assert ben().free_week == WHOLE_WEEK


def test_an_empty_week_is_warned_of_and_the_offers_page_leads_back_to_it(friend_client: Client) -> None:
    week = friend_client.get(WHEN)
    emptied = press(friend_client, week, "Save my week", {"free": []})
    assert "Your week is empty, so you get no offers." in emptied.content.decode()

    page = friend_client.get("/en/")

    assert "you see it here and get an email" not in page.content.decode()
    assert_valid_html(page)
    when = press(friend_client, page, "Say when you have time")
    saved = press(friend_client, when, "Save my week", {"free": ["2"]})
    assert "so you get no offers" not in saved.content.decode()
    assert "you see it here and get an email" in friend_client.get("/en/").content.decode()


def test_days_of_another_week_ahead_are_time_as_well(friend_client: Client, clock: Coordinates) -> None:
    Friend.objects.filter(pk=ben().pk).update(free_week=0)
    assert "Your week is empty" in friend_client.get("/en/").content.decode()

    add_exception(friend_id=ben().pk, starts_on=date(2026, 12, 5), ends_on=date(2026, 12, 6), parts=2, now=now())

    assert "Your week is empty" not in friend_client.get("/en/").content.decode()


def test_a_pause_stands_on_the_offers_page_and_can_be_ended_from_there(
    friend_client: Client, clock: Coordinates
) -> None:
    press(friend_client, friend_client.get(WHEN), "Pause", {"last_day": "2026-12-05"})

    page = friend_client.get("/en/")

    assert "You have paused until" in page.content.decode()
    assert "you see it here and get an email" not in page.content.decode()
    assert_valid_html(page)
    back = press(friend_client, press(friend_client, page, "Availability"), "End the pause now")
    assert "You'll get offers again." in text_of(back)


def test_a_profile_without_any_skill_is_warned_of(friend_client: Client) -> None:
    Certificate.objects.filter(friend=ben()).delete()

    saved = press(friend_client, friend_client.get(EDIT), "Save")

    assert "Your profile names no skill, so you get no offers." in saved.content.decode()
    assert "names no skill" in friend_client.get("/en/").content.decode()


def test_who_is_in_no_community_is_led_to_them(friend_client: Client) -> None:
    Membership.objects.filter(friend=ben()).delete()

    where = press(friend_client, friend_client.get("/en/"), "Join or leave communities")

    assert where.request["PATH_INFO"] == WHERE


def test_an_empty_list_of_offers_leads_to_the_reasons(friend_client: Client) -> None:
    assert (
        press(friend_client, friend_client.get("/en/"), "Why am I not getting jobs?").request["PATH_INFO"] == "/en/why/"
    )


def test_a_photo_that_is_none_is_told_the_formats_that_are_taken(friend_client: Client) -> None:
    sent = profile(photo=upload(name="me.pdf"))

    answer = friend_client.post(EDIT, sent)

    assert answer.status_code == 422
    assert "We cannot read this photo. Please choose a JPEG, PNG or WebP." in answer.content.decode()
