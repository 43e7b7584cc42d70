"""Friend to pro: diagnosis, the customer approves the difference, all are paid (issue 4 point 7; R10, R12, R21)."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from time_machine import Coordinates

from billing.models import Payment
from crowd.models import Friend, ProCountry
from dispatch.errors import IllegalJobMove, OfferNotYours
from dispatch.models import Job, Offer, Owed
from dispatch.states import JobState, OwedFor
from dispatch.terms import Terms
from journeys.accept_offer import accept_offer
from journeys.agree_date import accept_date_as_customer, propose_date_as_friend
from journeys.cancel_order import cancel_order
from journeys.complete_job import complete_job, rate_completion
from journeys.deadlines import sweep
from journeys.friend_job import job_for_friend
from journeys.hand_over_to_pro import (
    HandOverAnswered,
    NoProToAsk,
    approve_pro,
    ask_manager_for_pro,
    decline_pro,
    diagnosis_photo_for_friend,
    hand_over_to_pro,
    prospect_of,
)
from journeys.links import order_token
from kernel.clock import now
from kernel.money import to_step
from orders.errors import IllegalOrderMove
from orders.models import Order
from orders.selectors import agreed_appointment, order_by_uuid
from orders.states import Attention, EscalationState, OrderState, Side
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.cast import ADA, PASSWORD, book, deliver
from tests.overflow import bring_on_site, fresh, job_of, register_pro
from tests.pages import assert_valid_html

Cast = dict[str, Friend]

FOUND = "The cable in the wall is broken. Ada Lovelace says call 030 1234567 or ada@customers.example, Invalidenstr. 1."


@pytest.fixture
def pro(nord: Tenant, four_near: Cast) -> Friend:
    """Return Petra, a pro of Nord's community, farther away than the four."""
    return register_pro("Petra", km=8, communities=[nord.pk])


@pytest.fixture
def on_site(nord: Tenant, four_near: Cast, pro: Friend) -> Order:
    """Return an order for which Ben is on site."""
    order = book(nord)
    bring_on_site(order, four_near["Ben"])
    return fresh(nord, order)


@pytest.fixture
def asked(nord: Tenant, on_site: Order, four_near: Cast) -> Order:
    """Return an order whose customer is asked whether a pro may come."""
    hand_over(on_site, four_near["Ben"])
    return fresh(nord, on_site)


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#0a5c5c").save(out, "JPEG")
    return out.getvalue()


def hand_over(order: Order, friend: Friend, photos: int = 1) -> None:
    hand_over_to_pro(
        job_id=order.placed_job_id, friend_id=friend.pk, diagnosis=FOUND, photos=[photo()] * photos, now=now()
    )


