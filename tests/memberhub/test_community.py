"""A friend enters a community once and in one browser (R1, R3): HTTP with a jar for each host."""

from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from time_machine import Coordinates

from accounts.models import Kind, User
from accounts.operators import register_operator
from communities.models import Member
from crowd.models import Friend
from crowd.services import join_community
from journeys.friend.choose_communities import join_community as join_by_choice
from journeys.friend.enter_community import leave_community
from tenants.context import platform_context, tenant_context
from tenants.models import Domain, Feature, Handover, Tenant
from tests.browsing import Browser
from tests.cast import PASSWORD, Cast, book, register_friend
from tests.pages import assert_valid_html

NORD = "http://nord.localhost:8000"
SUED = "http://sued.localhost:8000"
APP = "http://app.localhost:8000"
ENTER = "/en/community/enter/"
COMMUNITY = "/en/community/"


def sign_in(browser: Browser, email: str) -> None:
    """Sign in on the platform host."""
    answer = browser.post(f"{APP}/en/sign-in/", {"username": email, "password": PASSWORD})
    assert answer.status_code == 302


def code_address(browser: Browser, begin: str = f"{NORD}{ENTER}") -> str:
    """Begin a hand-over and return the address with the code, without going there."""
    asked = browser.get(begin)
    issued = browser.get(browser.target(asked))
    assert issued.status_code == 302, issued.content.decode()
    return browser.target(issued)


def is_member_of(browser: Browser, site: str = NORD) -> bool:
    """Say whether the site greets the browser as a member."""
    return "Welcome, " in browser.get(f"{site}{COMMUNITY}").content.decode()


@pytest.fixture
def ben(four_near: Cast) -> Browser:
    """Return Ben's browser, signed in on the platform host."""
    browser = Browser()
    sign_in(browser, "ben@friends.example")
    return browser


@pytest.fixture
def ben_inside(ben: Browser) -> Browser:
    """Return Ben's browser, in Nord's community."""
    assert ben.go(f"{NORD}{ENTER}").status_code == 200
    return ben


def session_at_nord(browser: Browser) -> SessionStore:
    """Return the browser's session at Nord. Use it inside Nord's schema."""
    return SessionStore(browser.jars["nord.localhost"].cookies["sessionid"].value)


def set_features(tenant: Tenant, features: list[str]) -> None:
    """Switch the partner's features."""
    with platform_context():
        Tenant.objects.filter(pk=tenant.pk).update(features=features)


# --- The way in ---------------------------------------------------------------------------------------------


