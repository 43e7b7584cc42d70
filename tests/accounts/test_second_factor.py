"""The second factor is optional, or required by the partner; half a sign-in is none (R3)."""

from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.models import Kind, User
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.accounts.codes import code_of, recovery_codes, set_up_app
from tests.cast import PASSWORD, is_signed_in, sign_in_staff
from tests.pages import assert_valid_html

MANAGER = "manager@nord.example"
SECOND_STEP = "/en/account/sign-in/second-step/"
SECURITY = "/en/account/security/"

Clock = time_machine.Coordinates


@pytest.fixture
def secret(clock: Clock, manager_client: Client) -> str:
    """Let Nord's manager set up an authenticator app; a minute later its codes are fresh."""
    found = set_up_app(manager_client)
    clock.shift(120)
    return found


@pytest.fixture
def newcomer(nord: Tenant, sued: Tenant) -> Client:
    """Return another browser on Nord's host."""
    return Client(headers={"host": "nord.localhost"})


@pytest.fixture
def strict_nord(nord: Tenant) -> Tenant:
    """Let Nord require a second factor."""
    nord.requires_second_factor = True
    nord.save(update_fields=["requires_second_factor"])
    return nord


def add_passkey(tenant: Tenant) -> int:
    """Give Nord's manager a passkey that no test signs in with; the browser test uses real ones."""
    with tenant_context(tenant):
        user = User.objects.get(email=MANAGER)
        data = {"name": "Work laptop", "credential": {"clientExtensionResults": {"credProps": {"rk": True}}}}
        return Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data=data).pk


def test_setting_up_the_app_gives_recovery_codes_and_says_so(manager_client: Client, clock: Clock) -> None:
    page = manager_client.get("/en/account/security/app/")
    assert_valid_html(page)
    assert "data:image/svg+xml;base64," in page.content.decode()
    assert len(recovery_codes(manager_client)) == 0

    set_up_app(manager_client)

    assert len(recovery_codes(manager_client)) == 10
    overview = manager_client.get(SECURITY)
    assert_valid_html(overview)
    assert "10 codes are left." in overview.content.decode()


def test_a_wrong_first_code_sets_up_nothing(manager_client: Client, clock: Clock, nord: Tenant) -> None:
    manager_client.get("/en/account/security/app/")

    answer = manager_client.post("/en/account/security/app/", {"code": "000000"})

    assert answer.status_code == 422
    assert "This code is wrong" in answer.content.decode()
    with tenant_context(nord):
        assert not Authenticator.objects.exists()


def test_the_password_alone_no_longer_signs_in(secret: str, newcomer: Client) -> None:
    answer = sign_in_staff(newcomer, MANAGER)

    assert answer["Location"] == SECOND_STEP
    assert not is_signed_in(newcomer)
    assert newcomer.get("/admin/").status_code == 302
    assert_valid_html(newcomer.get(SECOND_STEP))


def test_the_code_completes_the_sign_in_and_keeps_the_way_on(secret: str, newcomer: Client) -> None:
    sign_in_staff(newcomer, MANAGER, next="/admin/orders/")

    answer = newcomer.post(SECOND_STEP, {"code": code_of(secret)})

    assert answer["Location"] == "/admin/orders/"
    assert newcomer.get("/admin/orders/").status_code == 200


@pytest.mark.parametrize("steps", [-2, 2])
def test_a_code_of_another_time_is_refused(secret: str, newcomer: Client, steps: int) -> None:
    sign_in_staff(newcomer, MANAGER)

    answer = newcomer.post(SECOND_STEP, {"code": code_of(secret, steps=steps)})

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert "This code is wrong or has already been used." in answer.content.decode()
    assert not is_signed_in(newcomer)


@pytest.mark.parametrize("later_s", [0, 31])
def test_a_code_that_was_used_is_worth_nothing(
    secret: str, newcomer: Client, clock: Clock, nord: Tenant, later_s: int
) -> None:
    code = code_of(secret)
    sign_in_staff(newcomer, MANAGER)
    assert newcomer.post(SECOND_STEP, {"code": code}).status_code == 302
    clock.shift(later_s)
    thief = Client(headers={"host": "nord.localhost"})
    sign_in_staff(thief, MANAGER)

    answer = thief.post(SECOND_STEP, {"code": code})

    assert answer.status_code == 422
    assert not is_signed_in(thief)


