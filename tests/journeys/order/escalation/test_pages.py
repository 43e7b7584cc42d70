"""Friend to pro: the pages of friend, customer, pro and manager (R10, R12, R21)."""

from datetime import timedelta
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from time_machine import Coordinates

from crowd.models import Friend, ProCountry
from journeys.links import order_token
from journeys.order.deadlines import sweep
from kernel.clock import now
from orders.models import Order
from orders.selectors import order_by_uuid
from orders.states import Attention, OrderState
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import PASSWORD, Cast
from tests.journeys.order.escalation.steps import FOUND, approve, photo
from tests.overflow import fresh
from tests.pages import assert_valid_html, text_of


def ben_signed_in() -> Client:
    client = Client(headers={"host": "app.localhost"})
    assert client.post("/en/sign-in/", {"username": "ben@friends.example", "password": PASSWORD}).status_code == 302
    return client


def status_url(tenant: Tenant, order: Order) -> str:
    with tenant_context(tenant):
        return f"/en/orders/{order_token(order.uuid)}/"


def test_the_friend_sees_the_new_price_before_sending_and_photos_lose_their_metadata(
    nord: Tenant, on_site: Order
) -> None:
    client, job = ben_signed_in(), f"/en/jobs/{on_site.job_id}/"
    assert "This needs a pro" in client.get(job).content.decode()

    form = client.get(f"{job}escalate/")
    assert "€73.50" in form.content.decode()
    assert "€20.83" in form.content.decode()
    assert_valid_html(form)

    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "somebody was here"
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    upload = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    sent = client.post(f"{job}escalate/", {"diagnosis": FOUND, "photos": [upload]})
    assert sent.status_code == 302

    page = client.get(job)
    assert "The customer decides about a pro" in page.content.decode()
    assert_valid_html(page)
    with tenant_context(nord):
        (kept,) = order_by_uuid(on_site.uuid).escalation.photos.all()
    answer = client.get(f"{job}diagnosis/{kept.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert b"somebody was here" not in answer.content


def test_what_is_wrong_stands_beside_the_field_and_the_words_stay(nord: Tenant, on_site: Order) -> None:
    client, url = ben_signed_in(), f"/en/jobs/{on_site.job_id}/escalate/"

    short = client.post(url, {"diagnosis": "Broken."})
    assert short.status_code == 422
    assert "write a little more" in short.content.decode()
    assert "Broken." in short.content.decode()
    assert_valid_html(short)

    many = [SimpleUploadedFile(f"{number}.jpg", photo(), "image/jpeg") for number in range(6)]
    answer = client.post(url, {"diagnosis": FOUND, "photos": many})
    assert answer.status_code == 422
    assert "At most 5 photos." in answer.content.decode()

    text = SimpleUploadedFile("a.txt", b"no photo", "text/plain")
    assert client.post(url, {"diagnosis": FOUND, "photos": [text]}).status_code == 422
    assert fresh(nord, on_site).state == OrderState.CONTACTED


def test_the_friend_tells_the_manager_from_the_page_where_no_pro_is(nord: Tenant, on_site: Order, pro: Friend) -> None:
    with platform_context():
        ProCountry.objects.all().delete()
    client, url = ben_signed_in(), f"/en/jobs/{on_site.job_id}/escalate/"

    page = client.get(url)
    assert "There are no pros in this country yet." in page.content.decode()
    assert_valid_html(page)
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "Please send somebody."}).status_code == 302

    assert fresh(nord, on_site).attention == Attention.PRO_WANTED


def test_the_customer_answers_on_the_status_page(nord: Tenant, asked: Order, visitor: Client, pro: Friend) -> None:
    url = status_url(nord, asked)

    page = visitor.get(url)
    for words in ("Can we send a pro?", "cable in the wall", "73.50", "24.50", "20.83", "do not answer by"):
        assert words in page.content.decode()
    assert_valid_html(page)
    with tenant_context(nord):
        (kept,) = asked.escalation.photos.all()
    assert visitor.get(f"{url}diagnosis/{kept.pk}/")["Content-Type"] == "image/jpeg"
    assert visitor.get(f"{url}diagnosis/{kept.pk + 1}/").status_code == 404

    assert visitor.post(f"{url}pro/approve/").status_code == 302
    assert visitor.post(f"{url}pro/approve/").status_code == 302
    assert visitor.post(f"{url}pro/decline/").status_code == 409

    page = visitor.get(url)
    assert "We are looking for a pro for you" in page.content.decode()
    assert "Ben" not in page.content.decode()
    assert_valid_html(page)