def test_a_stranger_sees_the_door_signs_in_once_and_is_welcomed(four_near: Cast, nord: Tenant) -> None:
    browser = Browser()
    door = browser.get(f"{NORD}{COMMUNITY}")
    assert "Enter as a friend" in door.content.decode()
    assert_valid_html(door)

    sign_in_page = browser.go(f"{NORD}{ENTER}")
    assert browser.trail[-1].startswith(f"{APP}/en/sign-in/?next=")
    wanted = parse_qs(urlsplit(browser.trail[-1]).query)["next"][0]
    assert sign_in_page.status_code == 200
    page = browser.follow(
        browser.post(f"{APP}/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD, "next": wanted})
    )

    assert browser.trail[-1] == f"{NORD}{COMMUNITY}"
    text = page.content.decode()
    for shown in ("Welcome, Ben", "has 4 friends", nord.email, "Back to your jobs", f"{APP}/en/"):
        assert shown in text
    assert_valid_html(page)


def test_the_first_entry_makes_a_local_user_without_any_right_and_later_ones_reuse_it(
    ben_inside: Browser, four_near: Cast, nord: Tenant
) -> None:
    friend_id = four_near["Ben"].pk
    with tenant_context(nord):
        first = Member.objects.select_related("user").get(friend_id=friend_id)
    with platform_context():
        Friend.objects.filter(pk=friend_id).update(first_name="Benno")

    text = ben_inside.go(f"{NORD}{ENTER}").content.decode()

    assert "Welcome, Benno" in text
    with tenant_context(nord):
        member = Member.objects.select_related("user").get(friend_id=friend_id)
        user = member.user
        assert (member.pk, user.pk) == (first.pk, first.user.pk)
        assert member.joined_at == first.joined_at
        assert str(member) == "Benno Muster"
        assert (user.kind, user.uuid) == (Kind.FRIEND, friend_id)
        assert user.email == f"{friend_id}@friends.invalid"
        assert not user.has_usable_password()
        assert not user.is_staff
        assert not user.groups.exists()
        assert not user.has_perm("wagtailadmin.access_admin")


def test_the_profile_lists_the_communities_and_leads_into_each(ben: Browser, nord: Tenant, sued: Tenant) -> None:
    page = ben.get(f"{APP}/en/profile/")
    text = page.content.decode()
    assert f'href="{NORD}{ENTER}"' in text
    assert SUED not in text
    assert_valid_html(page)

    with platform_context():
        join_community(friend=Friend.objects.get(first_name="Ben"), community=sued.pk)

    assert f'href="{SUED}{ENTER}"' in ben.get(f"{APP}/en/profile/").content.decode()


def test_addresses_with_secrets_are_kept_out_of_caches_and_referers(ben: Browser, nord: Tenant) -> None:
    begun = ben.get(f"{NORD}{ENTER}")
    issued = ben.get(ben.target(begun))
    arrived = ben.get(ben.target(issued))
    replayed = ben.get(ben.trail[-1])

    assert [answer.status_code for answer in (begun, issued, arrived, replayed)] == [302, 302, 302, 400]
    for answer in (begun, issued, arrived, replayed):
        assert answer["Referrer-Policy"] == "no-referrer"
        assert answer["Cache-Control"] == "no-store"


def test_the_state_never_leaves_the_session_and_the_database_holds_hashes_only(ben: Browser, nord: Tenant) -> None:
    code = parse_qs(urlsplit(code_address(ben)).query)["code"][0]
    with tenant_context(nord):
        state = session_at_nord(ben)["handover"]["state"]

    assert all(state not in address for address in ben.trail)
    with platform_context():
        row = Handover.objects.get()
    assert code not in (row.code_hash, row.state_hash)
    assert state not in (row.code_hash, row.state_hash)


def test_the_wanted_page_is_kept_in_the_session_and_not_in_the_addresses(ben: Browser, nord: Tenant) -> None:
    page = ben.go(f"{NORD}{ENTER}?next=/en/packages/")

    assert page.status_code == 200
    assert ben.trail[-1] == f"{NORD}/en/packages/"
    assert not any("packages" in address for address in ben.trail[2:-1])


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)", "\\\\evil.example", "evil"],
)
def test_nobody_is_led_to_another_site_afterwards(ben: Browser, nord: Tenant, elsewhere: str) -> None:
    begun = ben.jars["nord.localhost"].get(ENTER, {"next": elsewhere}, headers={"host": "nord.localhost"})
    ben.trail.append(f"{NORD}{ENTER}")
    ben.follow(begun)

    assert ben.trail[-1] == f"{NORD}{COMMUNITY}"


# --- Refusals -----------------------------------------------------------------------------------------------


def test_a_code_serves_once(ben: Browser, nord: Tenant) -> None:
    address = code_address(ben)
    with tenant_context(nord):
        pending = session_at_nord(ben)["handover"]
    assert ben.get(address).status_code == 302
    assert is_member_of(ben)

    assert ben.get(address).status_code == 400
    thief = Browser()
    thief.get(f"{NORD}{ENTER}")
    with tenant_context(nord):
        session = session_at_nord(thief)
        session["handover"] = pending
        session.save()
    refused = thief.get(address)

    assert refused.status_code == 403
    assert "has expired" in refused.content.decode()
    assert not is_member_of(thief)


def test_a_code_of_one_partner_is_refused_at_another_that_began_its_own(
    ben: Browser, nord: Tenant, sued: Tenant
) -> None:
    with platform_context():
        join_community(friend=Friend.objects.get(first_name="Ben"), community=sued.pk)
    ben.get(f"{SUED}{ENTER}")

    refused = ben.get(code_address(ben).replace(NORD, SUED))

    assert refused.status_code == 403
    assert not is_member_of(ben, SUED)
    with tenant_context(sued):
        assert not Member.objects.exists()


def test_a_code_is_refused_after_a_minute(ben: Browser, clock: Coordinates, nord: Tenant) -> None:
    in_time = code_address(ben)
    clock.shift(59)
    assert ben.get(in_time).status_code == 302

    too_late = code_address(ben)
    clock.shift(60)

    assert ben.get(too_late).status_code == 403


def test_a_code_in_another_browser_signs_nobody_in(ben: Browser, nord: Tenant) -> None:
    address = code_address(ben)
    victim = Browser()
    assert victim.get(address).status_code == 400
    victim.get(f"{NORD}{ENTER}")

    refused = victim.get(address)

    assert refused.status_code == 403
    assert not is_member_of(victim)
    assert ben.get(address).status_code == 302


@pytest.mark.parametrize("code", ["", "x", "A" * 43, "%00", "é" * 2000])
def test_a_guessed_or_garbled_code_is_refused(ben: Browser, nord: Tenant, code: str) -> None:
    code_address(ben)

    refused = ben.get(f"{NORD}/en/community/arrive/?code={code}")

    assert refused.status_code in {400, 403}
    assert_valid_html(refused)


