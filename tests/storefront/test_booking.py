"""Booking over the pages of the brand site, without JavaScript (R11, R18); every bad input has its own clear answer."""

import re
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from time_machine import Coordinates

from catalog.models import Package, Price
from journeys.tasks import forget_drafts
from kernel.clock import now
from orders.models import BookingDraft, DraftPhoto, Order
from orders.states import Source
from tenants.context import tenant_context
from tenants.models import Tenant
from tenants.services import change_settings
from tests.cast import ADA
from tests.pages import BOOKING, EARLY_START, assert_valid_html, fill_in, html_of, place_order, start_booking
from tests.responses import Response

pytestmark = pytest.mark.usefixtures("four_near")


def jpeg(side: int = 40, exif: bytes = b"") -> bytes:
    """Return a small photo."""
    out = BytesIO()
    Image.new("RGB", (side, side), "red").save(out, "JPEG", **({"exif": exif} if exif else {}))
    return out.getvalue()


def text_of(answer: Response) -> str:
    """Return a page's text."""
    return answer.content.decode()


def test_all_steps_lead_to_an_order(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    review = visitor.get(f"{draft}review/")
    assert "Ada Lovelace" in text_of(review)
    assert "€49.00" in text_of(review)
    assert "Order with obligation to pay" in text_of(review)
    placed = visitor.post(f"{draft}review/", EARLY_START, follow=True)

    assert "Thank you for your order" in text_of(placed)
    with tenant_context(nord):
        assert Order.objects.get().name == "Ada Lovelace"


def test_every_page_of_the_booking_is_valid_html(visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    for page in (
        BOOKING,
        *(f"{draft}{step}/" for step in ("place", "questions", "times", "contact", "payment", "review")),
    ):
        answer = visitor.get(page)
        assert answer.status_code == 200
        assert_valid_html(answer)


def test_the_price_with_vat_stands_on_every_step(visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    for step in ("place", "questions", "times", "contact", "payment"):
        page = text_of(visitor.get(f"{draft}{step}/"))
        assert "€49.00" in page
        assert "VAT" in page


def test_back_keeps_what_was_typed(visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    assert "Weak signal" in text_of(visitor.get(f"{draft}questions/"))
    assert 'value="2026-11-25:2" id' in html_of(visitor.get(f"{draft}times/"))
    assert "checked" in html_of(visitor.get(f"{draft}times/"))
    assert ADA["email"] in text_of(visitor.get(f"{draft}contact/"))


def test_a_later_step_leads_back_to_the_first_missing_one(visitor: Client) -> None:
    draft = start_booking(visitor)

    assert visitor.get(f"{draft}payment/")["Location"] == f"{draft}questions/"
    assert visitor.get(f"{draft}review/")["Location"] == f"{draft}questions/"


def test_a_change_from_the_review_leads_back_to_it(visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    answer = visitor.post(f"{draft}contact/?review", ADA | {"name": "Ada King"})

    assert answer["Location"] == f"{draft}review/"
    assert "Ada King" in text_of(visitor.get(f"{draft}review/"))


@pytest.mark.parametrize(
    ("postal_code", "message"),
    [
        ("99999", "We do not know this postal code."),
        ("abc", "We do not know this postal code."),
        ("", "This field is required."),
        ("80331", "We have nobody near this place"),
    ],
)
def test_a_place_that_is_unknown_or_not_covered_writes_nothing(
    visitor: Client, nord: Tenant, postal_code: str, message: str
) -> None:
    answer = visitor.post(BOOKING, {"country": "DE", "postal_code": postal_code})

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "There is a problem" in text_of(answer)
    assert f'value="{postal_code}"' in text_of(answer) or not postal_code
    with tenant_context(nord):
        assert not BookingDraft.objects.exists()


def test_the_answer_to_a_place_comes_at_once(visitor: Client) -> None:
    covered = visitor.get("/en/packages/wifi-setup/place/", {"country": "DE", "postal_code": "10115"})
    unknown = visitor.get("/en/packages/wifi-setup/place/", {"country": "DE", "postal_code": "99999"})

    assert "Yes, we cover 10115 Berlin" in text_of(covered)
    assert "4 suitable friends" in text_of(covered)
    # This evening can still be wished for.
    assert "Possible from Tuesday, 24 November." in text_of(covered)
    assert "We do not know this postal code." in text_of(unknown)


@pytest.mark.parametrize(
    ("step", "values", "message"),
    [
        ("questions", {"rooms": "3", "problem": "x"}, "Please answer this question."),
        ("questions", {"provider": "1", "rooms": "99", "problem": "x"}, "Please enter 20 or less."),
        ("times", {"windows": ["2026-11-23:2"]}, "One of the times has passed."),
        ("times", {}, "Please choose at least one time."),
        ("contact", ADA | {"email": "ada"}, "Please enter an email address"),
        ("contact", ADA | {"phone": "no"}, "Please enter a phone number"),
        ("times", {"windows": ["2027-01-24:0"]}, "Please choose times within the next 60 days."),
        ("contact", ADA | {"street": "Weg"}, "Please enter the street with the house number."),
        ("contact", ADA | {"email": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.example.com"}, "at most 254"),
        ("payment", {}, "Please choose how to pay."),
    ],
)
def test_wrong_input_is_told_at_the_field_and_in_the_summary_and_stays(
    visitor: Client, step: str, values: dict[str, Any], message: str
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    answer = visitor.post(f"{draft}{step}/", values)

    assert answer.status_code == 422
    assert text_of(answer).count(message) >= 2
    assert "?:" not in text_of(answer)
    assert "<title>Error:" in text_of(answer)
    assert_valid_html(answer)
    for value in values.values():
        assert isinstance(value, list) or not value or value in text_of(answer)


@pytest.mark.parametrize("street", ["Invalidenstr. 1", "Kraszków 12A", "Im Weiler", "1600 Pennsylvania"])
def test_a_street_that_leads_to_a_house_is_taken(visitor: Client, street: str) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    assert visitor.post(f"{draft}contact/", ADA | {"street": street}).status_code == 302


def test_the_days_that_can_be_chosen_end_with_the_partners_horizon(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    page = text_of(visitor.get(f"{draft}times/"))
    assert 'value="2027-01-23:2"' in page
    assert 'value="2027-01-24:0"' not in page

    change_settings(tenant=nord, who="Maja", now=now(), booking_days=10)

    page = text_of(visitor.get(f"{draft}times/"))
    assert 'value="2026-12-04:2"' in page
    assert 'value="2026-12-05:0"' not in page
    answer = visitor.post(f"{draft}times/", {"windows": ["2026-12-05:0"]})
    assert "Please choose times within the next 10 days." in text_of(answer)


def test_a_number_says_at_its_field_how_far_it_may_go(visitor: Client) -> None:
    draft = start_booking(visitor)

    assert "From 1 to 20." in text_of(visitor.get(f"{draft}questions/"))


def test_times_that_are_none_or_sent_twice_break_no_later_page(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    assert visitor.post(f"{draft}times/", {"windows": ["x", "2026-11-25:9", "٢:1"]}).status_code == 422
    assert visitor.get(f"{draft}review/").status_code == 200
    assert visitor.post(f"{draft}times/", {"windows": ["2026-11-25:2", "2026-11-25:2"]}).status_code == 302
    visitor.post(f"{draft}review/", EARLY_START)

    with tenant_context(nord):
        assert [(window.day.day, window.part) for window in Order.objects.get().windows.all()] == [(25, 2)]


def test_a_wrong_place_is_kept_on_its_page_only(visitor: Client) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    answer = visitor.post(f"{draft}place/?review", {"country": "XX", "postal_code": "abc"})

    assert answer.status_code == 422
    assert 'value="abc"' in text_of(answer)
    assert "10115 Berlin" in text_of(visitor.get(f"{draft}review/"))


def test_the_review_says_what_cancelling_costs(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    assert "If you cancel" not in html_of(visitor.get(f"{draft}review/"))

    Tenant.objects.filter(pk=nord.pk).update(cancellation_fees=[[4, 5_000], [24, 3_000]])
    page = visitor.get(f"{draft}review/")

    assert_valid_html(page)
    assert "You may withdraw from the order within 14 days; until then" in html_of(page)
    for step in (
        "Less than 24 hours before the appointment: €14.70 (30%)",
        "Less than 4 hours before the appointment: €24.50",
    ):
        assert step in html_of(page)


def test_the_review_is_the_last_step_and_names_the_town(visitor: Client) -> None:
    draft = start_booking(visitor)
    assert "Step 2 of 6" in text_of(visitor.get(f"{draft}questions/"))
    fill_in(visitor, draft)

    review = text_of(visitor.get(f"{draft}review/"))

    assert "Step 6 of 6" in review
    assert "10115 Berlin" in review


def test_the_country_is_asked_once_and_has_its_price_beside_it(visitor: Client, nord: Tenant) -> None:
    change_settings(tenant=nord, who="Maja", now=now(), countries=["DE", "CH"])
    with tenant_context(nord):
        Price.objects.create(package=Package.objects.get(), country="CH", currency="CHF", amount_minor=5900)
    page = visitor.get("/en/packages/wifi-setup/", {"country": "CH"})
    assert "CHF\N{NO-BREAK SPACE}59.00" in text_of(page)
    assert 'name="country" value="CH"' in text_of(page)
    assert 'type="radio"' not in text_of(page)
    assert_valid_html(page)

    sent = visitor.post(BOOKING, {"country": "CH", "postal_code": "10115"})

    assert "CHF\N{NO-BREAK SPACE}59.00" in text_of(sent)
    assert "49.00" not in text_of(sent)
    [link] = re.findall(r'href="(\?country=DE)"', text_of(sent))
    other = text_of(visitor.get(f"{BOOKING}{link}"))
    assert 'name="country" value="DE"' in other
    assert "49.00" in other
    assert "59.00" not in other


def test_where_nobody_comes_the_page_says_what_else_can_be_booked_there(visitor: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        heating = Package.objects.create(
            slug="heating", name_en="Heating", included_en="a", minutes=30, skills=["thermostats"]
        )
        Price.objects.create(package=heating, country="DE", currency="EUR", amount_minor=2500)
    place = {"country": "DE", "postal_code": "10115"}

    for answer in (
        visitor.get("/en/packages/heating/place/", place),
        visitor.post("/en/packages/heating/book/", place),
    ):
        assert "We have nobody near this place for this package yet." in text_of(answer)
        [link] = re.findall(r'href="(/en/packages/wifi-setup/\?country=DE)"', text_of(answer))
        assert visitor.get(link).status_code == 200


def test_only_the_browser_that_booked_sees_the_confirmation(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    own = text_of(visitor.post(f"{draft}review/", EARLY_START, follow=True))
    [link] = re.findall(r'href="(/en/orders/[^"]+/)"', own)
    assert ADA["street"] in own
    assert visitor.get(link).status_code == 200

    page = Client(headers={"host": "nord.localhost"}).get(f"{draft}done/")

    assert page.status_code == 200
    assert_valid_html(page)
    assert "This order is placed" in text_of(page)
    assert ADA["street"] not in text_of(page)
    assert "/orders/" not in text_of(page)
    # The link is as old as the order, however late the page is opened again.
    assert link in text_of(visitor.get(f"{draft}done/"))


def test_pages_say_the_partners_own_hours_until_the_first_contact(visitor: Client, nord: Tenant) -> None:
    change_settings(tenant=nord, who="Maja", now=now(), contact_hours=36)

    for page in ("/en/", "/en/packages/wifi-setup/"):
        assert "ithin 36 hours" in text_of(visitor.get(page))
    assert "Within 36 hours" in place_order(visitor)


def test_a_closed_package_is_gone(visitor: Client, nord: Tenant) -> None:
    with tenant_context(nord):
        Package.objects.update(is_open=False)

    page = visitor.get("/en/packages/wifi-setup/")
    answer = visitor.post(BOOKING, {"country": "DE", "postal_code": "10115"})

    assert page.status_code == answer.status_code == 410
    assert "This package cannot be booked at the moment." in text_of(answer)


def test_a_time_that_passes_before_the_last_click_is_told_on_the_review(
    visitor: Client, clock: Coordinates, nord: Tenant
) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)
    clock.shift(timedelta(days=2))

    answer = visitor.post(f"{draft}review/", EARLY_START)

    assert answer.status_code == 422
    assert "One of the times has passed." in text_of(answer)
    with tenant_context(nord):
        assert not Order.objects.exists()


def test_sending_the_review_twice_makes_one_order(visitor: Client, nord: Tenant) -> None:
    draft = start_booking(visitor)
    fill_in(visitor, draft)

    first, second = visitor.post(f"{draft}review/", EARLY_START), visitor.post(f"{draft}review/", EARLY_START)

    assert first["Location"] == second["Location"] == f"{draft}done/"
    with tenant_context(nord):
        assert Order.objects.count() == 1


def test_a_photo_is_kept_without_its_metadata(visitor: Client, nord: Tenant) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Secret camera"
    draft = start_booking(visitor)

    answer = visitor.post(
        f"{draft}questions/",
        {
            "provider": "1",
            "rooms": "3",
            "problem": "x",
            "photo": SimpleUploadedFile("me.jpg", jpeg(exif=exif.tobytes()), "image/jpeg"),
        },
    )

    assert answer.status_code == 302
    kept = visitor.get(f"{draft}photo/photo/")
    assert kept["Content-Type"] == "image/jpeg"
    assert b"Secret camera" not in kept.content
    page = text_of(visitor.get(f"{draft}questions/"))
    assert page.index(f"{draft}photo/photo/") < page.index("Continue")
    assert visitor.post(f"{draft}photo/photo/forget/", follow=True).status_code == 200
    assert visitor.get(f"{draft}photo/photo/").status_code == 404


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"%PDF-1.7 not a photo", "not a photo that we can read"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a photo that we can read"),
        (b"\xff\xd8\xff" + b"\0" * (50 * 1024 * 1024), "too large"),
    ],
    ids=["pdf", "svg", "50 MB"],
)
def test_an_upload_that_is_too_large_or_no_photo_is_refused_and_the_answers_stay(
    visitor: Client, nord: Tenant, content: bytes, message: str
) -> None:
    draft = start_booking(visitor)
    upload = SimpleUploadedFile("photo.jpg", content, "image/jpeg")

    answer = visitor.post(
        f"{draft}questions/", {"provider": "1", "rooms": "3", "problem": "Weak signal", "photo": upload}
    )

    assert answer.status_code == 422
    assert message in text_of(answer)
    assert "Weak signal" in text_of(answer)
    with tenant_context(nord):
        assert not DraftPhoto.objects.exists()


def test_a_booking_that_was_never_placed_is_forgotten_with_its_photo_after_30_days(
    visitor: Client, nord: Tenant, clock: Coordinates
) -> None:
    draft = start_booking(visitor)
    upload = SimpleUploadedFile("me.jpg", jpeg(), "image/jpeg")
    visitor.post(f"{draft}questions/", {"provider": "1", "rooms": "3", "problem": "x", "photo": upload})
    with tenant_context(nord):
        kept = DraftPhoto.objects.get().image
    clock.shift(timedelta(days=29))
    assert forget_drafts() == 0
    with tenant_context(nord):
        assert kept.storage.exists(kept.name)

    clock.shift(timedelta(days=1, seconds=1))

    assert forget_drafts() == 1
    assert visitor.get(f"{draft}times/").status_code == 404
    with tenant_context(nord):
        assert not kept.storage.exists(kept.name)


def test_a_manager_books_for_a_caller_with_the_same_steps(manager_client: Client, nord: Tenant) -> None:
    draft = start_booking(manager_client)
    fill_in(manager_client, draft)
    assert "You are booking for a caller." in text_of(manager_client.get(f"{draft}review/"))

    manager_client.post(f"{draft}review/", EARLY_START)

    with tenant_context(nord):
        order = Order.objects.get()
        assert order.source == Source.PHONE
        assert order.booked_by is not None
