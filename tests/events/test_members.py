"""Friends and events: seen by members only, a seat with one button, being there counts for a certificate (R13, R22)."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from time_machine import Coordinates

from cms.models import EventPage
from crowd.models import Certificate
from events.models import Event, SignUp
from events.states import SignUpState
from journeys.event.attend import check_in_guest
from journeys.event.sweep import look_after_events
from journeys.friend.certify_friend import add_own_skill
from journeys.friend.enter_community import leave_community
from journeys.links import check_in_url
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.browsing import Browser
from tests.cast import Cast, deliver
from tests.events.pages import change_event, published, standing, write_event
from tests.memberhub.test_community import ENTER, NORD, sign_in
from tests.pages import assert_valid_html, press, text_of

pytestmark = pytest.mark.usefixtures("four_near")


@pytest.fixture
def ben(four_near: Cast, nord: Tenant) -> Client:
    """Return Ben, who has entered Nord's community."""
    browser = Browser()
    sign_in(browser, "ben@friends.example")
    assert browser.go(f"{NORD}{ENTER}").status_code == 200
    jar = browser.jars["nord.localhost"]
    jar.defaults["HTTP_HOST"] = "nord.localhost"
    return jar


@pytest.fixture
def evening(manager_client: Client, nord: Tenant) -> Event:
    """Return an event for friends only, with one seat."""
    assert write_event(manager_client, nord, audience="friends", capacity="1").status_code == 302
    return published(nord)[1]


def test_strangers_see_nothing_of_an_event_for_friends(evening: Event, visitor: Client) -> None:
    assert "Repair evening" not in text_of(visitor.get("/en/events/"))
    assert visitor.get("/en/events/repair-evening/").status_code == 302
    for path in ("", "calendar.ics"):
        assert visitor.get(f"/en/event/{evening.pk}/{path}").status_code == 404
    assert b"VEVENT" not in visitor.get("/en/events.ics").content
    assert b"repair-evening" not in visitor.get("/sitemap.xml").content
    answer = visitor.post(f"/en/event/{evening.pk}/sign-up/", {"name": "Ada", "email": "ada@guests.example"})
    assert answer.status_code == 404


def test_a_member_comes_with_one_button_hears_of_it_and_gives_the_seat_back(
    evening: Event, ben: Client, nord: Tenant
) -> None:
    listed = ben.get("/en/community/events/")
    assert_valid_html(listed)
    page = press(ben, listed, "Repair evening")
    assert_valid_html(page)

    page = press(ben, page, "I'm coming")

    assert standing(nord) == {"Ben Muster": SignUpState.GOING}
    assert 'class="qr"' in page.content.decode()
    [mail] = deliver()
    assert mail.to == ["ben@friends.example"]
    assert mail.subject == "You have a seat: Repair evening"
    assert "You have a seat" in text_of(ben.get("/en/community/events/"))

    press(ben, page, "Give my seat back")

    assert standing(nord) == {"Ben Muster": SignUpState.CANCELLED}
    assert [mail.subject for mail in deliver()] == ["You have given your seat back: Repair evening"]


def test_members_wait_and_move_up_as_guests_do(
    evening: Event, ben: Client, nord: Tenant, manager_client: Client
) -> None:
    with tenant_context(nord):
        SignUp.objects.create(
            event=evening, name="Ada", email="a@x.example", language="en", state=SignUpState.GOING, created_at=now(),
            confirmed_at=now(),
        )  # fmt: skip
    page = press(ben, ben.get("/en/events/repair-evening/"), "Put me on the waiting list")
    assert "You are number 1" in text_of(page)
    deliver()

    with tenant_context(nord):
        page_id = EventPage.objects.get().pk
    change_event(manager_client, nord, page_id, audience="friends", capacity="2")

    assert standing(nord)["Ben Muster"] == SignUpState.GOING
    assert [mail.subject for mail in deliver()] == ["You have moved up: Repair evening"]


def test_who_leaves_the_community_gives_the_seat_back(
    evening: Event, ben: Client, nord: Tenant, four_near: Cast
) -> None:
    ben.post(f"/en/community/events/{evening.pk}/sign-up/")
    leave_community(friend_id=four_near["Ben"].pk, tenant=nord)
    assert standing(nord) == {"Ben Muster": SignUpState.GOING}

    with tenant_context(nord):
        look_after_events(tenant_id=nord.pk, now=now())

    assert standing(nord) == {"Ben Muster": SignUpState.CANCELLED}


