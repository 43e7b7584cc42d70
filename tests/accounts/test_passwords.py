"""Links to choose a password: used once, for a time, at one partner, told to the address only (R3)."""

import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.core import mail
from django.test import Client

from accounts.errors import EmailIsTaken
from accounts.groups import MANAGERS
from accounts.models import Kind, User
from accounts.tokens import Purpose, password_token
from journeys.partner.invite_manager import invite_manager
from kernel.clock import now
from outbox.models import Message
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.accounts.codes import set_up_app
from tests.cast import PASSWORD, deliver, is_signed_in, sign_in_staff
from tests.pages import assert_valid_html

MANAGER = "manager@nord.example"
FORGOTTEN = "/en/account/password/forgotten/"
NEW = "a-brand-new-password"

Clock = time_machine.Coordinates


@pytest.fixture
def stranger(nord: Tenant, sued: Tenant, clock: Clock) -> Client:
    """Return somebody on Nord's host who is not signed in."""
    return Client(headers={"host": "nord.localhost"})


def link_in(text: str, host: str) -> str:
    """Return the path of the link in a mail, which must be on this host."""
    found = re.search(rf"http://{re.escape(host)}:\d+(/\S+)", text)
    assert found, text
    return found[1]


def ask(client: Client, email: str = MANAGER) -> str:
    """Ask for a link and return its path from the mail."""
    client.post(FORGOTTEN, {"email": email})
    [message] = deliver()
    return link_in(message.body, str(client.defaults.get("HTTP_HOST", "nord.localhost")))


def choose(client: Client, path: str, password: str = NEW, again: str | None = None) -> int:
    """Send a new password and return the status of the answer."""
    entries = {"password1": password, "password2": password if again is None else again}
    return client.post(path, entries).status_code


def test_a_forgotten_password_is_replaced_by_the_link_in_the_brands_mail(stranger: Client) -> None:
    answer = stranger.post(FORGOTTEN, {"email": " Manager@NORD.example"})
    [message] = deliver()
    path = link_in(message.body, "nord.localhost")

    assert answer["Location"] == "/en/account/password/forgotten/sent/"
    assert message.to == [MANAGER]
    assert message.from_email.startswith("Nord <")
    assert "The link can be used once and expires in one hour." in message.body
    assert "#d7263d" in message.alternatives[0][0]
    assert_valid_html(stranger.get(path))
    assert choose(stranger, path) == 302
    assert not is_signed_in(stranger)
    assert sign_in_staff(stranger, MANAGER).status_code == 422
    assert sign_in_staff(stranger, MANAGER, NEW).status_code == 302