@pytest.mark.parametrize("state", ["", "x", "0" * 63, "Z" * 64])
def test_a_garbled_state_gets_no_code(ben: Browser, nord: Tenant, state: str) -> None:
    refused = ben.get(f"{APP}/en/communities/enter/?host=nord.localhost&state={state}")

    assert refused.status_code == 403
    with platform_context():
        assert not Handover.objects.exists()


def test_an_arrival_that_was_not_begun_is_explained(visitor: Client, nord: Tenant) -> None:
    answer = visitor.get("/en/community/arrive/?code=anything")

    assert answer.status_code == 400
    assert "was started in a different browser" in answer.content.decode()


@pytest.mark.parametrize("host", ["", "evil.example", "app.localhost", "localhost", "own.nord.example"])
def test_a_code_goes_only_to_a_verified_domain_of_a_partner(ben: Browser, nord: Tenant, host: str) -> None:
    with platform_context():
        Domain.objects.create(domain="own.nord.example", tenant=nord, is_primary=False, is_verified=False)

    refused = ben.get(f"{APP}/en/communities/enter/?host={host}&state={'0' * 64}")

    assert refused.status_code == 404
    with platform_context():
        assert not Handover.objects.exists()


def test_a_verified_own_domain_works_as_the_first_one_does(ben: Browser, nord: Tenant) -> None:
    with platform_context():
        # Saving a main domain takes that from the one before.
        Domain.objects.create(domain="own.nord.example", tenant=nord, is_primary=True)

    page = ben.go(f"http://own.nord.example:8000{ENTER}")

    assert ben.trail[-1] == f"http://own.nord.example:8000{COMMUNITY}"
    assert "Welcome, Ben" in page.content.decode()


def test_operators_get_no_code(nord: Tenant) -> None:
    with platform_context():
        register_operator(email="otto@platform.example", name="Otto Operator", password=PASSWORD)
    browser = Browser()
    browser.post(f"{APP}/en/account/sign-in/", {"login": "otto@platform.example", "password": PASSWORD})

    refused = browser.go(f"{NORD}{ENTER}")

    assert refused.status_code == 403
    with platform_context():
        assert not Handover.objects.exists()


def test_a_manager_of_the_partner_is_no_friend(manager_client: Client, nord: Tenant) -> None:
    page = manager_client.get(COMMUNITY).content.decode()

    assert "Enter as a friend" in page
    assert "Welcome, " not in page


def test_a_friend_who_is_no_member_is_told_so_on_the_platform(nord: Tenant, clock: Coordinates) -> None:
    register_friend("Greta", km=1)
    browser = Browser()
    sign_in(browser, "greta@friends.example")

    refused = browser.go(f"{NORD}{ENTER}")

    assert refused.status_code == 403
    assert browser.trail[-1].startswith(APP)
    text = refused.content.decode()
    assert "You are not a member of this community" in text
    assert "Nord" in text
    assert_valid_html(refused)
    with tenant_context(nord):
        assert not Member.objects.exists()


def test_a_friend_who_left_between_code_and_arrival_stays_outside(ben: Browser, four_near: Cast, nord: Tenant) -> None:
    address = code_address(ben)
    leave_community(friend_id=four_near["Ben"].pk, tenant=nord)

    assert ben.get(address).status_code == 403
    with tenant_context(nord):
        assert not User.objects.filter(kind=Kind.FRIEND).exists()
    with platform_context():
        assert Handover.objects.get().used_at is not None


@pytest.mark.parametrize("closed", ["profile", "user"])
def test_an_inactive_friend_does_not_enter(ben: Browser, four_near: Cast, nord: Tenant, closed: str) -> None:
    friend_id = four_near["Ben"].pk
    with platform_context():
        if closed == "profile":
            Friend.objects.filter(pk=friend_id).update(is_active=False)
        else:
            User.objects.filter(uuid=friend_id).update(is_active=False)

    page = ben.go(f"{NORD}{ENTER}")

    assert browser_is_on_platform(ben)
    assert page.status_code == (403 if closed == "profile" else 200)
    assert not is_member_of(ben)


def browser_is_on_platform(browser: Browser) -> bool:
    """Say whether the last page was one of the platform host."""
    return browser.trail[-1].startswith(APP)


def test_too_many_tries_are_stopped(ben: Browser, nord: Tenant) -> None:
    answers = [ben.get(f"{NORD}/en/community/arrive/?code=guess").status_code for _try in range(25)]

    assert answers[:20] == [400] * 20
    assert answers[20:] == [429] * 5