def test_the_code_that_set_up_the_app_is_worth_nothing_either(manager_client: Client, clock: Clock) -> None:
    secret = set_up_app(manager_client)
    thief = Client(headers={"host": "nord.localhost"})
    sign_in_staff(thief, MANAGER)

    assert thief.post(SECOND_STEP, {"code": code_of(secret, steps=-1)}).status_code == 422
    assert thief.post(SECOND_STEP, {"code": code_of(secret)}).status_code == 302


def test_a_recovery_code_works_once(secret: str, manager_client: Client, nord: Tenant) -> None:
    code = recovery_codes(manager_client)[0]
    outcomes = []
    for _ in range(2):
        client = Client(headers={"host": "nord.localhost"})
        sign_in_staff(client, MANAGER)
        outcomes.append(client.post(SECOND_STEP, {"code": code}).status_code)

    assert outcomes == [302, 422]
    assert "9 codes are left." in manager_client.get(SECURITY).content.decode()


def test_new_recovery_codes_make_the_old_ones_void(secret: str, manager_client: Client, newcomer: Client) -> None:
    old = recovery_codes(manager_client)
    manager_client.post("/en/account/security/codes/new/")
    new = recovery_codes(manager_client)
    sign_in_staff(newcomer, MANAGER)

    assert not set(old) & set(new)
    assert newcomer.post(SECOND_STEP, {"code": old[0]}).status_code == 422
    assert newcomer.post(SECOND_STEP, {"code": new[0]}).status_code == 302


def test_recovery_codes_can_be_kept_as_a_file(secret: str, manager_client: Client) -> None:
    answer = manager_client.get("/en/account/security/codes/download/")

    assert answer["Content-Type"].startswith("text/plain")
    assert f"Recovery codes of {MANAGER} at Nord" in answer.content.decode()
    assert set(recovery_codes(manager_client)) <= set(answer.content.decode().split())


def test_guessing_codes_locks_the_second_step_at_this_partner(secret: str, newcomer: Client) -> None:
    sign_in_staff(newcomer, MANAGER)
    for guess in range(5):
        assert newcomer.post(SECOND_STEP, {"code": f"00000{guess}"}).status_code == 422

    answer = newcomer.post(SECOND_STEP, {"code": code_of(secret)})

    assert answer.status_code == 429
    assert "Too many failed attempts" in answer.content.decode()
    assert not is_signed_in(newcomer)


def test_half_a_sign_in_copied_to_another_partner_is_worth_nothing(
    secret: str, newcomer: Client, nord: Tenant, sued: Tenant
) -> None:
    sign_in_staff(newcomer, MANAGER)
    key = newcomer.cookies["sessionid"].value
    # The worst case: the same row, the same person by key, the same secret, and even the session's row copied.
    with tenant_context(nord):
        manager = User.objects.get(email=MANAGER)
    with tenant_context(sued):
        User.objects.filter(pk=manager.pk).exclude(kind=Kind.STAFF).update(kind=Kind.STAFF)
        assert User.objects.filter(pk=manager.pk).exists()
        Authenticator.objects.create(user_id=manager.pk, type=Authenticator.Type.TOTP, data={"secret": secret})
    thief = Client(headers={"host": "sued.localhost"})
    thief.cookies["sessionid"] = key
    assert thief.get(SECOND_STEP)["Location"] == "/en/account/sign-in/"
    with tenant_context(nord):
        row = Session.objects.get(session_key=key)
    with tenant_context(sued):
        Session.objects.create(session_key=key, session_data=row.session_data, expire_date=row.expire_date)
    thief.cookies["sessionid"] = key

    answer = thief.post(SECOND_STEP, {"code": code_of(secret)})

    assert answer["Location"] == "/en/account/sign-in/"
    assert thief.get("/admin/").status_code == 302
    # Where it was issued it still completes.
    assert newcomer.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == "/admin/"


def test_half_a_sign_in_ends_after_a_quarter_of_an_hour(secret: str, newcomer: Client, clock: Clock) -> None:
    sign_in_staff(newcomer, MANAGER)
    clock.shift(15 * 60 + 1)

    assert newcomer.post(SECOND_STEP, {"code": code_of(secret)})["Location"] == "/en/account/sign-in/"
    assert not is_signed_in(newcomer)