def test_the_mail_speaks_the_recipients_language(stranger: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        User.objects.filter(email=MANAGER).update(language="de")
    stranger.post(FORGOTTEN, {"email": MANAGER})

    [message] = deliver()

    assert message.subject == "Ihr neues Passwort bei Nord"
    assert "/de/account/password/new/" in message.body


def test_nobody_learns_who_has_an_account(stranger: Client, four_near: object) -> None:
    answers = [stranger.post(FORGOTTEN, {"email": email}) for email in (MANAGER, "nobody@nord.example")]

    assert answers[0].status_code == answers[1].status_code == 302
    assert answers[0]["Location"] == answers[1]["Location"]
    assert [message.to for message in deliver()] == [[MANAGER]]


def test_the_outbox_holds_neither_link_nor_address(stranger: Client) -> None:
    stranger.post(FORGOTTEN, {"email": MANAGER})

    with platform_context():
        [message] = Message.objects.filter(topic="password_reset")
    assert set(message.reference) == {"user"}


def test_friends_and_dismissed_people_get_no_link_from_the_staffs_door(
    friend_client: Client, nord: Tenant, stranger: Client
) -> None:
    deliver()
    with tenant_context(nord):
        User.objects.filter(email=MANAGER).update(is_active=False)
    friend_client.post(FORGOTTEN, {"email": "ben@friends.example"})
    stranger.post(FORGOTTEN, {"email": MANAGER})

    assert deliver() == []


def test_a_link_works_once(stranger: Client) -> None:
    path = ask(stranger)
    assert choose(stranger, path) == 302

    again = stranger.get(path)

    assert again.status_code == 410
    assert_valid_html(again)
    assert "already been used or has expired" in again.content.decode()
    assert choose(stranger, path, "another-password-2") == 410
    assert sign_in_staff(stranger, MANAGER, NEW).status_code == 302


def test_an_older_link_is_void_once_somebody_has_signed_in(stranger: Client, clock: Clock) -> None:
    path = ask(stranger)
    clock.shift(60)
    sign_in_staff(Client(headers={"host": "nord.localhost"}), MANAGER)

    assert choose(stranger, path) == 410


def test_a_link_is_void_after_an_hour(stranger: Client, clock: Clock) -> None:
    path = ask(stranger)
    clock.shift(3599)
    assert stranger.get(path).status_code == 200

    clock.shift(2)

    assert stranger.get(path).status_code == 410
    assert choose(stranger, path) == 410


def test_a_link_is_void_at_any_other_partner_even_where_everything_else_is_equal(
    stranger: Client, nord: Tenant, sued: Tenant
) -> None:
    path = ask(stranger)
    with tenant_context(nord):
        victim = User.objects.get(email=MANAGER)
    with tenant_context(sued):
        # The same key, uuid, address, password hash and last sign-in, and of course the same SECRET_KEY.
        User.objects.filter(pk=victim.pk).delete()
        twin = User(pk=victim.pk, uuid=victim.uuid, email=victim.email, password=victim.password)
        twin.kind, twin.last_login = victim.kind, victim.last_login
        twin.save(force_insert=True)
    with platform_context():
        User.objects.filter(pk=victim.pk).delete()
        User.objects.bulk_create(
            [User(pk=victim.pk, uuid=victim.uuid, email=victim.email, password=victim.password, kind=Kind.OPERATOR)]
        )

    for host in ("sued.localhost", "app.localhost"):
        elsewhere = Client(headers={"host": host})
        assert elsewhere.get(path).status_code == 410
        assert choose(elsewhere, path) == 410
    with tenant_context(sued):
        assert User.objects.get(pk=victim.pk).check_password(PASSWORD)
    assert choose(stranger, path) == 302


def test_a_link_for_one_purpose_is_void_for_another(stranger: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        reset = password_token(User.objects.get(email=MANAGER), purpose=Purpose.RESET)

    assert stranger.get(f"/en/account/password/new/{reset}/").status_code == 200
    assert stranger.get(f"/en/account/invitation/{reset}/").status_code == 410


@pytest.mark.parametrize("token", ["x", "a:b:c", "MQ:1abcde:Zm9v", "%C3%A9"])
def test_a_made_up_link_is_void(stranger: Client, token: str) -> None:
    assert stranger.get(f"/en/account/password/new/{token}/").status_code == 410


def test_faults_are_said_beside_the_fields(stranger: Client) -> None:
    path = ask(stranger)

    short = stranger.post(path, {"password1": "short", "password2": "short"})
    different = stranger.post(path, {"password1": NEW, "password2": NEW + "!"})

    assert short.status_code == different.status_code == 422
    assert "at least 10 characters" in short.content.decode()
    assert "The two passwords don't match." in unescape(different.content.decode())
    assert choose(stranger, path) == 302


def test_setting_a_password_signs_out_everywhere_and_skips_no_second_factor(
    manager_client: Client, stranger: Client, clock: Clock
) -> None:
    set_up_app(manager_client)
    assert manager_client.get("/admin/").status_code == 200
    choose(stranger, ask(stranger))

    assert manager_client.get("/admin/").status_code == 302
    assert sign_in_staff(stranger, MANAGER, NEW)["Location"] == "/en/account/sign-in/second-step/"


def test_a_link_opens_a_locked_address_again(stranger: Client) -> None:
    for _ in range(6):
        sign_in_staff(stranger, MANAGER, "guess")
    assert "Too many" in sign_in_staff(stranger, MANAGER).content.decode()

    choose(stranger, ask(stranger))

    assert sign_in_staff(stranger, MANAGER, NEW).status_code == 302


def test_asking_again_and_again_is_stopped_per_partner(stranger: Client, sued: Tenant) -> None:
    statuses = [stranger.post(FORGOTTEN, {"email": MANAGER}).status_code for _ in range(6)]

    assert statuses == [302] * 5 + [429]
    at_sued = Client(headers={"host": "sued.localhost"})
    assert at_sued.post(FORGOTTEN, {"email": MANAGER}).status_code == 302


def test_an_operator_gets_the_link_from_the_platform(stranger: Client) -> None:
    with platform_context():
        User.objects.create_user("olga@platform.example", PASSWORD, kind=Kind.OPERATOR, language="en")
    on_app = Client(headers={"host": "app.localhost"})
    on_app.post(FORGOTTEN, {"email": "olga@platform.example"})
    [message] = deliver()
    path = link_in(message.body, "app.localhost")

    assert message.from_email.startswith("Quartett <")
    assert choose(on_app, path) == 302
    assert sign_in_staff(on_app, "olga@platform.example", NEW).status_code == 302


def test_the_password_is_changed_by_who_knows_it(manager_client: Client, clock: Clock) -> None:
    path = "/en/account/security/password/"
    entries = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    assert_valid_html(manager_client.get(path))

    wrong = manager_client.post(path, entries | {"oldpassword": "not-it"})
    right = manager_client.post(path, entries)

    assert wrong.status_code == 422
    assert "This is not your current password." in wrong.content.decode()
    assert right["Location"] == "/en/account/security/"
    assert manager_client.get("/admin/").status_code == 200
    assert sign_in_staff(Client(headers={"host": "nord.localhost"}), MANAGER, NEW).status_code == 302


def test_an_invited_manager_chooses_a_password_and_enters(stranger: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        user = invite_manager(
            email="Nora@nord.example", first_name="Nora", last_name="Neu", language="en", now=now(), group_name=MANAGERS
        )
        assert not user.has_usable_password()
        assert [group.name for group in user.groups.all()] == [MANAGERS]
    [message] = deliver()
    path = link_in(message.body, "nord.localhost")

    assert message.to == ["nora@nord.example"]
    assert message.subject == "Welcome to Nord"
    assert "Welcome, Nora Neu" in message.body
    assert "The link can be used once and expires in seven days." in message.body
    assert sign_in_staff(stranger, "nora@nord.example", "").status_code == 422
    page = stranger.get(path)
    assert_valid_html(page)
    assert "Welcome to Nord" in page.content.decode()
    assert choose(stranger, path) == 302
    assert stranger.get(path).status_code == 410
    assert sign_in_staff(stranger, "nora@nord.example", NEW)["Location"] == "/admin/"
    assert stranger.get("/admin/").status_code == 200


def test_an_invitation_is_void_after_seven_days_and_a_new_link_is_asked_for(
    stranger: Client, nord: Tenant, clock: Clock
) -> None:
    with tenant_context(nord):
        invite_manager(
            email="nora@nord.example", first_name="Nora", last_name="Neu", language="en", now=now(), group_name=MANAGERS
        )
    [message] = deliver()
    path = link_in(message.body, "nord.localhost")
    clock.shift(timedelta(days=7, seconds=-1))
    assert stranger.get(path).status_code == 200
    clock.shift(2)

    assert stranger.get(path).status_code == 410

    assert choose(stranger, ask(stranger, "nora@nord.example")) == 302


def test_an_invitation_to_who_is_there_already_is_refused_and_sends_nothing(stranger: Client, nord: Tenant) -> None:
    with tenant_context(nord), pytest.raises(EmailIsTaken):
        invite_manager(
            email="MANAGER@nord.example", first_name="M", last_name="N", language="en", now=now(), group_name=MANAGERS
        )

    assert deliver() == []
    assert mail.outbox == []


def test_an_invitation_reaches_nobody_who_left_meanwhile(stranger: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        user = invite_manager(
            email="nora@nord.example", first_name="N", last_name="N", language="en", now=now(), group_name=MANAGERS
        )
        User.objects.filter(pk=user.pk).update(is_active=False)

    assert deliver() == []
