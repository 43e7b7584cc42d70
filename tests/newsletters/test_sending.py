"""A newsletter reaches everybody who wants it, exactly once, over a real mail server (R1, R22)."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from crowd.models import Friend
from journeys.partner.newsletters.recipients import reach_of
from journeys.partner.newsletters.send import AWAY, BREATH, send_newsletters, send_trial
from journeys.partner.newsletters.ways import links_of
from kernel.clock import now
from newsletters.audience import Audience
from newsletters.issues import pause_issue, resume_issue
from newsletters.models import Consent, Issue, Mail, Subscriber, Suppression
from newsletters.selectors import issue_by_uuid, report_of
from newsletters.sending import BACKOFF, claim_mail
from newsletters.states import IssueState, MailState, Source, Step
from newsletters.subscribers import erase_subscriber, unsubscribe
from skills.models import Skill
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.selectors import tenant_url
from tests.cast import certify_friend, register_friend
from tests.newsletters.mail_server import MailServer, mail_server
from tests.newsletters.writing import planned, subscriber, write
from tests.pages import assert_valid_html, text_of

READERS = 100


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


def leave_path(server: MailServer, recipient: str) -> str:
    """Return the path of the header by which a mail program unsubscribes."""
    header = server.mails()[recipient]["List-Unsubscribe"].strip()
    return re.sub(r"^<https?://[^/]+|>$", "", header)


def test_a_hundred_readers_get_it_and_one_leaves_with_one_click(nord: Tenant, server: MailServer) -> None:
    with tenant_context(nord):
        for number in range(READERS):
            subscriber(f"reader{number}@customers.example", "de" if number % 2 else "en")
        english = write(subject="News in winter")
        write("de", subject="Neues im Winter", key=english.translation_key)
        issue = planned(nord, english)

    assert send_newsletters(nord) is None

    assert Counter(server.recipients()) == {f"reader{number}@customers.example": 1 for number in range(READERS)}
    mail = server.mails()["reader1@customers.example"]
    assert mail["Subject"] == "Neues im Winter"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "<b>glows</b>" in html.get_content()
    assert "It glows." in text.get_content()
    assert ".invalid" not in html.get_content() + text.get_content()
    scanner = Client(headers={"host": "nord.localhost"}, enforce_csrf_checks=True)
    path = leave_path(server, "reader1@customers.example")
    page = scanner.get(path)
    assert_valid_html(page)
    with tenant_context(nord):
        assert Subscriber.objects.get(email="reader1@customers.example").is_on_the_list

    answer = scanner.post(path, {"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    with tenant_context(nord):
        left = Subscriber.objects.get(email="reader1@customers.example")
        assert not left.is_on_the_list
        assert Consent.objects.get(subscriber=left, step=Step.ENDED).source == Source.ONE_CLICK
        report = report_of(issue)
        assert (report.sent, report.unsubscribed, report.percent) == (READERS, 1, 100)
        assert issue_by_uuid(issue.uuid).state == IssueState.SENT
        assert reach_of(nord, Audience()).total == READERS - 1
    archive = Client(headers={"host": "nord.localhost"})
    listed = archive.get("/en/newsletter/")
    assert_valid_html(listed)
    assert "News in winter" in text_of(listed)
    shown = archive.get(f"/en/newsletter/{issue.uuid}/")
    assert_valid_html(shown)
    assert "glows" in text_of(shown)


def test_who_leaves_between_plan_and_sending_gets_none_and_who_is_erased_neither(
    nord: Tenant, server: MailServer, clock: Coordinates
) -> None:
    with tenant_context(nord):
        ada, bob, eve = (subscriber(f"{name}@customers.example") for name in ("ada", "bob", "eve"))
        issue = planned(nord, write())
        unsubscribe(subscriber_uuid=ada.uuid, source=Source.SITE, now=now())
    _begin_only(nord, issue)
    with tenant_context(nord):
        unsubscribe(subscriber_uuid=bob.uuid, source=Source.SITE, now=now())
        assert Mail.objects.count() == 2

    assert send_newsletters(nord) is None

    assert server.recipients() == [eve.email]
    with tenant_context(nord):
        assert Mail.objects.get(subscriber=bob).state == MailState.SKIPPED
        assert erase_subscriber(email=eve.email, now=now())
        assert not Consent.objects.filter(subscriber__email=eve.email).exists()
        assert report_of(issue).sent == 1
        clock.shift(timedelta(hours=2))
        assert planned(nord, write(subject="Once more")).state == IssueState.SCHEDULED
    send_newsletters(nord)
    assert server.recipients() == [eve.email]


def test_an_address_that_is_no_more_is_never_written_to_again_and_a_full_one_later(
    nord: Tenant, server: MailServer, clock: Coordinates
) -> None:
    with tenant_context(nord):
        gone, full = subscriber("gone@customers.example"), subscriber("full@customers.example")
        issue = planned(nord, write())
    server.refused = {gone.email: "550 5.1.1 no such user", full.email: "452 4.2.2 mailbox full"}

    wait = send_newsletters(nord)

    assert wait == BACKOFF[0]
    with tenant_context(nord):
        assert Mail.objects.get(subscriber=gone).state == MailState.BOUNCED
        assert not Subscriber.objects.get(pk=gone.pk).is_on_the_list
        assert Suppression.objects.count() == 1
    server.refused = {}
    clock.shift(BACKOFF[0])
    assert send_newsletters(nord) is None
    assert server.recipients() == [full.email]
    with tenant_context(nord):
        assert issue_by_uuid(issue.uuid).state == IssueState.SENT


@pytest.mark.parametrize("answer", ["554 5.7.1 <ada@customers.example>: Relay access denied", "530 Sign in first"])
def test_a_mail_server_that_refuses_us_holds_the_newsletter_and_ends_no_subscription(
    nord: Tenant, server: MailServer, clock: Coordinates, answer: str
) -> None:
    with tenant_context(nord):
        ada, bob = (subscriber(f"{name}@customers.example") for name in ("ada", "bob"))
        planned(nord, write())
    server.refused = dict.fromkeys([ada.email, bob.email], answer)

    assert send_newsletters(nord) == AWAY

    with tenant_context(nord):
        first, second = Mail.objects.order_by("pk")
        assert (first.state, first.attempts, second.attempts) == (MailState.QUEUED, 1, 0)
        assert "@" not in first.said
        assert Subscriber.objects.filter(ended_at=None).count() == 2
        assert not Suppression.objects.exists()
    server.refused = {}
    clock.shift(BACKOFF[0])
    assert send_newsletters(nord) is None
    assert sorted(server.recipients()) == [ada.email, bob.email]


def test_a_pause_holds_the_rest_and_going_on_sends_each_once(
    nord: Tenant, server: MailServer, settings: Settings
) -> None:
    settings.NEWSLETTERS_PER_MINUTE = 3
    with tenant_context(nord):
        for number in range(5):
            subscriber(f"reader{number}@customers.example")
        issue = planned(nord, write())
    assert send_newsletters(nord) == BREATH
    assert len(server.got) == 3
    settings.NEWSLETTERS_PER_MINUTE = 100
    with tenant_context(nord):
        pause_issue(issue_uuid=issue.uuid)
    assert send_newsletters(nord) is None
    assert len(server.got) == 3

    with tenant_context(nord):
        resume_issue(issue_uuid=issue.uuid)
    assert send_newsletters(nord) is None

    assert Counter(server.recipients()) == {f"reader{number}@customers.example": 1 for number in range(5)}


def test_a_mail_server_that_is_away_loses_nothing(nord: Tenant, settings: Settings) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
        planned(nord, write())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_PORT = 1

    assert send_newsletters(nord) == timedelta(minutes=1)

    with tenant_context(nord):
        assert Mail.objects.get().attempts == 0
    with mail_server() as server:
        assert send_newsletters(nord) is None
        assert server.recipients() == ["ada@customers.example"]


def test_friends_get_it_by_place_skill_certificate_and_work_and_their_address_stays_on_the_platform(
    nord: Tenant, server: MailServer
) -> None:
    ben = register_friend("Ben", km=1, communities=[nord.pk], postal_code="10115", language="de")
    cem = register_friend("Cem", km=2, communities=[nord.pk], postal_code="20095")
    register_friend("Finn", km=3, in_shared_crowd=True, postal_code="10115")
    certify_friend(friend=cem, skills=Skill.objects.filter(slug="thermostats"))
    Friend.objects.filter(pk=ben.pk).update(first_job_at=now())
    chosen = {
        Audience(customers=False, friends=True): {ben, cem},
        Audience(customers=False, friends=True, places=("101", "8001")): {ben},
        Audience(customers=False, friends=True, skills=("thermostats",)): {cem},
        Audience(customers=False, friends=True, certificates=("wifi",)): {ben, cem},
        Audience(customers=False, friends=True, activity="worked"): {ben},
        Audience(customers=False, friends=True, activity="waiting"): {cem},
        Audience(customers=False, friends=True, languages=("de",)): {ben},
        Audience(customers=True, friends=False): set(),
    }
    with tenant_context(nord):
        for audience, friends in chosen.items():
            assert reach_of(nord, audience).total == len(friends)
        planned(nord, write("de", subject="Für Friends"), Audience(customers=False, friends=True))

    assert send_newsletters(nord) is None

    assert set(server.recipients()) == {ben.email, cem.email}
    page = Client(headers={"host": "nord.localhost"}).post(leave_path(server, ben.email))
    assert_valid_html(page)
    with tenant_context(nord):
        assert reach_of(nord, Audience(customers=False, friends=True)).total == 1
        assert Suppression.objects.get().friend_id == ben.pk
    Client(headers={"host": "nord.localhost"}).post(leave_path(server, ben.email), {"again": "1"})
    with tenant_context(nord):
        assert reach_of(nord, Audience(customers=False, friends=True)).total == 2


def test_who_is_friend_and_subscriber_gets_it_once_and_who_left_as_either_not_at_all(
    nord: Tenant, server: MailServer
) -> None:
    ben, cem = (register_friend(name, km=1, communities=[nord.pk]) for name in ("Ben", "Cem"))
    with tenant_context(nord):
        subscriber(ben.email)
        left = subscriber(cem.email)
        unsubscribe(subscriber_uuid=left.uuid, source=Source.SITE, now=now())
        planned(nord, write(), Audience(customers=True, friends=True))

    assert send_newsletters(nord) is None

    assert server.recipients() == [ben.email]


def test_what_went_to_friends_alone_opens_by_its_link_and_stands_nowhere_else(nord: Tenant, server: MailServer) -> None:
    ben = register_friend("Ben", km=1, communities=[nord.pk])
    with tenant_context(nord):
        issue = planned(nord, write(), Audience(customers=False, friends=True))
    send_newsletters(nord)
    site = Client(headers={"host": "nord.localhost"})

    page = site.get(f"/en/newsletter/{issue.uuid}/")

    assert f"/en/newsletter/{issue.uuid}/" in server.mails()[ben.email].as_string().replace("=\n", "")
    assert_valid_html(page)
    assert "glows" in text_of(page)
    assert '<meta name="robots" content="noindex">' in page.content.decode()
    assert "News in winter" not in text_of(site.get("/en/newsletter/"))


def test_one_click_works_in_a_language_that_the_partner_has_given_up(nord: Tenant, server: MailServer) -> None:
    with tenant_context(nord):
        ada = subscriber("ada@customers.example")
        planned(nord, write())
    send_newsletters(nord)
    assert "fr" not in nord.languages
    path = leave_path(server, ada.email).replace("/en/", "/fr/")
    inbox = Client(headers={"host": "nord.localhost"}, enforce_csrf_checks=True)

    assert inbox.get(path).status_code == 302
    assert inbox.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    with tenant_context(nord):
        assert not Subscriber.objects.get().is_on_the_list


def test_the_addresses_of_a_mail_ask_the_database_for_nothing(nord: Tenant) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
        planned(nord, write())
    send_newsletters(nord, budget_s=0)
    with tenant_context(nord):
        site, pk = tenant_url(nord, ""), Mail.objects.get().pk

        with CaptureQueriesContext(connection) as asked:
            mail = claim_mail(pk)
            assert mail is not None
            links = links_of(site, mail)

    assert len(asked) == 1
    assert links.letter == f"{site}/en/newsletter/{mail.issue.uuid}/"


def test_a_trial_goes_to_one_address_and_lets_nobody_leave(nord: Tenant, server: MailServer) -> None:
    with tenant_context(nord):
        issue = planned(nord, write())
        sent = send_trial(tenant=nord, issue=issue, recipient="maja@nord.example")

    assert sent == 1
    assert server.recipients() == ["maja@nord.example"]
    assert server.mails()["maja@nord.example"]["List-Unsubscribe"] is None


def _begin_only(tenant: Tenant, issue: Issue) -> None:
    """Write the rows of an issue and send none."""
    send_newsletters(tenant, budget_s=0)
    with tenant_context(tenant):
        assert issue_by_uuid(issue.uuid).state == IssueState.SENDING