def test_the_pros_figures_add_up_on_the_page(nord: Tenant, asked: Order, pro: Friend) -> None:
    order = approve(nord, asked)
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "petra@friends.example", "password": PASSWORD})

    page = client.get(f"/en/jobs/{order.placed_job_id}/")

    text = text_of(page)
    for figure in ("€73.50 | Customer pays", "− €20.83", "− €7.90 | Commission", "€44.77 | You get"):
        assert all(part in text for part in figure.split(" | ")), figure
    assert 7350 - 2083 - 790 == 4477
    assert "counted on the €52.67 that are left after the diagnosis" in text
    assert_valid_html(page)


def test_the_customer_declines_and_confirms_on_the_status_page(nord: Tenant, asked: Order, visitor: Client) -> None:
    url = status_url(nord, asked)

    assert visitor.post(f"{url}pro/decline/").status_code == 302

    page = visitor.get(url)
    assert "Your order ended with the diagnosis" in page.content.decode()
    assert_valid_html(page)
    assert visitor.post(f"{url}confirm/").status_code == 302
    assert fresh(nord, asked).state == OrderState.CONFIRMED


def test_work_that_ended_with_the_diagnosis_is_rated_like_any_other(
    nord: Tenant, asked: Order, visitor: Client, four_near: Cast, clock: Coordinates
) -> None:
    visitor.post(f"{status_url(nord, asked)}pro/decline/")
    visitor.post(f"{status_url(nord, asked)}rate/", {"stars": "4"})
    assert Friend.objects.get(pk=four_near["Ben"].pk).ratings_count == 0

    clock.shift(timedelta(days=14))
    sweep(now=now())

    assert Friend.objects.get(pk=four_near["Ben"].pk).ratings_count == 1


def test_the_pros_page_shows_notes_and_figures(nord: Tenant, asked: Order, pro: Friend) -> None:
    order = approve(nord, asked)
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "petra@friends.example", "password": PASSWORD})

    page = client.get(f"/en/jobs/{order.job_id}/")

    text = page.content.decode()
    assert_valid_html(page)
    for words in ("What a friend found on site", "cable in the wall", "73.50", "20.83", "7.90", "44.77"):
        assert words in text
    assert "Lovelace" not in text


def test_managers_see_the_escalation_and_take_it_off_the_desk(
    nord: Tenant, asked: Order, manager_client: Client, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=72))
    sweep(now=now())
    order = fresh(nord, asked)

    page = manager_client.get(f"/admin/orders/inspect/{order.pk}/")
    assert "cable in the wall" in page.content.decode()
    assert "Mark as handled" in page.content.decode()
    with tenant_context(nord):
        (kept,) = order.escalation.photos.all()
    assert manager_client.get(f"/admin/orders/{order.uuid}/diagnosis/{kept.pk}/")["Content-Type"] == "image/jpeg"

    manager_client.post(f"/admin/orders/{order.uuid}/off-desk/")

    assert fresh(nord, order).attention == ""


def test_a_manager_ends_an_order_that_waits_for_the_customers_word(
    nord: Tenant, asked: Order, manager_client: Client
) -> None:
    way = f"/admin/orders/{asked.uuid}/cancel/"
    assert f'action="{way}"' in manager_client.get(f"/admin/orders/inspect/{asked.pk}/").content.decode()

    answer = manager_client.post(way, {"why": "The customer has moved"}, follow=True)

    assert "The order has been cancelled." in answer.content.decode()
    assert fresh(nord, asked).state == OrderState.CANCELLED
