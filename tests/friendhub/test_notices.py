"""A friend's inbox, settings and devices in the friends' app, and the app itself (R14, R26)."""

import json
from datetime import time, timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from journeys.friend.try_notices import send_trial
from journeys.order.finding.accept_offer import accept_offer
from kernel.clock import now
from notifications.client import public_key
from notifications.models import Notice, NoticePreference, PushSubscription
from notifications.services import keep_notice, subscribe
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast, book, deliver
from tests.notifications.push_service import new_private_key, push_service
from tests.pages import assert_valid_html, press

SETTINGS = "/en/notices/settings/"
CHOICE = {"push": ["offers"], "mail": ["offers", "jobs"], "quiet_from": "22:00", "quiet_until": "07:00"}


@pytest.fixture
def _with_key(settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = new_private_key()


def test_the_inbox_lists_what_came_and_the_bell_counts_it(friend_client: Client, nord: Tenant) -> None:
    empty = friend_client.get("/en/notices/")
    assert "Nothing here yet" in empty.content.decode()
    assert_valid_html(empty)
    book(nord)
    deliver()

    page = friend_client.get("/en/notices/")

    assert "New job near you: Wi-Fi set-up in Berlin" in page.content.decode()
    assert "1 unread notification" in page.content.decode()
    assert 'class="count"' in friend_client.get("/en/jobs/").content.decode()
    assert_valid_html(page)


@pytest.mark.parametrize("count", [1, 2, 5, 22])
def test_any_number_of_unread_notices_is_told_in_polish_too(friend_client: Client, four_near: Cast, count: int) -> None:
    for place in range(count):
        keep_notice(key=f"n{place}", friend_id=four_near["Ben"].pk, topic="x", title="X", body="", path="", now=now())

    page = friend_client.get("/pl/notices/")

    assert page.status_code == 200
    assert f"{count} nieprzeczytan" in page.content.decode()


@pytest.mark.usefixtures("_with_key")
def test_a_test_notice_claims_a_push_only_where_a_device_takes_it(friend_client: Client, four_near: Cast) -> None:
    said = press(friend_client, friend_client.get(SETTINGS), "Send me a test notification").content.decode()
    assert "to your inbox and by email." in said
    with push_service() as service:
        subscribe(friend_id=four_near["Ben"].pk, now=now(), user_agent="", **service.subscribe(public_key()).fields)

    said = press(friend_client, friend_client.get(SETTINGS), "Send me a test notification").content.decode()

    assert "by email and by push." in said


def test_opening_a_notice_marks_it_and_leads_to_the_job(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    deliver()
    notice = Notice.objects.get(friend_id=four_near["Ben"].pk)

    answer = friend_client.post(f"/en/notices/{notice.pk}/read/")

    assert answer["Location"] == f"/en/jobs/{order.placed_job_id}/"
    notice.refresh_from_db()
    assert notice.read_at is not None
    assert 'class="count"' not in friend_client.get("/en/jobs/").content.decode()


def test_an_offer_that_somebody_else_took_calls_for_no_attention(
    friend_client: Client, nord: Tenant, four_near: Cast
) -> None:
    lost, live = book(nord), book(nord)
    deliver()
    assert ">2</span>" in friend_client.get("/en/jobs/").content.decode()

    accept_offer(job_id=lost.placed_job_id, friend_id=four_near["Cem"].pk, now=now())

    assert ">1</span>" in friend_client.get("/en/jobs/").content.decode()
    assert "1 unread notification" in friend_client.get("/en/notices/").content.decode()
    unread = Notice.objects.get(friend_id=four_near["Ben"].pk, read_at=None)
    assert str(live.placed_job_id) in unread.path


def test_an_offer_whose_time_is_up_calls_for_no_attention(
    friend_client: Client, nord: Tenant, clock: Coordinates
) -> None:
    book(nord)
    deliver()
    assert 'class="count"' in friend_client.get("/en/jobs/").content.decode()

    clock.shift(timedelta(minutes=31))

    assert 'class="count"' not in friend_client.get("/en/jobs/").content.decode()


def test_opening_the_job_marks_what_was_said_of_it(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    order, other = book(nord), book(nord)
    deliver()

    press(friend_client, friend_client.get("/en/"), "Wi-Fi set-up")

    mine = Notice.objects.filter(friend_id=four_near["Ben"].pk)
    assert mine.filter(read_at=None).count() == 1
    assert Notice.objects.filter(read_at=None).exclude(friend_id=four_near["Ben"].pk).count() == 6
    assert {str(order.placed_job_id), str(other.placed_job_id)} == {one.key.split(":")[1] for one in mine}


def test_the_mail_of_an_offer_has_distance_logo_and_the_way_to_the_settings(nord: Tenant, four_near: Cast) -> None:
    book(nord)

    (to_ben,) = (one for one in deliver() if one.to == ["ben@friends.example"])

    html = str(to_ben.alternatives[0][0])
    for words in (str(to_ben.body), html):
        assert "1.0 km" in words
        assert "by public transport (estimate)" in words
        assert "http://app.localhost:8000/en/notices/settings/" in words
    assert "cid:logo" in html


def test_the_notice_of_another_friend_is_not_found(friend_client: Client, nord: Tenant, four_near: Cast) -> None:
    book(nord)
    deliver()
    of_cem = Notice.objects.get(friend_id=four_near["Cem"].pk)

    assert friend_client.post(f"/en/notices/{of_cem.pk}/read/").status_code == 404
    friend_client.post("/en/notices/read/")

    assert Notice.objects.get(pk=of_cem.pk).read_at is None
    assert Notice.objects.get(friend_id=four_near["Ben"].pk).read_at is not None


def test_channels_and_hours_are_kept(friend_client: Client, four_near: Cast) -> None:
    answer = friend_client.post(SETTINGS, CHOICE | {"time_zone": "Europe/Zurich"})

    assert answer.status_code == 302
    kept = NoticePreference.objects.get(friend_id=four_near["Ben"].pk)
    assert kept.no_push == ["deadlines", "jobs", "about_you", "community"]
    assert kept.no_mail == ["deadlines", "about_you", "community"]
    assert (kept.quiet_from, kept.quiet_until, kept.time_zone) == (time(22), time(7), "Europe/Zurich")
    page = friend_client.get(SETTINGS)
    assert 'value="22:00"' in page.content.decode()
    assert_valid_html(page)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quiet_until": ""}, "Please say as well when your quiet hours end."),
        ({"quiet_from": ""}, "Please say as well when your quiet hours begin."),
        ({"quiet_until": "22:00"}, "Your quiet hours would never end."),
        ({"quiet_from": "late"}, "Please write the time like this: 22:00."),
        ({"time_zone": "Mars/Olympus"}, "Select a valid choice."),
        ({"push": ["gossip"]}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_told_beside_the_field(
    friend_client: Client, wrong: dict[str, object], said: str
) -> None:
    answer = friend_client.post(SETTINGS, CHOICE | {"time_zone": "Europe/Berlin"} | wrong)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert 'value="offers" id="id_mail_0" checked' in " ".join(answer.content.decode().split())
    assert not NoticePreference.objects.exists()
    assert_valid_html(answer)


@pytest.mark.usefixtures("_with_key")
def test_a_device_is_added_shown_and_removed(friend_client: Client, four_near: Cast) -> None:
    with push_service() as service:
        phone = service.subscribe(public_key())
        agent = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
        friend_client.post(f"{SETTINGS}devices/", phone.fields, headers={"user-agent": agent})

    page = friend_client.get(SETTINGS)
    assert "Chrome · Android" in page.content.decode()
    assert_valid_html(page)
    device = PushSubscription.objects.get(friend_id=four_near["Ben"].pk)

    answer = friend_client.post(f"{SETTINGS}devices/{device.pk}/remove/", follow=True)

    assert "This device no longer gets push notifications." in answer.content.decode()
    assert not PushSubscription.objects.exists()
    assert friend_client.post(f"{SETTINGS}devices/{uuid4()}/remove/").status_code == 404


def devices() -> set[str]:
    return set(PushSubscription.objects.values_list("endpoint", flat=True))


@pytest.mark.usefixtures("_with_key")
def test_signing_out_ends_the_pushes_of_this_device_and_of_no_other(friend_client: Client, four_near: Cast) -> None:
    with push_service() as service:
        here, tablet, of_cem = (service.subscribe(public_key()).fields for _phone in range(3))
    for fields in (here, tablet):
        friend_client.post(f"{SETTINGS}devices/", fields)
    subscribe(friend_id=four_near["Cem"].pk, user_agent="", now=now(), **of_cem)
    assert "data-this-device" in friend_client.get("/en/jobs/").content.decode()

    friend_client.post("/en/sign-out/", {"endpoint": of_cem["endpoint"]})
    assert len(devices()) == 3
    friend_client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})
    friend_client.post("/en/sign-out/", {"endpoint": here["endpoint"]})

    assert devices() == {tablet["endpoint"], of_cem["endpoint"]}


@pytest.mark.usefixtures("_with_key")
def test_a_new_password_ends_the_pushes_of_all_other_devices(friend_client: Client) -> None:
    with push_service() as service:
        here, tablet = (service.subscribe(public_key()).fields for _phone in range(2))
    for fields in (here, tablet):
        friend_client.post(f"{SETTINGS}devices/", fields)

    entries = {"present": PASSWORD, "password": "seven-green-routers", "endpoint": here["endpoint"]}
    friend_client.post("/en/password/change/", entries)

    assert devices() == {here["endpoint"]}


@pytest.mark.usefixtures("_with_key")
@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Push could not be set up in this browser."),
        ({"endpoint": "https://example.com/", "p256dh": "A", "auth": "A"}, "We do not know the push service"),
        (
            {"endpoint": "https://fcm.googleapis.com/", "p256dh": "A", "auth": "A"},
            "Push could not be set up in this browser.",
        ),
    ],
)
def test_a_device_that_nothing_can_be_sent_to_is_refused(
    friend_client: Client, fields: dict[str, str], said: str
) -> None:
    answer = friend_client.post(f"{SETTINGS}devices/", fields)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert_valid_html(answer)