def approve(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        return approve_pro(order=order, now=now())


def decline(tenant: Tenant, order: Order) -> Order:
    with tenant_context(tenant):
        return decline_pro(order=order, now=now())


def figures_are_right(order: Order, *jobs: Job) -> bool:
    """Say whether what the customer pays is commission and friends, and that is what jobs and diagnosis add up to."""
    owed = sum(Owed.objects.filter(job__order_id=order.uuid).values_list("amount_minor", flat=True))
    return (
        order.price_minor == order.commission_minor + order.friend_minor
        and order.price_minor == sum(job.price_minor for job in jobs) + owed
        and order.friend_minor == sum(job.friend_minor for job in jobs) + owed
    )


def test_the_customer_is_asked_with_diagnosis_both_prices_and_what_a_no_means(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    assert asked.state == OrderState.ESCALATED
    assert (asked.escalation.price_before_minor, asked.escalation.price_after_minor) == (4900, 7350)
    # Half of what Ben would have had.
    assert asked.escalation.diagnosis_minor == 2083

    (mail,) = [mail for mail in deliver() if "May a pro come" in mail.subject]

    assert mail.to == [ADA["email"]]
    for words in ("cable in the wall", "49,00", "73,50", "+ 24,50", "20,83", "do not answer by"):
        assert words in mail.body


def test_with_a_yes_pros_are_asked_at_once_and_the_customer_pays_the_new_price_only(
    nord: Tenant, asked: Order, four_near: Cast, pro: Friend
) -> None:
    old = job_of(asked)

    order = approve(nord, asked)

    new = Job.objects.get(follows=old)
    old.refresh_from_db()
    assert (order.state, order.price_minor, order.job_id) == (OrderState.SEARCHING, 7350, new.pk)
    assert (old.state, new.state, new.needs_pro) == (JobState.DONE, JobState.SEARCHING, True)
    assert list(Offer.objects.filter(job=new).values_list("friend", flat=True)) == [pro.pk]
    assert (new.brief, new.windows, new.package_slug) == (old.brief, old.windows, old.package_slug)
    assert figures_are_right(fresh(nord, order), old, new)
    assert order.commission_minor == new.commission_minor == 790
    assert Friend.objects.get(pk=four_near["Ben"].pk).open_jobs == 0
    with tenant_context(nord):
        assert Payment.objects.get(order=order).amount_minor == 7350
    told = {mail.subject: mail.body for mail in deliver()}
    assert any("73,50" in body for subject, body in told.items() if subject.startswith("We are asking pros"))
    assert any("20,83" in body for subject, body in told.items() if "A pro takes over" in subject)


def test_the_friend_is_paid_for_the_diagnosis_once_whatever_the_answer_is(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    owed = Owed.objects.get()
    assert (owed.friend_id, owed.why, owed.amount_minor) == (four_near["Ben"].pk, OwedFor.DIAGNOSIS, 2083)

    decline(nord, asked)

    assert Owed.objects.count() == 1


def test_with_a_no_the_order_ends_with_the_diagnosis_and_the_customer_pays_that(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    order = decline(nord, asked)

    job = job_of(order)
    assert (order.state, order.price_minor, order.commission_minor, order.friend_minor) == (
        OrderState.DONE,
        2083,
        0,
        2083,
    )
    assert (job.state, order.payment_method) == (JobState.DONE, "invoice")
    assert figures_are_right(order, job)
    with tenant_context(nord):
        payment = Payment.objects.get(order=order)
        assert (payment.amount_minor, payment.state) == (2083, "to_invoice")
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=5, words="", now=now())
    assert fresh(nord, order).state == OrderState.CONFIRMED
    assert Friend.objects.get(pk=four_near["Ben"].pk).ratings_count == 1


def test_silence_for_72_hours_is_a_no_and_the_desk_is_told(nord: Tenant, asked: Order, clock: Coordinates) -> None:
    clock.shift(timedelta(hours=71, minutes=59))
    sweep(now=now())
    assert fresh(nord, asked).state == OrderState.ESCALATED

    clock.shift(timedelta(minutes=1))
    sweep(now=now())

    order = fresh(nord, asked)
    assert (order.state, order.attention) == (OrderState.DONE, Attention.HANDOVER_LAPSED)
    assert order.escalation.state == EscalationState.DECLINED
    assert any("No answer about a pro" in mail.subject and mail.to == ["manager@nord.example"] for mail in deliver())


def test_a_deadline_that_comes_after_the_answer_changes_nothing(nord: Tenant, asked: Order, clock: Coordinates) -> None:
    approve(nord, asked)
    clock.shift(timedelta(hours=72))

    sweep(now=now())

    assert fresh(nord, asked).escalation.state == EscalationState.APPROVED


def test_the_same_answer_twice_is_one_and_the_other_one_is_refused(nord: Tenant, asked: Order) -> None:
    approve(nord, asked)
    approve(nord, asked)

    with pytest.raises(HandOverAnswered):
        decline(nord, asked)
    assert Job.objects.filter(order_id=asked.uuid).count() == 2

    order = fresh(nord, asked)
    assert order.escalation.state == EscalationState.APPROVED


def test_nobody_can_close_cancel_or_hand_over_again_while_the_customer_decides(
    nord: Tenant, asked: Order, four_near: Cast
) -> None:
    ben = four_near["Ben"].pk
    with pytest.raises(IllegalOrderMove):
        complete_job(
            job_id=asked.placed_job_id, friend_id=ben, summary="x", material="", minutes=1, is_paid=True, now=now()
        )
    with pytest.raises(IllegalOrderMove):
        hand_over(asked, four_near["Ben"])
    with tenant_context(nord), pytest.raises(IllegalOrderMove):
        cancel_order(
            order_uuid=asked.uuid,
            job_id=asked.placed_job_id,
            tenant_id=nord.pk,
            side=Side.CUSTOMER,
            who="Ada",
            why="",
            now=now(),
        )
    assert fresh(nord, asked).state == OrderState.ESCALATED


def test_only_who_has_the_job_and_was_in_contact_hands_over(nord: Tenant, pro: Friend, four_near: Cast) -> None:
    order = book(nord)
    with pytest.raises(IllegalJobMove):
        hand_over(order, four_near["Ben"])
    accept_offer(job_id=order.placed_job_id, friend_id=four_near["Ben"].pk, now=now())

    with pytest.raises(IllegalOrderMove):
        hand_over(order, four_near["Ben"])
    with pytest.raises(IllegalJobMove):
        hand_over(order, four_near["Cem"])


def test_where_no_pro_can_be_asked_the_friend_is_told_so_and_can_tell_the_manager(
    nord: Tenant, on_site: Order, four_near: Cast, pro: Friend
) -> None:
    ben = four_near["Ben"]
    with platform_context():
        Friend.objects.filter(pk=pro.pk).update(pro_until=now().date() - timedelta(days=1))
        assert prospect_of(job_of(on_site), now=now()).obstacle == "nobody_near"
        ProCountry.objects.all().delete()
        assert prospect_of(job_of(on_site), now=now()).obstacle == "not_enabled"
    with pytest.raises(NoProToAsk):
        hand_over(on_site, ben)

    ask_manager_for_pro(job_id=on_site.placed_job_id, friend_id=ben.pk, words="The wall must be opened.", now=now())

    assert fresh(nord, on_site).attention == Attention.PRO_WANTED
    (mail,) = [mail for mail in deliver() if "A pro is needed" in mail.subject]
    assert "The wall must be opened." in mail.body


def test_a_pro_reads_the_notes_before_acceptance_without_who_the_customer_is(
    nord: Tenant, asked: Order, pro: Friend, four_near: Cast
) -> None:
    order = approve(nord, asked)

    before = job_for_friend(job_id=order.placed_job_id, friend_id=pro.pk)

    (entry,) = before.job.diagnosis
    assert entry["text"].startswith("The cable in the wall is broken.")
    for secret in ("Ada", "Lovelace", "1234567", "customers.example", "Invalidenstr"):
        assert secret not in entry["text"]
    assert before.escalation is None
    assert diagnosis_photo_for_friend(
        job_id=order.placed_job_id, friend_id=pro.pk, photo_id=entry["photos"][0]
    ).startswith(b"\xff\xd8")
    with pytest.raises(OfferNotYours):
        diagnosis_photo_for_friend(
            job_id=order.placed_job_id, friend_id=four_near["Cem"].pk, photo_id=entry["photos"][0]
        )

    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())

    after = job_for_friend(job_id=order.placed_job_id, friend_id=pro.pk)
    assert after.escalation
    assert after.escalation.diagnosis == FOUND
    assert after.contact
    assert after.contact.name == ADA["name"]


def test_who_handed_over_loses_sight_of_the_customer(nord: Tenant, asked: Order, four_near: Cast) -> None:
    ben = four_near["Ben"]
    assert job_for_friend(job_id=asked.placed_job_id, friend_id=ben.pk).contact

    approve(nord, asked)

    after = job_for_friend(job_id=asked.placed_job_id, friend_id=ben.pk)
    assert (after.contact, after.order_state, after.diagnosis_minor) == (None, "handed_over", 2083)


def test_the_pro_agrees_on_a_date_of_their_own_and_closes_the_order(
    nord: Tenant, on_site: Order, four_near: Cast, pro: Friend, clock: Coordinates
) -> None:
    tomorrow = now() + timedelta(days=1)
    date = propose_date_as_friend(
        job_id=on_site.placed_job_id, friend_id=four_near["Ben"].pk, starts_at=tomorrow, now=now()
    )
    with tenant_context(nord):
        accept_date_as_customer(order=order_by_uuid(on_site.uuid), appointment_id=date.pk, now=now())
    hand_over(on_site, four_near["Ben"])
    order = approve(nord, fresh(nord, on_site))
    accept_offer(job_id=order.placed_job_id, friend_id=pro.pk, now=now())
    with tenant_context(nord):
        assert agreed_appointment(order_by_uuid(order.uuid)) is None

    propose_date_as_friend(job_id=order.placed_job_id, friend_id=pro.pk, starts_at=tomorrow, now=now())
    complete_job(
        job_id=order.placed_job_id,
        friend_id=pro.pk,
        summary="New cable",
        material="",
        minutes=90,
        is_paid=True,
        now=now(),
    )

    with tenant_context(nord):
        payment = Payment.objects.get(order__uuid=order.uuid)
    assert (payment.state, payment.amount_minor) == ("paid", 7350)
    with tenant_context(nord):
        rate_completion(order_uuid=order.uuid, tenant_id=nord.pk, stars=4, words="", now=now())
    assert Friend.objects.get(pk=pro.pk).ratings_count == 1


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    surcharge=st.integers(min_value=0, max_value=50_000),
    diagnosis=st.integers(min_value=0, max_value=10_000),
    commission=st.integers(min_value=0, max_value=10_000),
    says_yes=st.booleans(),
)
def test_whatever_the_terms_are_the_figures_add_up(
    nord: Tenant,
    four_near: Cast,
    pro: Friend,
    surcharge: int,
    diagnosis: int,
    commission: int,
    says_yes: bool,
) -> None:
    with transaction.atomic():
        Tenant.objects.filter(pk=nord.pk).update(
            pro_surcharge_bp=surcharge, diagnosis_bp=diagnosis, commission_bp=commission
        )
        order = book(Tenant.objects.get(pk=nord.pk))
        assert Terms.from_json(job_of(order).rules).pro_surcharge_bp == surcharge
        bring_on_site(order, four_near["Ben"])
        hand_over(order, four_near["Ben"], photos=0)
        asked = fresh(nord, order)

        answered = approve(nord, asked) if says_yes else decline(nord, asked)

        assert figures_are_right(fresh(nord, answered), *Job.objects.filter(order_id=order.uuid))
        expected = asked.escalation.price_after_minor if says_yes else asked.escalation.diagnosis_minor
        assert answered.price_minor == expected
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("minor", "currency", "rounded"),
    [(8901, "CHF", 8900), (8902, "CHF", 8900), (8903, "CHF", 8905), (8905, "CHF", 8905), (8901, "EUR", 8901)],
)
def test_prices_are_rounded_to_the_currencys_step(minor: int, currency: str, rounded: int) -> None:
    assert to_step(minor, currency) == rounded