def test_where_it_is_optional_nothing_is_asked(manager_client: Client) -> None:
    assert manager_client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/", "/admin/orders/", "/admin/pages/", "/admin/account/", "/admin/nothing/"])
def test_where_it_is_required_no_page_of_the_admin_comes_before_it(
    strict_nord: Tenant, manager_client: Client, path: str
) -> None:
    answer = manager_client.get(path)

    assert answer.status_code in {302, 404}
    if answer.status_code == 302:
        assert answer["Location"] == SECURITY
        assert "Nord requires a second factor." in manager_client.get(SECURITY).content.decode()


def test_with_the_app_set_up_the_admin_opens(strict_nord: Tenant, manager_client: Client, clock: Clock) -> None:
    assert manager_client.get("/admin/").status_code == 302

    set_up_app(manager_client)

    assert manager_client.get("/admin/").status_code == 200


def test_recovery_codes_alone_are_no_second_factor(strict_nord: Tenant, manager_client: Client) -> None:
    with tenant_context(strict_nord):
        user = User.objects.get(email=MANAGER)
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "", "used_mask": 0}
        )

    assert manager_client.get("/admin/").status_code == 302


def test_where_it_is_required_the_last_one_cannot_go(secret: str, strict_nord: Tenant, manager_client: Client) -> None:
    sign_in = Client(headers={"host": "nord.localhost"})
    sign_in_staff(sign_in, MANAGER)
    sign_in.post(SECOND_STEP, {"code": code_of(secret)})
    remove_app = "/en/account/security/app/remove/"

    refused = sign_in.post(remove_app)
    assert refused.status_code == 422
    assert "cannot be removed" in refused.content.decode()

    passkey = add_passkey(strict_nord)
    assert sign_in.post(remove_app)["Location"] == SECURITY
    last = sign_in.post(f"/en/account/security/passkeys/{passkey}/remove/")
    assert last.status_code == 422
    assert "cannot be removed" in last.content.decode()
    assert sign_in.get("/admin/").status_code == 200


def test_where_it_is_optional_the_last_one_can_go_and_the_codes_go_with_it(
    secret: str, newcomer: Client, nord: Tenant
) -> None:
    sign_in_staff(newcomer, MANAGER)
    newcomer.post(SECOND_STEP, {"code": code_of(secret)})

    assert newcomer.post("/en/account/security/app/remove/")["Location"] == SECURITY

    with tenant_context(nord):
        assert not Authenticator.objects.exists()


def test_passkeys_are_renamed_and_removed_by_their_owner_only(
    manager_client: Client, nord: Tenant, clock: Clock
) -> None:
    passkey = add_passkey(nord)
    rename = f"/en/account/security/passkeys/{passkey}/rename/"
    with tenant_context(nord):
        User.objects.create_user("other@nord.example", PASSWORD, kind=Kind.STAFF)
    colleague = Client(headers={"host": "nord.localhost"})
    sign_in_staff(colleague, "other@nord.example")

    assert colleague.post(rename, {"name": "Mine"}).status_code == 404
    assert colleague.post(f"/en/account/security/passkeys/{passkey}/remove/").status_code == 404
    fresh = Client(headers={"host": "nord.localhost"})
    assert manager_client.post(rename, {"name": ""}).status_code == 422
    assert manager_client.post(rename, {"name": "Phone"})["Location"] == SECURITY
    assert "Phone" in manager_client.get(SECURITY).content.decode()
    assert fresh.get(rename)["Location"].startswith("/en/account/sign-in/")


def test_what_matters_is_asked_again_after_some_minutes(manager_client: Client, clock: Clock) -> None:
    clock.shift(0)
    fresh = Client(headers={"host": "nord.localhost"})
    sign_in_staff(fresh, MANAGER)
    assert fresh.get("/en/account/security/app/").status_code == 200
    clock.shift(301)

    asked = fresh.get("/en/account/security/app/")
    assert asked["Location"].startswith("/en/account/confirm/?next=")
    assert_valid_html(fresh.get(asked["Location"]))
    wrong = fresh.post(asked["Location"], {"password": "not-it"})
    assert wrong.status_code == 422
    right = fresh.post(asked["Location"], {"password": PASSWORD})

    assert right["Location"] == "/en/account/security/app/"
    assert fresh.get("/en/account/security/app/").status_code == 200


