"""A partner's system answers friends, chooses among their times, writes to them, and rates, for its customers."""

import json
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from time_machine import Coordinates

from crowd.models import Friend
from dispatch.models import Offer, ProposedTime
from journeys.order.finding.accept_offer import accept_offer
from journeys.order.finding.accept_other_times import propose_other_times
from journeys.order.talking.ask_customer import ask_customer
from journeys.order.talking.write_to_each_other import write_as_friend
from journeys.order.working.agree_date import propose_date_as_friend
from journeys.order.working.complete_job import complete_job, rate_customer
from kernel.clock import now
from orders.models import Attachment, ThreadMessage
from orders.services import attachments
from orders.services.attachments import forget_attachments
from tenants.context import platform_context, tenant_context
from tenants.models import Tenant
from tests.api.calls import Shop, at, faults_of, photo_file, placed, problem_of, uploaded
from tests.cast import Cast
from tests.developers.receiver import receiving
from tests.developers.telling import call_endpoints, listening


def offer_of(four_near: Cast, name: str) -> Offer:
    """Return the offer that a friend has of the only order. Run on the platform."""
    return Offer.objects.get(friend=four_near[name])


def taken_by_ben(four_near: Cast) -> dict[str, Any]:
    """Let Ben have the only order, and return what a journey needs to act for him."""
    with platform_context():
        offer = offer_of(four_near, "Ben")
        accept_offer(job_id=offer.job_id, friend_id=offer.friend_id, now=now())
    return {"job_id": offer.job_id, "friend_id": offer.friend_id}


def closed(ben: dict[str, Any]) -> None:
    """Let Ben be in contact and close the job."""
    with platform_context():
        propose_date_as_friend(**ben, starts_at=at(1, 18), now=now())
        complete_job(**ben, summary="Done", material="", minutes=30, is_paid=False, why_now="Early", now=now())