# HTTP


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

    form = client.get(f"{job}hand-over/")
    assert "73,50\N{NO-BREAK SPACE}€" in form.content.decode()
    assert "20,83\N{NO-BREAK SPACE}€" in form.content.decode()
    assert_valid_html(form)

    out = BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "somebody was here"
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    upload = SimpleUploadedFile("a.jpg", out.getvalue(), "image/jpeg")
    sent = client.post(f"{job}hand-over/", {"diagnosis": FOUND, "photos": [upload]})
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
    client, url = ben_signed_in(), f"/en/jobs/{on_site.job_id}/hand-over/"

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
    client, url = ben_signed_in(), f"/en/jobs/{on_site.job_id}/hand-over/"

    page = client.get(url)
    assert "There are no pros in this country yet." in page.content.decode()
    assert_valid_html(page)
    assert client.post(url, {"words": ""}).status_code == 422
    assert client.post(url, {"words": "Please send somebody."}).status_code == 302

    assert fresh(nord, on_site).attention == Attention.PRO_WANTED


def test_the_customer_answers_on_the_status_page(nord: Tenant, asked: Order, visitor: Client, pro: Friend) -> None:
    url = status_url(nord, asked)

    page = visitor.get(url)
    for words in ("May a pro come?", "cable in the wall", "73,50", "24,50", "20,83", "do not answer by"):
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


