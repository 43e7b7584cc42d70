"""Managers write a newsletter in the admin, look at it, send it, watch it and read what came of it (R1, R22)."""

import json
import re
from datetime import timedelta
from uuid import uuid4

from django.test import Client

from catalog.models import Price
from cms.models import Newsletter
from journeys.partner.newsletters.send import send_newsletters
from kernel.clock import now
from newsletters.models import Consent, Issue, Subscriber, Suppression
from newsletters.states import IssueState, Reason
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.newsletters.mail_server import mail_server
from tests.newsletters.writing import subscriber, write
from tests.pages import assert_valid_html, press, text_of
from tests.responses import Response

WRITE = "/admin/snippets/cms/newsletter/add/?locale=en"
RAW = json.dumps(
    {
        "blocks": [
            {"key": "a", "text": "It glows <script>alert(1)</script>", "type": "unstyled", "depth": 0,
             "inlineStyleRanges": [], "entityRanges": [], "data": {}}
        ],
        "entityMap": {},
    }
)  # fmt: skip


def written(*, block: str = "news", **fields: str) -> dict[str, str]:
    """Return what the editor sends for a newsletter of one block."""
    values = {"heading": "A new router", **fields}
    return {
        "subject": "News in winter",
        "preheader": "What is new",
        "body-count": "1",
        "body-0-type": block,
        "body-0-order": "0",
        "body-0-deleted": "",
        "body-0-id": str(uuid4()),
        **{f"body-0-value-{name}": value for name, value in values.items()},
    }


NEWS = written(text=RAW, picture="", picture_text="", link="", link_words="")
PACKAGES = written(block="packages", **{
    "packages-count": "1", "packages-0-deleted": "", "packages-0-order": "0", "packages-0-type": "item",
    "packages-0-id": str(uuid4()), "packages-0-value": "wifi-setup",
})  # fmt: skip
GO_ON = {"action-prepare": "1"}


def go_on(client: Client, data: dict[str, str]) -> Response:
    """Save what is written and go on to sending."""
    return client.post(WRITE, data | GO_ON, follow=True)


