"""What a customer types into a booking names nobody before a friend has accepted (R18): the whole way, by the pages."""

import re

from django.test import Client

from dispatch.models import Job
from journeys.links import order_token
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention
from tenants.context import tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, Cast, book, deliver
from tests.journeys.order.escalation.steps import approve, escalate
from tests.journeys.order.test_questions import ask
from tests.overflow import bring_on_site, fresh, register_pro
from tests.pages import EARLY_START, assert_valid_html, fill_in, start_booking

TYPED = "The signal is weak. Ring at Lovelace or call 0171 dann 234 dann 5678, Passwort: Sommer2024"
HIDDEN_WORDS = "[contact details hidden]"
SEEN = f"The signal is weak. Ring at {HIDDEN_WORDS} or call {HIDDEN_WORDS}, Passwort: {HIDDEN_WORDS}"
SECRETS = ("Lovelace", "0171", "5678", "Sommer2024")


def signed_in(name: str) -> Client:
    """Return a friend, signed in."""
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": f"{name.lower()}@friends.example", "password": PASSWORD})
    return client


def linked(page: str, pattern: str) -> str:
    """Return where the link or form leads whose address has the pattern."""
    found = re.search(rf'(?:href|action)="([^"]*{pattern}[^"]*)"', page)
    assert found, pattern
    return found[1]


def text_of(client: Client, path: str) -> str:
    """Return a page that is right."""
    page = client.get(path)
    assert page.status_code == 200
    assert_valid_html(page)
    return page.content.decode()