def test_the_customer_declines_and_confirms_on_the_status_page(nord: Tenant, asked: Order, visitor: Client) -> None:
    url = status_url(nord, asked)

    assert visitor.post(f"{url}pro/decline/").status_code == 302

    page = visitor.get(url)
    assert "Your order ended with the diagnosis" in page.content.decode()
    assert_valid_html(page)
    assert visitor.post(f"{url}confirm/").status_code == 302
    assert fresh(nord, asked).state == OrderState.CONFIRMED


def test_the_pros_page_shows_notes_and_figures(nord: Tenant, asked: Order, pro: Friend) -> None:
    order = approve(nord, asked)
    client = Client(headers={"host": "app.localhost"})
    client.post("/en/sign-in/", {"username": "petra@friends.example", "password": PASSWORD})

    page = client.get(f"/en/jobs/{order.job_id}/")

    text = page.content.decode()
    assert_valid_html(page)
    for words in ("What a friend found on site", "cable in the wall", "73,50", "20,83", "7,90", "44,77"):
        assert words in text
    assert "Lovelace" not in text


def test_managers_see_the_hand_over_and_take_it_off_the_desk(
    nord: Tenant, asked: Order, manager_client: Client, clock: Coordinates
) -> None:
    clock.shift(timedelta(hours=72))
    sweep(now=now())
    order = fresh(nord, asked)

    page = manager_client.get(f"/admin/orders/inspect/{order.pk}/")
    assert "cable in the wall" in page.content.decode()
    assert "Take off the desk" in page.content.decode()
    with tenant_context(nord):
        (kept,) = order.escalation.photos.all()
    assert manager_client.get(f"/admin/orders/{order.uuid}/diagnosis/{kept.pk}/")["Content-Type"] == "image/jpeg"

    manager_client.post(f"/admin/orders/{order.uuid}/off-desk/")

    assert fresh(nord, order).attention == ""