def test_a_partner_without_a_community_has_no_door(ben: Browser, nord: Tenant) -> None:
    assert "Community of friends" in ben.get(f"{NORD}/en/packages/").content.decode()
    address = code_address(ben)
    set_features(nord, [Feature.BOOKING])

    for path in (COMMUNITY, ENTER):
        assert ben.get(f"{NORD}{path}").status_code == 404
    assert ben.get(address).status_code == 404
    assert ben.get(f"{APP}/en/communities/enter/?host=nord.localhost&state={'0' * 64}").status_code == 404
    assert NORD not in ben.get(f"{APP}/en/profile/").content.decode()
    assert "Community of friends" not in ben.get(f"{NORD}/en/packages/").content.decode()


# --- Inside, and out again ----------------------------------------------------------------------------------


def test_a_member_can_do_nothing_in_the_admin(ben_inside: Browser, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    with tenant_context(nord):
        order_pk, manager_pk = order.pk, User.objects.get(kind=Kind.STAFF).pk

    for path in (
        "/admin/",
        "/admin/pages/",
        "/admin/orders/",
        f"/admin/orders/inspect/{order_pk}/",
        "/admin/packages/",
        "/admin/images/",
        "/admin/account/",
        "/admin/users/",
        f"/admin/users/edit/{manager_pk}/",
        "/admin/reports/support/",
    ):
        answer = ben_inside.get(f"{NORD}{path}")
        assert answer.status_code in {302, 403}, path
        if answer.status_code == 302:
            assert "/account/sign-in/" in answer["Location"], path
    for path in (f"/admin/orders/{order.uuid}/cancel/", "/admin/packages/new/"):
        answer = ben_inside.post(f"{NORD}{path}")
        assert answer.status_code in {302, 403}, path
    with tenant_context(nord):
        order.refresh_from_db()
        assert order.state == "searching"
    assert is_member_of(ben_inside)


def test_the_session_is_worth_nothing_at_another_partner_or_on_the_platform(ben_inside: Browser, sued: Tenant) -> None:
    key = ben_inside.jars["nord.localhost"].cookies["sessionid"].value
    for host, path in (("sued.localhost", COMMUNITY), ("app.localhost", "/en/profile/")):
        stranger = Client(headers={"host": host})
        stranger.cookies["sessionid"] = key
        answer = stranger.get(path)
        assert "Ben" not in answer.content.decode()


def test_signing_out_of_the_site_keeps_the_membership(ben_inside: Browser, nord: Tenant) -> None:
    assert is_member_of(ben_inside)

    ben_inside.post(f"{NORD}/en/community/sign-out/")

    assert not is_member_of(ben_inside)
    assert "Welcome, Ben" in ben_inside.go(f"{NORD}{ENTER}").content.decode()


def test_signing_out_of_the_app_ends_the_session_on_the_site(ben_inside: Browser, nord: Tenant) -> None:
    assert is_member_of(ben_inside)

    ben_inside.post(f"{APP}/en/sign-out/")

    assert not is_member_of(ben_inside)
    sign_in(ben_inside, "ben@friends.example")
    assert "Welcome, Ben" in ben_inside.go(f"{NORD}{ENTER}").content.decode()


def test_a_new_password_ends_the_session_on_the_site_in_every_browser(ben_inside: Browser, nord: Tenant) -> None:
    phone = Browser()
    sign_in(phone, "ben@friends.example")
    phone.go(f"{NORD}{ENTER}")
    assert is_member_of(phone)

    entries = {"present": PASSWORD, "password": "seven-green-routers"}
    assert ben_inside.post(f"{APP}/en/password/change/", entries).status_code == 302

    assert not is_member_of(phone)
    assert not is_member_of(ben_inside)


def test_leaving_in_the_app_ends_the_session_on_the_site_at_once(ben_inside: Browser, nord: Tenant) -> None:
    assert is_member_of(ben_inside)

    page = ben_inside.follow(ben_inside.post(f"{APP}/en/communities/nord/leave/"))

    assert "You have left the community of Nord" in page.content.decode()
    assert f"{NORD}{ENTER}" not in page.content.decode()
    assert not is_member_of(ben_inside)
    assert "You are not a member" in ben_inside.go(f"{NORD}{ENTER}").content.decode()


def test_who_joins_again_is_the_same_member(ben_inside: Browser, four_near: Cast, nord: Tenant) -> None:
    friend_id: UUID = four_near["Ben"].pk
    leave_community(friend_id=friend_id, tenant=nord)
    assert not is_member_of(ben_inside)
    join_by_choice(friend_id=friend_id, tenant=nord)

    ben_inside.go(f"{NORD}{ENTER}")

    assert is_member_of(ben_inside)
    with tenant_context(nord):
        assert Member.objects.get(friend_id=friend_id).is_active
