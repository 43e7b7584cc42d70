"""Operators' support access (R3): with a reason, for a time, logged, seen and ended by partners."""

import logging
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from time_machine import Coordinates
from wagtail.models import PageLogEntry

from accounts.models import Kind, User
from accounts.operators import register_operator
from cms.models import TextPage
from journeys.partner.support_access import end_support, grant_support
from kernel.clock import now
from tenants.context import platform_context, tenant_context
from tenants.errors import AccessAlreadyRuns
from tenants.models import Handover, SupportAccess, Tenant
from tests.browsing import Browser
from tests.cast import PASSWORD, deliver, register_friend
from tests.pages import assert_valid_html

NORD = "http://nord.localhost:8000"
SUED = "http://sued.localhost:8000"
APP = "http://app.localhost:8000"
ASK = f"{APP}/en/operators/partners/nord/support/"
BEGIN = "/admin/support/enter/"
REASON = "The manager cannot publish the imprint."


@pytest.fixture
def otto(nord: Tenant, sued: Tenant, clock: Coordinates) -> User:
    """Return Otto, an operator."""
    with platform_context():
        return register_operator(email="otto@platform.example", name="Otto Operator", password=PASSWORD)


@pytest.fixture
def browser(otto: User) -> Browser:
    """Return Otto's browser, signed in on the platform host."""
    found = Browser()
    assert found.post(f"{APP}/en/account/sign-in/", {"login": otto.email, "password": PASSWORD}).status_code == 302
    return found


@pytest.fixture
def access(browser: Browser) -> SupportAccess:
    """Return a running access of Otto to Nord, asked for in the browser."""
    assert browser.post(ASK, {"reason": REASON, "minutes": "30"}).status_code == 302
    with platform_context():
        return SupportAccess.objects.get()


@pytest.fixture
def inside(browser: Browser, access: SupportAccess) -> Browser:
    """Return Otto's browser, in Nord's admin."""
    assert browser.go(f"{NORD}{BEGIN}").status_code == 200
    assert browser.trail[-1] == f"{NORD}/admin/"
    return browser


def is_inside(browser: Browser, site: str = NORD) -> bool:
    """Say whether the browser may see the admin."""
    return browser.get(f"{site}/admin/").status_code == 200


# --- Asking -------------------------------------------------------------------------------------------------


def test_an_operator_asks_with_a_reason_and_the_managers_get_a_mail(browser: Browser, nord: Tenant) -> None:
    page = browser.get(ASK)
    assert_valid_html(page)
    assert "Nobody has asked for access yet." in page.content.decode()

    shown = browser.follow(browser.post(ASK, {"reason": REASON, "minutes": "30"}))

    assert "Your access runs until" in shown.content.decode()
    assert f'href="{NORD}{BEGIN}"' in shown.content.decode()
    assert_valid_html(shown)
    with platform_context():
        access = SupportAccess.objects.get()
    assert (access.tenant, access.operator_name, access.reason) == (nord, "Otto Operator", REASON)
    assert (access.granted_at, access.ends_at) == (now(), now() + timedelta(minutes=30))
    [mail] = deliver()
    assert mail.to == ["manager@nord.example"]
    assert "Nord" in mail.from_email
    for said in ("Otto Operator", REASON, f"{NORD}/admin/reports/support/"):
        assert said in mail.body


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"reason": "too short", "minutes": "30"}, "at least 10 characters"),
        ({"reason": "         a         ", "minutes": "30"}, "at least 10 characters"),
        ({"reason": "a         b", "minutes": "30"}, "at least 10 characters"),
        ({"reason": "", "minutes": "30"}, "at least 10 characters"),
        ({"reason": REASON, "minutes": "121"}, "choose a duration"),
        ({"reason": REASON, "minutes": "600"}, "choose a duration"),
        ({"reason": REASON}, "choose a duration"),
    ],
)
def test_without_a_reason_or_a_duration_there_is_no_access(
    browser: Browser, typed: dict[str, object], told: str
) -> None:
    answer = browser.post(ASK, typed)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert_valid_html(answer)
    with platform_context():
        assert not SupportAccess.objects.exists()


