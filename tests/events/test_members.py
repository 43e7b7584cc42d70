"""Friends and events: seen by members only, a seat with one button, being there counts for a certificate (R13, R22)."""

import pytest
from django.test import Client

from cms.models import EventPage
from crowd.models import Certificate
from events.models import Event, SignUp
from events.states import SignUpState
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
