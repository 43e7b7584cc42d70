"""What mail servers send back ends what goes to that reader, and nothing else does (R1)."""

import dkim
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pytest_django.fixtures import Settings

from journeys.partner.newsletters.returns import take_returned_mail
from journeys.partner.newsletters.send import send_newsletters
from kernel.clock import now
from newsletters.mails import name_of
from newsletters.models import Mail, Subscriber, Suppression
from newsletters.states import MailState, Reason
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.newsletters.mail_server import mail_server
from tests.newsletters.writing import planned, subscriber, write

DSN = """From: mailer@mx.example
To: {to}
Subject: Undelivered
MIME-Version: 1.0
Content-Type: multipart/report; report-type={kind}; boundary=b

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: {status_type}

{status}

--b
Content-Type: text/rfc822-headers

Message-ID: <{name}@quartett.example>
Subject: News in winter

--b--
"""
FAILED = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ada@x.example\nAction: failed\nStatus: 5.1.1"
DELAYED = "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; ada@x.example\nAction: delayed\nStatus: 4.4.1"
TELLING_CODE = f"{FAILED[:-5]}5.0.0\nDiagnostic-Code: smtp; 550 <ada@x.example> unknown"
SPAM = "Feedback-Type: abuse\nUser-Agent: x\nVersion: 1"


def report(name: str, *, kind: str = "delivery-status", status: str = FAILED, to: str = "bounces@x.example") -> bytes:
    """Return a report about a mail as a mail server sends it."""
    status_type = "message/delivery-status" if kind == "delivery-status" else "message/feedback-report"
    text = DSN.format(to=to, kind=kind, status_type=status_type, status=status, name=name)
    return text.replace("\n", "\r\n").encode()


@pytest.fixture
def sent(nord: Tenant) -> Mail:
    """Send a newsletter to Ada."""
    with tenant_context(nord):
        subscriber("ada@customers.example")
        planned(nord, write())
    with mail_server():
        send_newsletters(nord)
    with tenant_context(nord):
        return Mail.objects.get()


def take(content: bytes) -> bool:
    with platform_context():
        return take_returned_mail(content, now=now())


@pytest.mark.parametrize(
    ("kind", "status", "state", "reason"),
    [
        ("delivery-status", FAILED, MailState.BOUNCED, Reason.BOUNCED),
        ("delivery-status", TELLING_CODE, MailState.BOUNCED, Reason.BOUNCED),
        ("feedback-report", SPAM, MailState.COMPLAINED, Reason.COMPLAINED),
    ],
)
def test_an_address_that_is_no_more_and_a_complaint_end_it(
    nord: Tenant, sent: Mail, kind: str, status: str, state: MailState, reason: Reason
) -> None:
    assert take(report(name_of(sent.uuid, nord.pk), kind=kind, status=status))

    with tenant_context(nord):
        assert Mail.objects.get().state == state
        assert "@" not in Mail.objects.get().said
        assert not Subscriber.objects.get().is_on_the_list
        assert Suppression.objects.get().reason == reason


def test_the_address_it_comes_back_to_names_the_mail_too(nord: Tenant, sent: Mail) -> None:
    assert take(report("unknown", to=f"bounces+{name_of(sent.uuid, nord.pk)}@x.example"))


def test_a_delay_another_mail_and_what_is_no_report_end_nothing(nord: Tenant, sued: Tenant, sent: Mail) -> None:
    name = name_of(sent.uuid, nord.pk)
    others = [
        report(name, status=DELAYED),
        report(name_of(sent.uuid, sued.pk)),
        report(name_of(sent.uuid, 999_999)),
        report("unknown"),
        f"Subject: Hello\r\n\r\nMessage-ID: <{name}@quartett.example>".encode(),
        b"\xff\xfe",
        b"",
    ]

    assert not any(take(content) for content in others)

    with tenant_context(nord):
        assert Subscriber.objects.get().is_on_the_list


@pytest.mark.parametrize("status", ["5.2.2", "5.7.1", "5.1.8", "5.0.0", "5.0.0\nDiagnostic-Code: smtp; 550 5.7.1 spam"])
def test_a_full_mailbox_and_a_refusal_of_us_end_nothing(nord: Tenant, sent: Mail, status: str) -> None:
    assert not take(report(name_of(sent.uuid, nord.pk), status=FAILED[:-5] + status))

    with tenant_context(nord):
        assert Subscriber.objects.get().is_on_the_list


def test_the_signature_holds_the_ways_out_and_breaks_where_they_are_changed(nord: Tenant, settings: Settings) -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    settings.DKIM_KEY = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    ).decode()
    settings.BOUNCES = "bounces+{name}@quartett.example"
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + b"".join(public.splitlines()[1:-1])
    with tenant_context(nord):
        subscriber("ada@customers.example")
        planned(nord, write("de", subject="Grüße im Winter"))
    with mail_server() as server:
        send_newsletters(nord)
        [(sender, _to, content)] = server.got

    def ask(name: bytes, timeout: int = 5) -> bytes:
        assert name == b"q1._domainkey.quartett.example."
        return record

    assert sender.startswith("bounces+n")
    assert dkim.verify(content, dnsfunc=ask)
    signed = "".join(content.decode().split("DKIM-Signature:")[1].split("b=")[0].split())
    assert ":list-unsubscribe:list-unsubscribe-post;" in signed
    assert not dkim.verify(content.replace(b"One-Click", b"Two-Click"), dnsfunc=ask)
    assert not dkim.verify(content.replace(b"/leave/", b"/leaves/"), dnsfunc=ask)
