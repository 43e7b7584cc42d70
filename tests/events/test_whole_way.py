"""An event from the editor to the door: published, booked out, moved up, called off, checked in (R22)."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar
from time_machine import Coordinates

from cms.models import EventPage
from events.models import Event, SignUp
from events.states import SignUpState
from journeys.event.sweep import look_after_events
from journeys.links import check_in_url
from journeys.tasks import forget_drafts
from kernel.clock import now
from tenants.context import tenant_context
from tenants.models import Tenant, TenantState
from tests.cast import deliver
from tests.events.pages import (
    change_event,
    come,
    guest_link,
    published,
    sign_up,
    standing,
    write_event,
)
from tests.pages import assert_valid_html, press, text_of

GOING, WAITING, CANCELLED = SignUpState.GOING, SignUpState.WAITING, SignUpState.CANCELLED


@pytest.fixture
def event(manager_client: Client, nord: Tenant) -> Event:
    """Return an event for two guests that the manager has published."""
    answer = write_event(manager_client, nord)
    assert answer.status_code == 302, text_of(answer)
    return published(nord)[1]


def sweep(nord: Tenant) -> int:
    """Do what the scheduler does every ten minutes."""
    with tenant_context(nord):
        return look_after_events(tenant_id=nord.pk, now=now())


# --- Published -----------------------------------------------------------------------------------------------


def test_a_published_event_is_listed_and_says_when_where_and_how_many_seats(event: Event, visitor: Client) -> None:
    index = visitor.get("/en/events/")
    assert "Repair evening" in text_of(index)
    assert_valid_html(index)
    [link] = re.findall(r'href="([^"]*/events/repair-evening/)"', index.content.decode())

    page = visitor.get(link)

    assert_valid_html(page)
    text = text_of(page)
    for shown in (
        "Friday, 4 December 2026, 18:00 – 20:00",
        "Local time in Berlin",
        "Invalidenstr. 1, Berlin",
        "2 of 2 seats are free",
        "Bring your router.",
    ):
        assert shown in text
    assert '"startDate": "2026-12-04T18:00:00+01:00"' in page.content.decode()
    assert visitor.get(f"/en/event/{event.pk}/", follow=True).redirect_chain[-1][0].endswith("/events/repair-evening/")


def test_a_draft_is_nobodys_event_and_an_unpublished_one_is_gone_from_the_site(
    manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    assert write_event(manager_client, nord, publish=False).status_code == 302
    with tenant_context(nord):
        assert not Event.objects.exists()
    page, event = _published_now(manager_client, nord)
    assert visitor.get(f"/en/event/{event.pk}/calendar.ics").status_code == 200

    manager_client.post(f"/admin/pages/{page.pk}/unpublish/")

    assert visitor.get(f"/en/event/{event.pk}/calendar.ics").status_code == 404
    assert sign_up(visitor, event, "Ada").status_code == 404


def _published_now(manager: Client, nord: Tenant) -> tuple[EventPage, Event]:
    with tenant_context(nord):
        page = EventPage.objects.get()
    assert change_event(manager, nord, page.pk).status_code == 302
    return published(nord)


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"end_time": "17:00"}, "end_time", "The event would end before it starts."),
        ({"start_day": "2027-03-28", "start_time": "02:30"}, "start_time", "This time does not exist"),
        ({"place": ""}, "place", "Please say where it takes place"),
    ],
)
def test_what_cannot_be_is_told_beside_the_field_and_stays(
    manager_client: Client, nord: Tenant, changed: dict[str, Any], field: str, words: str
) -> None:
    answer = write_event(manager_client, nord, **changed)

    assert answer.status_code == 200
    page = answer.content.decode()
    assert words in page
    assert f'id="panel-child-content-{field}-errors"' in page or f"{field}-errors" in page
    assert 'value="Repair evening"' in page
    with tenant_context(nord):
        assert not Event.objects.exists()


def test_calendars_get_the_event_by_the_clock_of_its_place(event: Event, visitor: Client) -> None:
    for path in (f"/en/event/{event.pk}/calendar.ics", "/en/events.ics"):
        answer = visitor.get(path)
        assert answer["Content-Type"].startswith("text/calendar")
        [entry] = Calendar.from_ical(answer.content).walk("VEVENT")
        assert entry["dtstart"].dt == event.starts_at
        assert entry["dtstart"].params["TZID"] == "Europe/Berlin"
        assert entry["summary"] == "Repair evening"


def test_the_link_to_take_part_is_told_only_to_those_who_have_a_seat(
    manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    write_event(manager_client, nord, place="", online_url="https://meet.example/room")
    event = published(nord)[1]
    for path in (f"/en/event/{event.pk}/calendar.ics", "/en/events.ics"):
        [entry] = Calendar.from_ical(visitor.get(path).content).walk("VEVENT")
        assert (entry["location"], entry.get("description")) == ("Online", None)

    sign_up(visitor, event, "Ada")
    visitor.post(f"{guest_link(deliver()[0])}confirm/")

    [mail] = deliver()
    [entry] = Calendar.from_ical(mail.attachments[0][1]).walk("VEVENT")
    assert (entry["location"], entry["description"]) == ("https://meet.example/room",) * 2


# --- Booked out and moved up -----------------------------------------------------------------------------------


def test_a_seat_counts_once_it_is_confirmed_by_the_mail(event: Event, visitor: Client, nord: Tenant) -> None:
    page = visitor.get(f"/en/event/{event.pk}/", follow=True)
    answer = press(visitor, page, "Sign up", {"name": "Ada", "email": "ada@guests.example"})
    assert "Please check your inbox" in text_of(answer)
    [please] = deliver()
    assert please.subject == "Please confirm: Repair evening"
    link = guest_link(please)
    asked = visitor.get(link)
    assert_valid_html(asked)
    with tenant_context(nord):
        assert SignUp.objects.get().confirmed_at is None

    press(visitor, asked, "Yes, I'm coming")

    [mail] = deliver()
    assert mail.to == ["ada@guests.example"]
    assert mail.subject == "You have a seat: Repair evening"
    assert {name for name, _content, _kind in mail.attachments} == {"event.ics", "code.png"}
    seat = visitor.get(link)
    assert_valid_html(seat)
    assert 'class="qr"' in seat.content.decode()
    assert visitor.post(f"{link}confirm/").status_code == 302
    assert deliver() == []


def test_when_it_is_booked_out_who_comes_waits_and_moves_up_when_one_cancels(
    event: Event, visitor: Client, nord: Tenant
) -> None:
    links = {name: come(visitor, event, name) for name in ("Ada", "Ben", "Cem", "Dana")}
    assert standing(nord) == {"Ada": GOING, "Ben": GOING, "Cem": WAITING, "Dana": WAITING}
    assert "All seats are taken" in text_of(visitor.get(f"/en/event/{event.pk}/", follow=True))
    assert "You are number 2." in text_of(visitor.get(links["Dana"]))

    press(visitor, visitor.get(links["Ada"]), "I can't come: cancel my seat")

    assert standing(nord) == {"Ada": CANCELLED, "Ben": GOING, "Cem": GOING, "Dana": WAITING}
    mails = {mail.to[0]: mail for mail in deliver()}
    assert mails["ada@guests.example"].subject == "Cancelled: your seat at Repair evening"
    assert mails["cem@guests.example"].subject == "A seat is free, and it is yours: Repair evening"
    assert len(mails) == 2
    assert "You are number 1." in text_of(visitor.get(links["Dana"]))
    visitor.post(f"{links['Ada']}leave/")
    assert deliver() == []


def test_a_seat_that_nobody_confirms_within_a_day_goes_to_who_waits(
    event: Event, visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    come(visitor, event, "Ada")
    sign_up(visitor, event, "Ben")
    deliver()
    come(visitor, event, "Cem")
    assert standing(nord) == {"Ada": GOING, "Ben": GOING, "Cem": WAITING}
    clock.shift(timedelta(hours=23))
    sweep(nord)
    assert len(standing(nord)) == 3

    clock.shift(timedelta(hours=1))
    sweep(nord)

    assert standing(nord) == {"Ada": GOING, "Cem": GOING}
    assert [mail.to for mail in deliver()] == [["cem@guests.example"]]


def test_who_signs_up_twice_has_one_seat(event: Event, visitor: Client, nord: Tenant, clock: Coordinates) -> None:
    come(visitor, event, "Ada")
    clock.shift(timedelta(minutes=5))

    visitor.post(f"/en/event/{event.pk}/sign-up/", {"name": "Ada L.", "email": "ADA@guests.example"})

    assert standing(nord) == {"Ada": GOING}
    assert [mail.subject for mail in deliver()] == ["You have a seat: Repair evening"]
    clock.shift(timedelta(minutes=5))
    sign_up(visitor, event, "Ada")
    assert deliver() == []


@pytest.mark.parametrize(("name", "email"), [("", "ada@guests.example"), ("Ada", "ada"), ("A" * 121, "a@x.example")])
def test_what_is_wrong_is_told_at_the_field_and_stays(
    event: Event, visitor: Client, nord: Tenant, name: str, email: str
) -> None:
    answer = visitor.post(f"/en/event/{event.pk}/sign-up/", {"name": name, "email": email})

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert 'aria-invalid="true"' in answer.content.decode()
    assert f'value="{email}"' in answer.content.decode()
    assert standing(nord) == {}


def test_more_seats_let_who_waits_move_up_and_fewer_than_are_taken_are_refused(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    for name in ("Ada", "Ben", "Cem"):
        come(visitor, event, name)
    page, _event = published(nord)
    refused = change_event(manager_client, nord, page.pk, capacity="1")
    assert "2 people have a seat already" in text_of(refused)

    assert change_event(manager_client, nord, page.pk, capacity="5").status_code == 302

    assert standing(nord)["Cem"] == GOING
    assert [mail.to for mail in deliver()] == [["cem@guests.example"]]


# --- Changed, called off, reminded -----------------------------------------------------------------------------


def test_guests_hear_of_another_time_and_their_calendars_follow(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    come(visitor, event, "Ada")
    page, _event = published(nord)
    assert change_event(manager_client, nord, page.pk, introduction="Bring cake.").status_code == 302
    assert deliver() == []

    assert change_event(manager_client, nord, page.pk, start_time="19:00", end_time="21:00").status_code == 302

    [mail] = deliver()
    assert mail.subject == "New time or place: Repair evening"
    assert "19:00 – 21:00" in mail.body
    [(_name, content, _kind)] = mail.attachments
    [entry] = Calendar.from_ical(content).walk("VEVENT")
    assert (entry["uid"], entry["sequence"]) == (f"{event.pk}@quartett", 1)


def test_an_event_that_is_called_off_says_so_to_all_and_takes_nobody(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    link = come(visitor, event, "Ada")
    page = manager_client.get(f"/admin/events/{event.pk}/")

    press(manager_client, page, "Cancel the event and tell everybody", {"because": "The cellar is flooded."})

    [mail] = deliver()
    assert mail.subject == "Event cancelled: Repair evening"
    assert "The cellar is flooded." in mail.body
    [(_name, content, _kind)] = mail.attachments
    assert [entry["status"] for entry in Calendar.from_ical(content).walk("VEVENT")] == ["CANCELLED"]
    assert "This event has been cancelled." in text_of(visitor.get(link))
    assert sign_up(visitor, event, "Ben").status_code == 409


def test_guests_are_reminded_once_the_day_before_and_forgotten_after_90_days(
    event: Event, visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    come(visitor, event, "Ada")
    clock.move_to(event.starts_at - timedelta(days=1, minutes=1))
    assert sweep(nord) == 0

    clock.shift(timedelta(minutes=1))

    assert sweep(nord) == 1
    assert sweep(nord) == 0
    assert [mail.subject for mail in deliver()] == ["Reminder: Repair evening"]
    clock.move_to(event.ends_at + timedelta(days=90))
    sweep(nord)
    assert len(standing(nord)) == 1
    clock.shift(timedelta(seconds=1))
    sweep(nord)
    assert standing(nord) == {}


def test_who_was_reminded_of_an_event_that_is_then_moved_is_reminded_again(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    come(visitor, event, "Ada")
    page, _event = published(nord)
    clock.move_to(event.starts_at - timedelta(days=1))
    assert sweep(nord) == 1

    change_event(manager_client, nord, page.pk, start_day="2026-12-08")

    assert sweep(nord) == 0
    deliver()
    clock.move_to(published(nord)[1].starts_at - timedelta(days=1))
    assert sweep(nord) == 1
    assert [mail.subject for mail in deliver()] == ["Reminder: Repair evening"]


def test_guests_of_a_suspended_partner_are_forgotten_too(
    event: Event, visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    come(visitor, event, "Ada")
    Tenant.objects.filter(pk=nord.pk).update(state=TenantState.SUSPENDED)
    clock.move_to(event.ends_at + timedelta(days=90, seconds=1))

    forget_drafts()

    assert standing(nord) == {}


def test_a_mail_about_an_event_without_a_page_says_when_it_is(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    link = come(visitor, event, "Ada")
    manager_client.post(f"/admin/pages/{published(nord)[0].pk}/unpublish/")
    assert "See the event" not in text_of(visitor.get(link))

    visitor.post(f"{link}leave/")

    assert [mail.subject for mail in deliver()] == ["Cancelled: your seat at Friday, 4 December 2026, 18:00 – 20:00"]


# --- At the door -------------------------------------------------------------------------------------------------


def code_of(nord: Tenant) -> str:
    """Return the path behind the code of the one guest."""
    with tenant_context(nord):
        return check_in_url(nord, SignUp.objects.get().pk).split(":8000")[1]


def test_a_code_lets_in_once_and_says_when_it_was_used(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    come(visitor, event, "Ada")
    path = code_of(nord)
    assert visitor.get(path).status_code == 302
    page = manager_client.get(path)
    assert "Ada" in text_of(page)
    with tenant_context(nord):
        assert SignUp.objects.get().checked_in_at is None

    answer = press(manager_client, page, "Check in")
    again = manager_client.post(path, follow=True)

    assert "Ada is checked in." in text_of(answer)
    assert "This code was used before: Ada" in text_of(again)
    with tenant_context(nord):
        guest = SignUp.objects.get()
        assert guest.checked_in_at == now()
        assert guest.checked_in_by == "Maja Nord"


def test_who_is_there_keeps_the_seat(event: Event, manager_client: Client, visitor: Client, nord: Tenant) -> None:
    link = come(visitor, event, "Ada")
    manager_client.post(code_of(nord))

    answer = visitor.post(f"{link}leave/")

    assert answer.status_code == 409
    assert "This seat can no longer be given back" in text_of(answer)
    assert "cancel my seat" not in text_of(visitor.get(link))
    assert standing(nord) == {"Ada": GOING}


def test_who_is_there_without_having_confirmed_is_not_forgotten_after_a_day(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    sign_up(visitor, event, "Ada")
    manager_client.post(code_of(nord))
    clock.shift(timedelta(days=1))

    sweep(nord)

    assert _there(nord) == ["Ada"]


def test_who_only_waits_is_not_let_in(event: Event, manager_client: Client, visitor: Client, nord: Tenant) -> None:
    come(visitor, event, "Ada")
    path = code_of(nord)
    with tenant_context(nord):
        SignUp.objects.update(state=WAITING)

    answer = manager_client.post(path)

    assert answer.status_code == 409
    assert "This person has no seat." in text_of(answer)


def test_the_guest_list_can_be_downloaded_and_no_name_is_a_formula(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    visitor.post(f"/en/event/{event.pk}/sign-up/", {"name": "=1+1", "email": "ada@guests.example"})

    answer = manager_client.get(f"/admin/events/{event.pk}/csv/")

    assert "'=1+1,ada@guests.example,going,no," in answer.content.decode()


def test_the_list_checks_in_takes_back_and_erases(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    for name in ("Ada", "Ben", "Cem"):
        come(visitor, event, name)
    path = f"/admin/events/{event.pk}/"
    listed = manager_client.get(path)
    assert_valid_html(listed)
    assert "Ada" in text_of(listed)
    with tenant_context(nord):
        ada = SignUp.objects.get(name="Ada")
    one = f"{path}guests/{ada.pk}/"

    manager_client.post(one)
    assert _there(nord) == ["Ada"]
    manager_client.post(one, {"undo": "1"})
    assert _there(nord) == []
    manager_client.post(one, {"erase": "1"})

    assert standing(nord) == {"Ben": GOING, "Cem": GOING}
    assert [mail.to for mail in deliver()] == [["cem@guests.example"]]


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        (timedelta(hours=-2), True),
        (timedelta(days=-1), True),
        (timedelta(days=-1, seconds=-1), False),
        (timedelta(seconds=1), False),
    ],
)
def test_what_a_phone_has_kept_without_a_connection_counts_from_when_it_was(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant, at: timedelta, counts: bool
) -> None:
    come(visitor, event, "Ada")
    with tenant_context(nord):
        ada = SignUp.objects.get()

    manager_client.post(f"/admin/events/{event.pk}/guests/{ada.pk}/", {"at": (now() + at).isoformat()})

    with tenant_context(nord):
        assert SignUp.objects.get().checked_in_at == now() + (at if counts else timedelta(0))


@pytest.mark.parametrize("at", ["", "x", "2026-13-01T00:00", "2026-11-24T10:00"])
def test_a_moment_that_is_none_counts_as_now(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant, at: str
) -> None:
    come(visitor, event, "Ada")
    with tenant_context(nord):
        ada = SignUp.objects.get()

    manager_client.post(f"/admin/events/{event.pk}/guests/{ada.pk}/", {"at": at})

    with tenant_context(nord):
        assert SignUp.objects.get().checked_in_at == now()


def _there(nord: Tenant) -> list[str]:
    with tenant_context(nord):
        return list(SignUp.objects.exclude(checked_in_at=None).values_list("name", flat=True))


def test_nobody_but_managers_sees_guests(event: Event, visitor: Client) -> None:
    for path in ("/admin/events/", f"/admin/events/{event.pk}/", f"/admin/events/{event.pk}/csv/"):
        assert visitor.get(path).status_code == 302


# --- Letters and series --------------------------------------------------------------------------------------------


def test_a_letter_reaches_all_who_have_a_seat_or_wait_and_goes_once(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    links = {name: come(visitor, event, name) for name in ("Ada", "Ben", "Cem", "Dana")}
    visitor.post(f"{links['Dana']}leave/")
    sign_up(visitor, event, "Emil")
    deliver()
    page = manager_client.get(f"/admin/events/{event.pk}/")
    fields = {"subject": "Bring a lamp", "text": "It is dark.\nReally."}

    answer = press(manager_client, page, "Send", fields)
    press(manager_client, page, "Send", fields)

    assert "Sent to 3 people." in text_of(answer)
    mails = deliver()
    assert sorted(mail.to[0] for mail in mails) == [f"{name}@guests.example" for name in ("ada", "ben", "cem")]
    assert {mail.subject for mail in mails} == {"Bring a lamp"}
    assert "Really." in mails[0].body


def test_a_letter_reaches_them_after_the_event_was_called_off_too(
    event: Event, manager_client: Client, visitor: Client
) -> None:
    come(visitor, event, "Ada")
    path = f"/admin/events/{event.pk}/"
    press(manager_client, manager_client.get(path), "Cancel the event and tell everybody", {"because": ""})
    deliver()

    letter = {"subject": "Next time", "text": "We try again in May."}
    answer = press(manager_client, manager_client.get(path), "Send", letter)

    assert "Sent to 1 person." in text_of(answer)
    [mail] = deliver()
    assert (mail.subject, mail.to) == ("Next time", ["ada@guests.example"])
    assert "cancel my seat" not in mail.body


def test_a_letter_without_words_comes_back_with_what_was_typed(
    event: Event, manager_client: Client, visitor: Client
) -> None:
    come(visitor, event, "Ada")
    page = manager_client.get(f"/admin/events/{event.pk}/")

    answer = press(manager_client, page, "Send", {"subject": "Bring a lamp", "text": ""})

    assert answer.status_code == 422
    assert 'value="Bring a lamp"' in answer.content.decode()
    assert deliver() == []


def test_a_series_keeps_its_local_time_over_the_change_of_the_clocks(
    event: Event, manager_client: Client, visitor: Client, nord: Tenant
) -> None:
    page, _event = published(nord)
    change_event(manager_client, nord, page.pk, start_day="2027-03-23")
    asked = manager_client.get(f"/admin/events/repeat/{page.pk}/")

    press(manager_client, asked, "Publish the other dates", {"every": "week", "times": "2"})

    with tenant_context(nord):
        events = list(Event.objects.order_by("starts_at"))
    assert [f"{one.starts_at.astimezone(one.zone):%d.%m. %H:%M}" for one in events] == [
        "23.03. 18:00", "30.03. 18:00", "06.04. 18:00"
    ]  # fmt: skip
    assert len({one.series for one in events}) == 1
    shown = text_of(visitor.get("/en/events/repair-evening/"))
    assert "More dates" in shown
    assert "Tuesday, 30 March 2027, 18:00" in shown


def test_a_date_of_a_series_whose_hour_does_not_exist_is_refused_and_none_is_made(
    event: Event, manager_client: Client, nord: Tenant
) -> None:
    page, _event = published(nord)
    change_event(manager_client, nord, page.pk, start_day="2027-03-14", start_time="02:30", end_time="04:00")
    asked = manager_client.get(f"/admin/events/repeat/{page.pk}/")

    answer = press(manager_client, asked, "Publish the other dates", {"every": "week", "times": "2"})

    assert answer.status_code == 422
    assert "This time does not exist" in text_of(answer)
    with tenant_context(nord):
        assert Event.objects.count() == 1


def test_a_series_that_is_repeated_again_gets_only_the_dates_that_it_lacks(
    event: Event, manager_client: Client, nord: Tenant
) -> None:
    asked = manager_client.get(f"/admin/events/repeat/{published(nord)[0].pk}/")
    press(manager_client, asked, "Publish the other dates", {"every": "two_weeks", "times": "1"})

    answer = press(manager_client, asked, "Publish the other dates", {"every": "week", "times": "3"})

    assert "2 more dates are public." in text_of(answer)
    with tenant_context(nord):
        days = [f"{one.starts_at:%d.%m.}" for one in Event.objects.order_by("starts_at")]
    assert days == ["04.12.", "11.12.", "18.12.", "25.12."]


def test_a_date_whose_address_another_page_has_is_told_and_none_is_made(
    event: Event, manager_client: Client, nord: Tenant
) -> None:
    page, _event = published(nord)
    write_event(manager_client, nord, slug="repair-evening-2026-12-18")
    asked = manager_client.get(f"/admin/events/repeat/{page.pk}/")

    answer = press(manager_client, asked, "Publish the other dates", {"every": "week", "times": "2"})

    assert answer.status_code == 422
    assert "repair-evening-2026-12-18" in text_of(answer)
    with tenant_context(nord):
        assert Event.objects.count() == 2