def test_from_writing_to_the_report(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
    assert manager_client.get(WRITE).status_code == 200

    page = go_on(manager_client, NEWS)

    assert_valid_html(page)
    assert "1 person gets it" in text_of(page)
    with tenant_context(nord):
        issue = Issue.objects.get()
    look = f"/admin/newsletters/{issue.uuid}/look/en/"
    mail = manager_client.get(f"{look}mail/")
    assert mail.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<script>" not in mail.content.decode()
    assert "@media all" in manager_client.get(f"{look}dark/").content.decode()
    assert "A new router" in manager_client.get(f"{look}text/").content.decode()
    with mail_server() as server:
        page = press(manager_client, page, "Send the test", {"email": "maja@nord.example"})
        assert "The test email has been sent to maja@nord.example." in text_of(page)
        page = press(manager_client, page, "Send it now")
        with tenant_context(nord):
            assert Issue.objects.get().state == IssueState.SCHEDULED
        send_newsletters(nord)
        assert server.recipients() == ["maja@nord.example", "ada@customers.example"]
    report = manager_client.get(f"/admin/newsletters/{issue.uuid}/")
    assert_valid_html(report)
    assert "1 email sent" in text_of(report)
    assert "News in winter" in text_of(manager_client.get("/admin/newsletters/"))
    proof = manager_client.get("/admin/newsletters/subscribers/?q=ada")
    assert_valid_html(proof)
    assert "203.0.113.0" in text_of(proof)
    again = manager_client.post(
        f"/admin/snippets/cms/newsletter/edit/{_newsletter(nord).pk}/", NEWS | GO_ON, follow=True
    )
    assert "This newsletter is planned or has been sent already" in text_of(again)


def test_a_plan_is_taken_back_and_a_pause_ends(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
    page = go_on(manager_client, NEWS)
    past = press(manager_client, page, "Send it at this time", {"at": "2026-11-24T11:00"})
    assert "Please choose a time in the future." in text_of(past)

    page = press(manager_client, page, "Send it at this time", {"at": "2026-11-25T09:00"})

    with tenant_context(nord):
        issue = Issue.objects.get()
        assert issue.scheduled_at == now() + timedelta(hours=21)
    page = press(manager_client, page, "Do not send it yet")
    press(manager_client, page, "Send it now")
    send_newsletters(nord, budget_s=0)
    page = manager_client.get(f"/admin/newsletters/{issue.uuid}/")
    assert_valid_html(page)
    assert manager_client.get(f"/admin/newsletters/{issue.uuid}/progress/").json() == {"percent": 0, "is_over": False}
    page = press(manager_client, page, "Pause")
    with tenant_context(nord):
        assert Issue.objects.get().state == IssueState.PAUSED
    press(manager_client, page, "Go on")
    with tenant_context(nord):
        assert Issue.objects.get().state == IssueState.SENDING


def test_a_plan_without_a_time_sends_nothing_and_enter_in_its_field_does_not_either(
    nord: Tenant, manager_client: Client
) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
    page = go_on(manager_client, NEWS)

    refused = press(manager_client, page, "Send it at this time")

    assert refused.status_code == 422
    assert_valid_html(refused)
    assert "Please choose a time." in text_of(refused)
    [form] = [form for form in re.findall(r"<form.*?</form>", page.content.decode(), re.S) if 'name="at"' in form]
    assert 'name="now"' not in form
    with tenant_context(nord):
        assert Issue.objects.get().state == IssueState.DRAFT


def test_what_cannot_go_out_is_said_and_nothing_is_lost(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        Price.objects.all().delete()
    page = go_on(manager_client, PACKAGES)

    assert "the package Wi-Fi set-up has no price yet." in text_of(page)
    with tenant_context(nord):
        assert not Issue.objects.exists()
        assert Newsletter.objects.get().subject == "News in winter"
    picture = go_on(manager_client, NEWS | {"body-0-value-link": "https://nord.example/"})
    assert "Please enter the text of the button." in picture.content.decode()


def test_a_newsletter_to_nobody_is_refused(nord: Tenant, manager_client: Client) -> None:
    page = go_on(manager_client, NEWS)

    page = press(manager_client, page, "Send it now")

    assert "Nobody would get this newsletter." in text_of(page)
    neither = press(manager_client, page, "Save the recipients", {"customers": []})
    assert neither.status_code == 422
    assert "Please choose who gets the newsletter." in text_of(neither)


def test_nobody_sends_what_another_manager_has_just_changed(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
    seen = go_on(manager_client, NEWS)
    manager_client.post(
        f"/admin/snippets/cms/newsletter/edit/{_newsletter(nord).pk}/", NEWS | {"subject": "Changed"} | GO_ON
    )

    page = press(manager_client, seen, "Send it now")

    assert "Somebody has changed this newsletter since you opened it." in text_of(page)
    with tenant_context(nord):
        assert Issue.objects.get().state == IssueState.DRAFT


def test_who_asks_for_it_is_erased_with_the_proof_and_gets_no_newsletter(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        subscriber("ada@customers.example")
    page = manager_client.get("/admin/newsletters/subscribers/")

    page = press(manager_client, page, "Erase this address and its proof")

    assert "No newsletter goes to it any more." in text_of(page)
    with tenant_context(nord):
        assert not Subscriber.objects.exists()
        assert not Consent.objects.exists()
        assert Suppression.objects.get().reason == Reason.ERASED


def test_who_erases_an_address_of_nobody_is_told(nord: Tenant, manager_client: Client) -> None:
    for email in ("nobody@customers.example", ""):
        page = manager_client.post("/admin/newsletters/subscribers/erase/", {"email": email}, follow=True)

        assert "Nobody has signed up with this address." in text_of(page)


def test_each_preview_shows_the_newsletter(nord: Tenant, manager_client: Client) -> None:
    with tenant_context(nord):
        newsletter = write()
    path = f"/admin/snippets/cms/newsletter/preview/{newsletter.pk}/"
    assert manager_client.post(path, NEWS).json()["is_valid"]

    for mode in ("mail", "dark", "text", "site"):
        shown = manager_client.get(path, {"mode": mode})
        assert shown.status_code == 200
        assert "A new router" in shown.content.decode()


def _newsletter(nord: Tenant) -> Newsletter:
    with tenant_context(nord):
        return Newsletter.objects.get()