@pytest.mark.usefixtures("_with_key")
@pytest.mark.parametrize(
    "endpoint",
    [
        "https://127.0.0.1\\.push.apple.com/x",
        "https://127.0.0.1\\@web.push.apple.com/x",
        "https://127.0.0.1%00.push.apple.com/x",
        "https://127.0.0.1%5c.push.apple.com/x",
        "https://127.0.0.1\t.push.apple.com/x",
        "https://127.0.0.1\n.push.apple.com/x",
        "https://127.0.0.1\r\n.push.apple.com/x",
        "https://127.0.0.1 .push.apple.com/x",
        "https://127.0.0.1#.push.apple.com/x",
        "https://127.0.0.1?.push.apple.com/x",
        "https://127.0.0.1;.push.apple.com/x",
        "https://127.0.0.1:443\\.push.apple.com/x",
        "https://web.push.apple.com:@127.0.0.1/x",
        "https://127.0.0.1:x@web.push.apple.com/x",
        "https://web.push.apple.com\\@127.0.0.1/x",
        "https://ａ.push.apple.com/x",
        "https://127.0.0.1。push.apple.com/x",
        "https:\\\\web.push.apple.com/x",
        "https:/web.push.apple.com/x",
        "https:web.push.apple.com/x",
        "HTTPS://WEB.PUSH.APPLE.COM/x",
        "https://web.push.apple.com:0443999/x",
        "https://web.push.apple.com:80/x",
        "https://[::1].push.apple.com/x",
        "https://.push.apple.com/\\x y",
    ],
)
def test_a_friend_cannot_make_us_call_another_address(friend_client: Client, endpoint: str) -> None:
    with push_service() as service:
        fields = service.subscribe(public_key()).fields
    assert friend_client.post(f"{SETTINGS}devices/", fields).status_code == 302

    answer = friend_client.post(f"{SETTINGS}devices/", fields | {"endpoint": endpoint})

    assert answer.status_code == 422
    assert devices() == {fields["endpoint"]}