def test_who_is_there_already_keeps_the_seat_and_stops_nothing(
    evening: Event, ben: Client, nord: Tenant, four_near: Cast
) -> None:
    ben.post(f"/en/community/events/{evening.pk}/sign-up/")
    with tenant_context(nord):
        SignUp.objects.update(checked_in_at=now())
    assert "Give my seat back" not in text_of(ben.get("/en/events/repair-evening/"))
    leave_community(friend_id=four_near["Ben"].pk, tenant=nord)

    with tenant_context(nord):
        look_after_events(tenant_id=nord.pk, now=now())

    assert standing(nord) == {"Ben Muster": SignUpState.GOING}


def test_a_member_waits_for_the_link_too_and_leaves_what_has_no_page_any_more(
    manager_client: Client, ben: Client, nord: Tenant
) -> None:
    write_event(manager_client, nord, capacity="1", place="", online_url="https://meet.example/room")
    page, event = published(nord)
    with tenant_context(nord):
        SignUp.objects.create(
            event=event, name="Ada", email="a@x.example", language="en", state=SignUpState.GOING, created_at=now()
        )
    ben.post(f"/en/community/events/{event.pk}/sign-up/")
    change_event(
        manager_client, nord, page.pk, capacity="1", place="", online_url="https://meet.example/room", end_time="21:00"
    )
    changed = next(mail for mail in deliver() if mail.subject.startswith("New time"))
    assert "meet.example" not in str(changed.attachments)
    manager_client.post(f"/admin/pages/{page.pk}/unpublish/")

    answer = ben.post(f"/en/community/events/{event.pk}/leave/")

    assert answer.status_code == 302
    assert ben.get(answer["Location"]).status_code == 200
    assert standing(nord)["Ben Muster"] == SignUpState.CANCELLED
    assert "Friday, 4 December 2026" in deliver()[0].subject


@pytest.mark.parametrize(
    ("zone", "at", "begins", "ends"),
    [
        ("America/New_York", datetime(2026, 12, 5, 2, tzinfo=UTC), "2026-12-04", "2027-12-04"),
        ("Europe/Berlin", datetime(2026, 12, 4, 23, 30, tzinfo=UTC), "2026-12-04", "2027-12-05"),
    ],
)
def test_a_certificate_counts_by_the_day_of_the_place(
    manager_client: Client, nord: Tenant, ben: Client, clock: Coordinates, zone: str, at: datetime, begins: str,
    ends: str,
) -> None:  # fmt: skip
    names = {"de": "Nordbox", "en": "Nordbox"}
    skill = add_own_skill(tenant=nord, names=names, parent_id=None, needs_certificate=True, who="x", now=now())
    write_event(manager_client, nord, audience="friends", skill_id=str(skill.pk), skill_months="12", time_zone=zone)
    ben.post(f"/en/community/events/{published(nord)[1].pk}/sign-up/")
    clock.move_to(at)

    with tenant_context(nord):
        check_in_guest(sign_up_id=SignUp.objects.get().pk, tenant=nord, who="Maja", now=now())

    with platform_context():
        certificate = Certificate.objects.get(skill=skill)
    assert (str(certificate.valid_from), str(certificate.valid_until)) == (begins, ends)


def test_being_there_certifies_a_friend_once_for_the_partners_own_skill(
    manager_client: Client, nord: Tenant, ben: Client, four_near: Cast
) -> None:
    skill = add_own_skill(
        tenant=nord,
        names={"de": "Nordbox", "en": "Nordbox"},
        parent_id=None,
        needs_certificate=True,
        who="x",
        now=now(),
    )
    answer = write_event(manager_client, nord, audience="friends", skill_id=str(skill.pk), skill_months="12")
    assert answer.status_code == 302, text_of(answer)
    ben.post(f"/en/community/events/{published(nord)[1].pk}/sign-up/")
    deliver()
    with tenant_context(nord):
        path = check_in_url(nord, SignUp.objects.get().pk).split(":8000")[1]

    press(manager_client, manager_client.get(path), "Check in")
    manager_client.post(path)

    with platform_context():
        certificate = Certificate.objects.get(friend=four_near["Ben"], skill=skill)
    assert (certificate.issuer, str(certificate.valid_until)) == (nord.pk, "2027-11-24")
    assert [mail.subject for mail in deliver()] == ["Your certificate: Nordbox"]