def test_what_was_typed_stays(browser: Browser) -> None:
    assert REASON in browser.post(ASK, {"reason": REASON}).content.decode()


def test_an_operator_has_one_running_access_to_a_partner(otto: User, access: SupportAccess, nord: Tenant) -> None:
    with platform_context(), pytest.raises(AccessAlreadyRuns):
        grant_support(operator=otto, tenant=nord, reason=REASON, minutes=15, now=now())


def test_strangers_and_friends_ask_for_nothing(nord: Tenant, clock: Coordinates) -> None:
    register_friend("Ben", km=1)
    friend = Browser()
    friend.post(f"{APP}/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD})

    assert Browser().post(ASK, {"reason": REASON, "minutes": "30"}).status_code in {302, 404}
    assert friend.post(ASK, {"reason": REASON, "minutes": "30"}).status_code in {403, 404}
    assert friend.go(f"{NORD}{BEGIN}").status_code in {403, 404}
    with platform_context():
        assert not SupportAccess.objects.exists()
        assert not Handover.objects.exists()


# --- Entering -----------------------------------------------------------------------------------------------


def test_an_operator_works_in_the_admin_under_a_name_that_says_so(
    browser: Browser, access: SupportAccess, nord: Tenant, otto: User, clock: Coordinates
) -> None:
    assert not is_inside(browser)

    page = browser.go(f"{NORD}{BEGIN}")

    assert page.status_code == 200
    assert is_inside(browser)
    with tenant_context(nord):
        user = User.objects.get(kind=Kind.OPERATOR)
        assert (str(user), user.uuid, user.email) == (
            "Support: Otto Operator",
            otto.uuid,
            f"{otto.uuid}@support.invalid",
        )
        assert not user.has_usable_password()
        assert not user.is_superuser
        assert [group.name for group in user.groups.all()] == ["Community managers"]
    with platform_context():
        assert SupportAccess.objects.get().entered_at == now()


def test_all_that_support_does_is_logged_and_in_the_partners_own_log(
    inside: Browser, access: SupportAccess, nord: Tenant, caplog: pytest.LogCaptureFixture
) -> None:
    with tenant_context(nord):
        page = TextPage.objects.filter(live=True).first()
        assert page is not None
        assert not PageLogEntry.objects.filter(user__kind=Kind.OPERATOR).exists()

    with caplog.at_level(logging.INFO, logger="support"):
        inside.post(f"{NORD}/admin/pages/{page.pk}/unpublish/")

    [line] = [record.getMessage() for record in caplog.records if record.name == "support"]
    assert line == f"Otto Operator: access {access.pk}: POST /admin/pages/{page.pk}/unpublish/"
    with tenant_context(nord):
        page.refresh_from_db()
        assert not page.live
        entry = PageLogEntry.objects.filter(action="wagtail.unpublish").latest("timestamp")
        assert str(entry.user) == "Support: Otto Operator"


def test_support_cannot_take_another_name(inside: Browser, nord: Tenant) -> None:
    refused = inside.post(f"{NORD}/admin/account/", {"name_email-first_name": "Maja", "name_email-last_name": "Nord"})

    assert refused.status_code == 403
    with tenant_context(nord):
        assert str(User.objects.get(kind=Kind.OPERATOR)) == "Support: Otto Operator"


def test_without_an_access_there_is_no_way_in(browser: Browser, nord: Tenant) -> None:
    refused = browser.go(f"{NORD}{BEGIN}")

    assert refused.status_code == 403
    assert "no active support access" in refused.content.decode()
    assert not is_inside(browser)


def test_access_to_one_partner_opens_no_other(browser: Browser, access: SupportAccess, sued: Tenant) -> None:
    assert browser.go(f"{SUED}{BEGIN}").status_code == 403
    browser.get(f"{SUED}{BEGIN}")
    issued = browser.get(browser.target(browser.get(f"{NORD}{BEGIN}")))
    browser.get(f"{SUED}{BEGIN}")

    refused = browser.get(issued["Location"].replace(NORD, SUED))

    assert refused.status_code == 403
    assert not is_inside(browser, SUED)
    with tenant_context(sued):
        assert not User.objects.filter(kind=Kind.OPERATOR).exists()


def test_another_operator_cannot_use_it(access: SupportAccess) -> None:
    with platform_context():
        register_operator(email="olga@platform.example", name="Olga", password=PASSWORD)
    olga = Browser()
    olga.post(f"{APP}/en/account/sign-in/", {"login": "olga@platform.example", "password": PASSWORD})

    assert olga.go(f"{NORD}{BEGIN}").status_code == 403
    assert olga.post(f"{ASK}{access.pk}/end/").status_code == 404


def test_a_code_for_support_is_worth_nothing_in_another_browser_or_twice(
    browser: Browser, access: SupportAccess
) -> None:
    issued = browser.get(browser.target(browser.get(f"{NORD}{BEGIN}")))
    code = issued["Location"]
    victim = Browser()
    victim.get(f"{NORD}{BEGIN}")

    assert victim.get(code).status_code == 403
    assert browser.get(code).status_code == 302
    assert browser.get(code).status_code == 400


def test_a_code_does_not_outlive_its_access(browser: Browser, access: SupportAccess, nord: Tenant) -> None:
    issued = browser.get(browser.target(browser.get(f"{NORD}{BEGIN}")))
    end_support(access_id=access.pk, tenant=nord, who="Maja", now=now())

    assert browser.get(issued["Location"]).status_code == 403
    assert not is_inside(browser)


# --- The end ------------------------------------------------------------------------------------------------


def test_when_the_time_is_over_the_next_request_is_signed_out(inside: Browser, clock: Coordinates) -> None:
    clock.shift(timedelta(minutes=29, seconds=59))
    assert is_inside(inside)

    clock.shift(timedelta(seconds=1))
    told = inside.get(f"{NORD}/admin/pages/")

    assert told.status_code == 403
    assert "The support access has ended" in told.content.decode()
    assert inside.get(f"{NORD}/admin/").status_code == 302
    assert inside.go(f"{NORD}{BEGIN}").status_code == 403


def test_a_manager_sees_the_access_and_ends_it_and_the_operator_is_out_at_once(
    inside: Browser, manager_client: Client, access: SupportAccess, nord: Tenant
) -> None:
    banner = manager_client.get("/admin/").content.decode()
    assert "Otto Operator" in banner
    assert REASON in banner
    listed = manager_client.get("/admin/reports/support/").content.decode()
    assert "Otto Operator" in listed
    assert REASON in listed
    assert is_inside(inside)

    answer = manager_client.post(f"/admin/reports/support/{access.pk}/end/", follow=True)

    assert "The operator is signed out" in answer.content.decode()
    told = inside.get(f"{NORD}/admin/pages/")
    assert told.status_code == 403
    assert not is_inside(inside)
    assert "Otto Operator" not in manager_client.get("/admin/").content.decode()
    assert inside.go(f"{NORD}{BEGIN}").status_code == 403
    with tenant_context(nord):
        assert not User.objects.get(kind=Kind.OPERATOR).is_active


def test_ending_what_is_over_says_so(
    manager_client: Client, access: SupportAccess, nord: Tenant, clock: Coordinates
) -> None:
    manager_client.post(f"/admin/reports/support/{access.pk}/end/")
    ended_at = SupportAccess.objects.get().ended_at
    clock.shift(60)

    again = manager_client.post(f"/admin/reports/support/{access.pk}/end/", follow=True)

    assert "had already ended" in again.content.decode()
    assert SupportAccess.objects.get().ended_at == ended_at


def test_a_partner_neither_sees_nor_ends_anothers_access(
    manager_client: Client, otto: User, sued: Tenant, nord: Tenant
) -> None:
    with platform_context():
        foreign = grant_support(operator=otto, tenant=sued, reason="Only Süd may read this.", minutes=15, now=now())

    assert "Only Süd" not in manager_client.get("/admin/reports/support/").content.decode()
    assert "Only Süd" not in manager_client.get("/admin/").content.decode()
    manager_client.post(f"/admin/reports/support/{foreign.pk}/end/")

    with platform_context():
        assert SupportAccess.objects.get(pk=foreign.pk).ended_at is None


def test_an_operator_ends_the_access_before_its_time(inside: Browser, access: SupportAccess) -> None:
    page = inside.follow(inside.post(f"{ASK}{access.pk}/end/"))

    assert "The access has ended." in page.content.decode()
    assert not is_inside(inside)


def test_a_new_access_does_not_open_the_old_session(inside: Browser, access: SupportAccess, nord: Tenant) -> None:
    key = inside.jars["nord.localhost"].cookies["sessionid"].value
    end_support(access_id=access.pk, tenant=nord, who="Maja", now=now())
    inside.post(ASK, {"reason": REASON, "minutes": "15"})
    second = Browser()
    second.jars["app.localhost"] = inside.jars["app.localhost"]
    second.go(f"{NORD}{BEGIN}")
    assert is_inside(second)

    old = Client(headers={"host": "nord.localhost"})
    old.cookies["sessionid"] = key

    assert old.get("/admin/pages/").status_code == 403


def test_the_list_shows_fifty_a_page_newest_first(manager_client: Client, otto: User, nord: Tenant) -> None:
    granted = now()
    with platform_context():
        SupportAccess.objects.bulk_create(
            SupportAccess(
                tenant=nord,
                operator_id=otto.uuid,
                operator_name="Otto Operator",
                reason=f"Reason number {number:03}",
                granted_at=granted - timedelta(days=number),
                ends_at=granted - timedelta(days=number) + timedelta(minutes=15),
            )
            for number in range(1, 61)
        )

    first = manager_client.get("/admin/reports/support/").content.decode()
    second = manager_client.get("/admin/reports/support/?p=2").content.decode()

    assert first.index("Reason number 001") < first.index("Reason number 050")
    assert "Reason number 051" not in first
    assert "Reason number 060" in second


# --- The command --------------------------------------------------------------------------------------------


def create_operator(monkeypatch: pytest.MonkeyPatch, password: str, email: str = "Olga@platform.example") -> str:
    """Run the command with a password on its standard input, and return what it prints."""
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    out = StringIO()
    call_command("create_operator", email=email, name="Olga Ortega", stdout=out)
    return out.getvalue()


def test_the_command_makes_an_operator_who_can_sign_in(monkeypatch: pytest.MonkeyPatch, nord: Tenant) -> None:
    assert "Olga Ortega" in create_operator(monkeypatch, PASSWORD)
    olga = Browser()
    olga.post(f"{APP}/en/account/sign-in/", {"login": "olga@platform.example", "password": PASSWORD})

    assert olga.get(ASK).status_code == 200


@pytest.mark.parametrize(
    ("password", "email", "told"),
    [
        ("short", "olga@platform.example", "too short"),
        (PASSWORD, "no address", "valid email"),
        (PASSWORD, "taken@platform.example", "already"),
    ],
)
def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, db: None, password: str, email: str, told: str
) -> None:
    register_operator(email="taken@platform.example", name="T", password=PASSWORD)
    before = User.objects.count()

    with pytest.raises(CommandError, match=told):
        create_operator(monkeypatch, password, email)

    assert User.objects.count() == before