def test_without_a_key_the_page_says_that_push_is_off(friend_client: Client, settings: Settings) -> None:
    settings.VAPID_PRIVATE_KEY = ""

    page = friend_client.get(SETTINGS)

    assert "Push is not switched on here yet." in page.content.decode()
    assert "data-push" not in page.content.decode()


def test_a_test_notice_can_be_sent_now_and_then_but_not_all_the_time(friend_client: Client, four_near: Cast) -> None:
    answer = friend_client.post(f"{SETTINGS}test/", follow=True)
    assert "to your inbox and by email." in answer.content.decode()
    deliver()
    assert mail.outbox[-1].to == ["ben@friends.example"]

    answers = [friend_client.post(f"{SETTINGS}test/").status_code for _time in range(10)]

    assert answers[-1] == 429


@pytest.mark.parametrize("language", ["de", "fr", "it", "pl"])
def test_the_pages_are_valid_in_every_language(
    friend_client: Client, four_near: Cast, language: str, settings: Settings
) -> None:
    settings.VAPID_PRIVATE_KEY = new_private_key()
    send_trial(friend_id=four_near["Ben"].pk, now=now())
    deliver()

    for path in ("notices/", "notices/settings/", "offline/"):
        answer = friend_client.get(f"/{language}/{path}")
        assert answer.status_code == 200
        assert_valid_html(answer)