def test_a_friends_question_is_answered_with_words_and_a_photo(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    with platform_context():
        offer = offer_of(four_near, "Ben")
        ask_customer(job_id=offer.job_id, friend_id=offer.friend_id, ready="", words="Which router is it?", now=now())

    [question] = shop.get(f"orders/{order['id']}/questions").json()["results"]
    assert (question["text"], question["answer"], question["photo_url"]) == ("Which router is it?", None, None)
    answer = {"text": "A grey one. Call 030 1234567.", "photo": uploaded(shop)}
    said = shop.send(f"orders/{order['id']}/questions/{question['id']}/answer", answer)

    assert said.status_code == 200, said.content
    [question] = shop.get(f"orders/{order['id']}/questions").json()["results"]
    assert question["answer"] == "A grey one. Call [contact details hidden]."
    assert shop.client.get(question["photo_url"])["Content-Type"] == "image/jpeg"
    path = f"orders/{order['id']}/questions/{question['id']}/answer"
    problem_of(shop.send(path, {"text": "Once more"}), 409, "question_closed")
    assert "#/text" in faults_of(problem_of(shop.send(path, {"text": "x" * 1001}), 422, "fields_not_right"))


def test_an_answer_that_says_nothing_is_refused_at_its_text(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    with platform_context():
        offer = offer_of(four_near, "Ben")
        ask_customer(job_id=offer.job_id, friend_id=offer.friend_id, ready="", words="Which router?", now=now())
    [question] = shop.get(f"orders/{order['id']}/questions").json()["results"]

    refused = problem_of(
        shop.send(f"orders/{order['id']}/questions/{question['id']}/answer", {}), 422, "nothing_answered"
    )

    assert set(faults_of(refused)) == {"#/text"}


def test_one_of_the_other_times_is_chosen(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    with platform_context():
        offer = offer_of(four_near, "Cem")
        wanted = [at(3, 18), at(4, 18)]
        propose_other_times(job_id=offer.job_id, friend_id=offer.friend_id, times=wanted, note="Later", now=now())

    [offered] = shop.get(f"orders/{order['id']}/other-times").json()["results"]
    assert (offered["note"], offered["stars"], len(offered["times"])) == ("Later", None, 2)
    path = f"orders/{order['id']}/other-times/{offered['times'][1]['id']}/choose"
    chosen = shop.send(path, {}, once="choice").json()

    assert (chosen["state"], chosen["appointment_at"]) == ("scheduled", "2026-11-28T18:00:00+01:00")
    assert shop.send(path, {}, once="choice").json() == chosen
    problem_of(shop.send(path, {}), 409, "taken_meanwhile")


def test_a_friend_who_is_no_longer_free_is_said_so_each_time_and_the_offer_is_taken_back(
    shop: Shop, four_near: Cast
) -> None:
    order = placed(shop)
    with platform_context():
        offer = offer_of(four_near, "Cem")
        propose_other_times(job_id=offer.job_id, friend_id=offer.friend_id, times=[at(3, 18)], now=now())
        Friend.objects.filter(pk=four_near["Cem"].pk).update(open_jobs=3, max_open_jobs=3)
        time = ProposedTime.objects.get()
    path = f"orders/{order['id']}/other-times/{time.pk}/choose"

    for _call in range(2):
        problem_of(shop.send(path, {}, once="choice"), 409, "friend_not_free")

    assert shop.get(f"orders/{order['id']}/other-times").json()["results"] == []


def test_all_other_times_are_declined(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    path = f"orders/{order['id']}/other-times/decline"
    problem_of(shop.send(path, {}), 410, "times_not_open")
    with platform_context():
        offer = offer_of(four_near, "Cem")
        propose_other_times(job_id=offer.job_id, friend_id=offer.friend_id, times=[at(3, 18)], now=now())

    assert shop.send(path, {}).json()["state"] == "searching"

    assert shop.get(f"orders/{order['id']}/other-times").json()["results"] == []


def test_an_appointment_is_proposed_and_agreed(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    ben = taken_by_ben(four_near)
    path = f"orders/{order['id']}/appointments"
    with platform_context():
        propose_date_as_friend(**ben, starts_at=at(2, 18), note="", now=now())

    [proposed] = shop.get(path).json()["results"]
    assert (proposed["state"], proposed["proposed_by"]) == ("proposed", "friend")
    night = problem_of(shop.send(path, {"starts_at": "2026-11-27T03:00:00+01:00"}), 422, "unusual_time")
    assert set(faults_of(night)) == {"#/starts_at"}
    without = problem_of(shop.send(path, {"starts_at": "2026-11-27T18:00:00"}), 422, "fields_not_right")
    assert set(faults_of(without)) == {"#/starts_at"}
    agreed = shop.send(f"{path}/{proposed['id']}/accept", {}).json()

    assert (agreed["state"], agreed["appointment_at"]) == ("scheduled", "2026-11-26T18:00:00+01:00")
    problem_of(shop.send(f"{path}/{proposed['id']}/accept", {}), 409, "no_open_proposal")
    assert shop.send(path, {"starts_at": "2026-11-27T18:00:00+01:00"}).status_code == 200


def test_messages_go_both_ways_and_are_not_read_by_the_partners_system(
    shop: Shop, nord: Tenant, four_near: Cast
) -> None:
    order = placed(shop)
    path = f"orders/{order['id']}/messages"
    problem_of(shop.send(path, {"text": "Hello"}), 409, "thread_is_closed")
    ben = taken_by_ben(four_near)
    photo = uploaded(shop)

    written = shop.send(path, {"text": "The bell is broken.", "photo": photo}, once="first")

    assert written.status_code == 201, written.content
    assert shop.send(path, {"text": "The bell is broken.", "photo": photo}, once="first").json() == written.json()
    problem_of(shop.send(path, {"text": "Again", "photo": photo}), 422, "attachment_unknown")
    assert set(faults_of(problem_of(shop.send(path, {"text": " "}), 422, "nothing_written"))) == {"#/text"}
    with platform_context():
        write_as_friend(**ben, words="I shall knock.", photo=b"", now=now())
    first = shop.get(path, limit="1").json()
    second = shop.client.get(first["next"]).json()
    assert [one["text"] for one in (*first["results"], *second["results"])] == [
        "The bell is broken.",
        "I shall knock.",
    ]
    assert shop.client.get(first["results"][0]["photo_url"], headers={"accept": "image/jpeg"}).status_code == 200
    with tenant_context(nord):
        assert ThreadMessage.objects.get(side="friend").read_at is None


def test_messages_have_the_limit_of_the_site(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    taken_by_ben(four_near)
    path = f"orders/{order['id']}/messages"

    for _message in range(60):
        last = shop.send(path, {"text": "Hello"})
    assert last.status_code == 201

    problem_of(shop.send(path, {"text": "Hello"}), 429, "too_many_attempts")


def test_done_work_is_confirmed_and_rated(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    path = f"orders/{order['id']}"
    problem_of(shop.send(f"{path}/confirm", {}), 409, "illegal_order_move")
    closed(taken_by_ben(four_near))
    assert shop.get(path).json()["may_rate"] is True

    assert shop.send(f"{path}/confirm", {}).json()["state"] == "confirmed"

    too_many = problem_of(shop.send(f"{path}/rating", {"stars": 6}), 422, "stars_out_of_range")
    assert set(faults_of(too_many)) == {"#/stars"}
    rated = shop.send(f"{path}/rating", {"stars": 5, "criteria": {"skilled": 4}, "text": "Quick."}).json()
    assert rated["rating"] | {"created_at": ""} == {
        "stars": 5,
        "criteria": {"skilled": 4},
        "text": "Quick.",
        "created_at": "",
    }
    assert rated["may_rate"] is False
    assert shop.get(path).json()["rating"] is None
    problem_of(shop.send(f"{path}/rating", {"stars": 5}), 409, "already_rated")


def test_a_rating_is_blind_for_the_partner_too_until_both_have_rated(
    shop: Shop, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    order = placed(shop)
    path, ben = f"orders/{order['id']}", taken_by_ben(four_near)
    closed(ben)
    with receiving() as receiver:
        listening(nord, receiver.url, "confirmed", with_snapshot=True)
        shop.send(f"{path}/rating", {"stars": 2, "text": "Late.", "is_done": True})
        call_endpoints()
    assert json.loads(receiver.sent[0][1])["data"]["order"]["rating"] is None
    assert shop.get("orders").json()["results"][0]["rating"] is None

    with platform_context():
        rate_customer(**ben, stars=4, criteria={}, words="", now=now())

    assert shop.get(path).json()["rating"]["stars"] == 2


def test_a_low_rating_says_whether_the_work_is_done(shop: Shop, four_near: Cast) -> None:
    order = placed(shop)
    path = f"orders/{order['id']}"
    closed(taken_by_ben(four_near))

    asked = problem_of(shop.send(f"{path}/rating", {"stars": 1, "text": "No Wi-Fi"}), 422, "say_whether_done")

    assert set(faults_of(asked)) == {"#/is_done"}
    told = shop.send(f"{path}/rating", {"stars": 1, "text": "No Wi-Fi", "is_done": False}).json()
    assert (told["state"], told["rating"]) == ("done", None)
    assert shop.send(f"{path}/not-done", {"text": "Still none"}).status_code == 200
    problem_of(shop.send(f"{path}/not-done", {"text": ""}), 422, "reason_missing")


def test_an_upload_is_a_photo_once(shop: Shop, four_near: Cast) -> None:
    path = "/api/v1/attachments"

    def send(body: dict[str, Any], once: str) -> Any:
        return shop.client.post(path, body, headers={"idempotency-key": once})

    assert set(faults_of(problem_of(send({}, "a"), 422, "fields_not_right"))) == {"#/photo"}
    assert "#/film" in faults_of(problem_of(send({"photo": photo_file(), "film": "x"}, "a"), 422, "fields_not_right"))
    problem_of(shop.send("attachments", {}), 415, "multipart_expected")
    first = send({"photo": photo_file()}, "b")
    assert first.status_code == 201
    assert send({"photo": photo_file()}, "b").json() == first.json()
    problem_of(send({"photo": photo_file("blue")}, "b"), 422, "idempotency_key_reused")
    problem_of(shop.client.post(path, {"photo": photo_file()}), 400, "idempotency_key_missing")
    text = SimpleUploadedFile("photo.png", b"no photo", "image/png")
    assert set(faults_of(problem_of(send({"photo": text}, "c"), 422, "not_a_photo"))) == {"#/photo"}
    huge = SimpleUploadedFile("photo.png", b"x" * (settings.PHOTO_MAX_BYTES + 1), "image/png")
    assert set(faults_of(problem_of(send({"photo": huge}, "c"), 422, "photo_too_large"))) == {"#/photo"}


def test_so_many_uploads_wait_and_no_more(
    shop: Shop, four_near: Cast, clock: Coordinates, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attachments, "MOST_WAITING", 1)
    uploaded(shop)

    def send(once: str) -> Any:
        photo = {"photo": photo_file()}
        return shop.client.post("/api/v1/attachments", photo, headers={"idempotency-key": once})

    problem_of(send("a"), 409, "too_many_attachments")
    clock.shift(24 * 3600)
    assert send("a").status_code == 201


def test_an_attachment_that_nobody_uses_is_forgotten_after_a_day(shop: Shop, nord: Tenant, clock: Coordinates) -> None:
    uploaded(shop)
    clock.shift(24 * 3600)
    with tenant_context(nord):
        assert forget_attachments(now=now()) == 0
        [attachment] = Attachment.objects.all()

        clock.shift(1)
        assert forget_attachments(now=now()) == 1

        assert not attachment.image.storage.exists(attachment.image.name)