def test_contact_data_in_an_answer_is_hidden_until_a_friend_accepts(
    visitor: Client, manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    draft = start_booking(visitor)
    assert "Until then we hide names, phone numbers" in text_of(visitor, f"{draft}questions/")
    fill_in(visitor, draft)
    review = text_of(visitor, f"{draft}review/")
    assert "Before a friend accepts, they read:" not in review

    change = linked(review, "questions/")
    visitor.post(change, {"provider": "1", "rooms": "3", "problem": TYPED})
    review = text_of(visitor, f"{draft}review/")
    assert TYPED in review
    assert f"Before a friend accepts, they read:<br>{SEEN}" in review
    assert f"Before a friend accepts, they read:<br>{SEEN}" in text_of(visitor, change)
    assert visitor.post(f"{draft}review/", EARLY_START).status_code == 302

    job = Job.objects.get()
    for secret in SECRETS:
        assert secret not in str(job.brief)
    with tenant_context(nord):
        order = Order.objects.get()
        assert order.answers.get(question_key="problem").value == TYPED
    assert TYPED in manager_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()

    ben, cem = signed_in("Ben"), signed_in("Cem")
    offered = linked(text_of(ben, "/en/"), "/jobs/[0-9a-f-]{36}/")
    before = text_of(ben, offered)
    assert SEEN in before
    assert TYPED not in before

    ben.post(linked(before, "/accept/"))

    assert TYPED in text_of(ben, offered)
    of_cem = text_of(cem, offered)
    assert SEEN in of_cem
    for secret in SECRETS:
        assert secret not in of_cem


def test_a_name_counts_as_soon_as_it_is_known(visitor: Client, four_near: Cast) -> None:
    draft = start_booking(visitor)
    answers = {"provider": "1", "rooms": "3", "problem": "Lovelace is on the bell."}
    visitor.post(f"{draft}questions/", answers)
    assert "they read:" not in text_of(visitor, f"{draft}questions/")

    visitor.post(f"{draft}contact/", ADA)
    visitor.post(f"{draft}times/", {"windows": ["2026-11-25:2"]})
    visitor.post(f"{draft}contact/", ADA)
    visitor.post(f"{draft}payment/", {"method": "cash"})

    assert "they read:<br>[contact details hidden] is on the bell." in text_of(visitor, f"{draft}review/")


def test_a_pro_reads_the_answers_as_typed_only_with_the_job(nord: Tenant, four_near: Cast) -> None:
    register_pro("Petra", km=8, communities=[nord.pk])
    order = book(nord, questions={"provider": "1", "rooms": "3", "problem": TYPED})
    bring_on_site(order, four_near["Ben"])
    escalate(fresh(nord, order), four_near["Ben"])
    approve(nord, fresh(nord, order))
    job = f"/en/jobs/{fresh(nord, order).placed_job_id}/"

    petra = signed_in("Petra")
    before = text_of(petra, job)
    assert SEEN in before
    petra.post(linked(before, "/accept/"))

    assert TYPED in text_of(petra, job)
    assert SEEN in text_of(signed_in("Ben"), f"/en/jobs/{order.job_id}/")


def test_what_a_friend_says_of_themselves_reaches_their_customer_without_ways_around(
    visitor: Client, nord: Tenant, four_near: Cast
) -> None:
    order, ben = book(nord), signed_in("Ben")
    form = {
        "about": "I love old radios. Write to ben.m@gmail.example or Telegram: benradio",
        "phone": "030 1234567",
        "country": "DE",
        "postal_code": "10115",
        "radius_km": "30",
        "max_open_jobs": "3",
        "languages": ["de", "en"],
        "language": "en",
        "travel_mode": "bicycle",
    }
    ben.post(linked(text_of(ben, "/en/profile/"), "/profile/edit/"), form)
    seen = "I love old radios. Write to [contact details hidden] or Telegram: [contact details hidden]"
    assert seen in text_of(ben, "/en/profile/")
    with tenant_context(nord):
        status = f"/en/orders/{order_token(order.uuid)}/"
    assert seen not in text_of(visitor, status)

    ben.post(linked(text_of(ben, f"/en/jobs/{order.placed_job_id}/"), "/accept/"))

    assert seen in text_of(visitor, status)


def test_an_answer_to_a_closed_question_is_refused_before_it_is_read(
    visitor: Client, nord: Tenant, four_near: Cast
) -> None:
    order = book(nord)
    ask(order, four_near["Ben"])
    with tenant_context(nord):
        status = f"/en/orders/{order_token(order.uuid)}/"
    path = linked(text_of(visitor, status), "/questions/")
    assert visitor.post(path, {"words": "Yes."}).status_code == 302

    # Were it read first, it would be refused as saying nothing.
    assert visitor.post(path, {"words": "+49 171 2345678"}).status_code == 409


def test_a_friend_reports_a_text_and_it_comes_to_the_desk(
    manager_client: Client, nord: Tenant, four_near: Cast
) -> None:
    order = book(nord, questions={"provider": "1", "rooms": "3", "problem": "Call seven nine, you know the rest."})
    deliver()
    ben = signed_in("Ben")
    form = linked(text_of(ben, f"/en/jobs/{order.placed_job_id}/"), "/report-text/")
    assert_valid_html(ben.get(form))
    assert ben.post(form, {"words": ""}).status_code == 422

    told = ben.post(form, {"words": "The answer has half a phone number."}, follow=True)

    assert "A community manager looks at it." in told.content.decode()
    (mail,) = deliver()
    assert mail.to == ["manager@nord.example"]
    assert "half a phone number" in mail.body
    with tenant_context(nord):
        assert order_by_uuid(order.uuid).attention == Attention.TEXT_REPORTED
    page = manager_client.get(f"/admin/orders/inspect/{order.pk}/").content.decode()
    assert "Reports a text: The answer has half a phone number." in page
    assert "A text with contact details was reported" in manager_client.get("/admin/").content.decode()


def test_a_customer_reports_a_question(visitor: Client, nord: Tenant, four_near: Cast) -> None:
    order = book(nord)
    ask(order, four_near["Ben"], "Write to me, you know where.")
    with tenant_context(nord):
        status = f"/en/orders/{order_token(order.uuid)}/"
    form = linked(text_of(visitor, status), "/report-text/")
    assert visitor.post(form, {"words": ""}).status_code == 422

    answer = visitor.post(form, {"words": "He wants to go around you."}, follow=True)

    assert "A community manager looks at it." in answer.content.decode()
    with tenant_context(nord):
        assert order_by_uuid(order.uuid).attention == Attention.TEXT_REPORTED


def test_strangers_report_nothing(four_near: Cast, nord: Tenant, sued: Tenant) -> None:
    order = book(nord)
    far = register_pro("Finn", km=900, communities=[sued.pk])
    assert far

    assert signed_in("Finn").get(f"/en/jobs/{order.placed_job_id}/report-text/").status_code == 404