def test_strangers_see_no_notices(db: None) -> None:
    stranger = Client(headers={"host": "app.localhost"})

    for path in ("/en/notices/", SETTINGS):
        assert "/sign-in/" in stranger.get(path)["Location"]


@pytest.mark.parametrize("language", ["de", "en", "fr", "it", "pl"])
def test_the_app_can_be_put_on_a_home_screen(db: None, language: str) -> None:
    answer = Client(headers={"host": "app.localhost"}).get(f"/{language}/friends.webmanifest")

    manifest = json.loads(answer.content)
    assert answer["Content-Type"] == "application/manifest+json"
    assert (manifest["id"], manifest["start_url"], manifest["display"]) == ("/friends", f"/{language}/", "standalone")
    assert {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]} == {
        ("192x192", "any"),
        ("512x512", "any"),
        ("512x512", "maskable"),
    }


def test_the_service_worker_serves_the_whole_host_and_keeps_nothing_of_anybody(friend_client: Client) -> None:
    answer = friend_client.get("/service-worker.js")
    script = answer.content.decode()

    assert answer["Content-Type"].startswith("text/javascript")
    assert "no-cache" in answer["Cache-Control"]
    assert '"credentials": "omit"' in script or 'credentials: "omit"' in script
    shell = json.loads(script.split('JSON.parse("')[1].split('")')[0].encode().decode("unicode_escape"))
    stranger = Client(headers={"host": "app.localhost"})
    for path in (path for path in shell if not path.startswith("/static/")):
        page = stranger.get(path)
        assert page.status_code == 200
        assert "csrf" not in page.content.decode()


def test_brand_sites_have_no_friends_app(visitor: Client, nord: Tenant) -> None:
    for path in ("/service-worker.js", "/en/friends.webmanifest", "/en/notices/"):
        assert visitor.get(path).status_code == 404