def test_a_code_confirms_as_well_as_the_password(secret: str, manager_client: Client, clock: Clock) -> None:
    signed_in = Client(headers={"host": "nord.localhost"})
    sign_in_staff(signed_in, MANAGER)
    signed_in.post(SECOND_STEP, {"code": code_of(secret)})
    clock.shift(600)
    confirm = "/en/account/confirm/code/?next=/en/account/security/app/remove/"
    assert signed_in.get("/en/account/security/app/remove/")["Location"].startswith("/en/account/confirm/")
    assert_valid_html(signed_in.get(confirm))

    assert signed_in.post(confirm, {"code": "000000"}).status_code == 422
    assert signed_in.post(confirm, {"code": code_of(secret)})["Location"] == "/en/account/security/app/remove/"

    assert signed_in.get("/en/account/security/app/remove/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["app/remove/", "codes/", "codes/new/", "passkeys/add/", "passkeys/{pk}/rename/", "passkeys/{pk}/remove/"],
)
def test_the_pages_of_the_second_factor_are_well_formed(secret: str, newcomer: Client, nord: Tenant, path: str) -> None:
    sign_in_staff(newcomer, MANAGER)
    newcomer.post(SECOND_STEP, {"code": code_of(secret)})
    path = f"{SECURITY}{path.format(pk=0)}"
    if "/0/" in path:
        path = path.replace("/0/", f"/{add_passkey(nord)}/")

    answer = newcomer.get(path)

    assert answer.status_code == 200
    assert_valid_html(answer)


@pytest.mark.parametrize("is_needed", [True, False])
def test_operators_need_one_unless_the_settings_say_otherwise(
    settings: Any, db: None, is_needed: bool, clock: Clock
) -> None:
    settings.OPERATORS_NEED_SECOND_FACTOR = is_needed
    with platform_context():
        User.objects.create_user("olga@platform.example", PASSWORD, kind=Kind.OPERATOR)
    client = Client(headers={"host": "app.localhost"})
    sign_in_staff(client, "olga@platform.example")

    answer = client.get("/en/jobs/")

    if is_needed:
        assert answer["Location"] == SECURITY
        set_up_app(client)
    assert client.get("/en/jobs/").status_code == 403


def test_the_admin_leads_to_sign_in_and_security(manager_client: Client) -> None:
    assert SECURITY in manager_client.get("/admin/").content.decode()
    account = manager_client.get("/admin/account/").content.decode()

    assert SECURITY in account
    assert "old_password" not in account


def test_a_challenge_for_a_passkey_names_the_host_it_is_for(newcomer: Client) -> None:
    answer = newcomer.get("/en/account/sign-in/passkey/", headers={"accept": "application/json"})

    options: dict[str, Any] = answer.json()["request_options"]["publicKey"]
    assert options["rpId"] == "nord.localhost"
    assert options["userVerification"] == "required"


@pytest.mark.parametrize("credential", ["", "no json", "{}", '{"id": "AA"}', '{"response": {"userHandle": "MQ"}}'])
def test_what_is_no_passkey_is_refused_in_words(newcomer: Client, credential: str) -> None:
    answer = newcomer.post("/en/account/sign-in/passkey/", {"credential": credential, "next": "/admin/orders/"})

    assert answer["Location"] == "/en/account/sign-in/?next=%2Fadmin%2Forders%2F"
    assert not is_signed_in(newcomer)


@pytest.mark.parametrize("credential", ["", "{}", '{"id": "AA", "rawId": "AA"}', '{"id": 1, "response": 2}'])
def test_a_passkey_that_the_browser_did_not_make_is_refused_and_the_name_stays(
    manager_client: Client, credential: str
) -> None:
    answer = manager_client.post("/en/account/security/passkeys/add/", {"name": "Laptop", "credential": credential})

    assert answer.status_code == 422
    assert_valid_html(answer)
    assert 'value="Laptop"' in answer.content.decode()
