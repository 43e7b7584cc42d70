"""A test key works in the partner's sandbox: the same API, and nothing of it reaches anybody (R2, R3)."""

import json
from collections import Counter
from datetime import datetime, timedelta
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.core import mail
from django.core.mail import get_connection
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from django.test import Client
from pytest_django.fixtures import Settings
from time_machine import Coordinates

from accounts.models import Kind, User
from catalog.models import Package, Price, Question
from crowd.eligibility import Wanted
from crowd.models import SHARED_CROWD, Candidate, Friend, Membership
from crowd.selectors import nearest_candidates, search_friends
from developers.models import Delivery, Endpoint
from developers.webhooks import add_endpoint, note_delivery
from dispatch.fairness.explanations import find_jobs, latest_jobs
from dispatch.models import Job, Offer
from journeys.order.deadlines import sweep
from journeys.order.paying.pay_by_card import sweep_card_payments
from journeys.sandbox import own_clock, till
from journeys.sandbox.own_clock import sweep_sandboxes
from journeys.sandbox.script import STEPS
from journeys.sandbox.till import look_after_till
from journeys.tasks import forget_answers
from kernel.clock import now
from kernel.geo import on_sphere
from ledger.models import Account
from ledger.models import Transaction as Booked
from newsletters.mails import SignedMessage, hand_over
from notices.channels import KEEP_PUSH
from notifications import client
from notifications.held_back import forget_held_back, hold_back
from notifications.kinds import Channel
from notifications.models import HeldBack, PushSubscription
from notifications.services import send_push
from orders.models import Order
from outbox.models import Message
from skills.models import Skill
from stripe_gateway.models import CardDispute, CardPayment, CardRefund
from stripe_gateway.selectors import card_payments, disputes, open_disputes
from stripe_gateway.states import DisputeState, RefundState
from tenants.context import in_name_of, platform_context, tenant_context
from tenants.models import Tenant
from tenants.selectors import partners, sandbox_of
from tests.api.calls import Shop, order_body, problem_of, token_for
from tests.cast import PASSWORD, Cast, book, deliver, register_friend
from tests.developers.receiver import receiving
from tests.developers.telling import call_endpoints, listening


@pytest.fixture
def trial(sandbox: Tenant, clock: Coordinates) -> Shop:
    """Return Nord's shop with a test key, at the address that it will have with a live one."""
    return Shop(token_for(sandbox), host="nord.localhost")


def placed(shop: Shop, **changes: Any) -> dict[str, Any]:
    """Place an order and return it."""
    answer = shop.send("orders", order_body(**changes))
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    return body


def step(shop: Shop, order: dict[str, Any], name: str) -> dict[str, Any]:
    """Let somebody take a step and return the order."""
    answer = shop.send(f"sandbox/orders/{order['id']}/{name}", {})
    assert answer.status_code == 200, answer.content
    body: dict[str, Any] = answer.json()
    return body


def test_a_sandbox_has_the_partners_packages_and_is_no_partner(nord: Tenant, sandbox: Tenant) -> None:
    kinds: tuple[type[Model], ...] = (Package, Price, Question)
    with tenant_context(nord):
        theirs = [list(kind._default_manager.order_by("id").values()) for kind in kinds]
    with tenant_context(sandbox):
        own = [list(kind._default_manager.order_by("id").values()) for kind in kinds]
        Package.objects.create(slug="later", minutes=10, skills=["wifi"])

    assert own == theirs
    assert sandbox.pk not in set(partners().values_list("pk", flat=True))
    assert sandbox_of(nord.pk) == sandbox
    assert sandbox.slug == "sandbox-nord"


def test_the_same_address_serves_both_kinds_of_keys_apart(
    shop: Shop, trial: Shop, nord: Tenant, sandbox: Tenant, four_near: Cast
) -> None:
    real, trying = placed(shop, reference="A"), placed(trial, reference="A")

    assert [order["id"] for order in shop.get("orders").json()["results"]] == [real["id"]]
    assert [order["id"] for order in trial.get("orders").json()["results"]] == [trying["id"]]
    problem_of(trial.get(f"orders/{real['id']}"), 404, "not_found")
    problem_of(shop.get(f"orders/{trying['id']}"), 404, "not_found")
    assert trying["status_url"].startswith("http://sandbox-nord.localhost")
    assert real["status_url"].startswith("http://nord.localhost")
    page = Client(headers={"host": "sandbox-nord.localhost"}).get(urlsplit(trying["status_url"]).path)
    assert page.status_code == 200


def test_neither_key_is_known_on_the_other_side(shop: Shop, trial: Shop, nord: Tenant, sandbox: Tenant) -> None:
    live, test = token_for(nord), token_for(sandbox)
    assert (live[:3], test[:8]) == ("qk_", "qk_test_")

    problem_of(Shop(live, host="sandbox-nord.localhost").get("orders"), 401, "key_unknown")
    problem_of(Shop(test.replace("qk_test_", "qk_"), host="nord.localhost").get("orders"), 401, "key_unknown")
    problem_of(Shop(live.replace("qk_", "qk_test_"), host="nord.localhost").get("orders"), 401, "key_unknown")
    problem_of(Shop(test, host="sued.localhost").get("orders"), 401, "key_unknown")
    assert Shop(test, host="sandbox-nord.localhost").get("orders").status_code == 200


def test_an_order_walks_its_whole_life_and_nobody_hears_of_it(
    trial: Shop, sandbox: Tenant, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    """Watches the outbox: what it posts is delivered, and all of it is held back."""
    outsider = register_friend("Otto", km=1, in_shared_crowd=True)

    order = placed(trial)
    states = [order["state"]]
    for name in ("accept", "contact", "complete", "confirm"):
        deliver()
        states.append(step(trial, order, name)["state"])
    for _round in range(3):
        deliver()

    assert states == ["searching", "accepted", "contacted", "done", "confirmed"]
    assert mail.outbox == []
    with platform_context():
        messages = Message.objects.all()
        assert messages.exclude(tenant_id=sandbox.pk).count() == 0
        assert {message.topic for message in messages} >= {"order_placed", "offer_made", "mail_to_friend", "work_done"}
        assert not messages.filter(sent_at=None).exists(), [message.last_error for message in messages]
        asked = set(Offer.objects.values_list("friend__simulated_for", flat=True))
        assert asked == {sandbox.pk}
        assert not Offer.objects.filter(friend__in=[outsider, *four_near.values()]).exists()
        assert not Booked.objects.exists()
        assert not Account.objects.exists()
        held = set(HeldBack.objects.filter(tenant_id=sandbox.pk).values_list("recipient", flat=True))
    assert held >= {"ada@customers.example", "ada@sandbox.invalid"}
    shown = trial.get("sandbox/messages").json()["results"]
    assert {one["recipient"] for one in shown} == held
    assert all(one["text"] and one["channel"] == "mail" for one in shown)


def test_the_watch_sees_what_a_real_order_sends(shop: Shop, nord: Tenant, four_near: Cast) -> None:
    placed(shop)

    assert "ada@customers.example" in [recipient for sent in deliver() for recipient in sent.to]
    with platform_context():
        assert not HeldBack.objects.exists()


def test_nobody_is_found_where_everybody_says_no(trial: Shop, sandbox: Tenant, clock: Coordinates) -> None:
    order = placed(trial)

    assert step(trial, order, "nobody_found")["state"] == "unfilled"
    with platform_context():
        assert Offer.objects.filter(job__tenant_id=sandbox.pk).count() >= 4
    problem_of(trial.send(f"sandbox/orders/{order['id']}/accept", {}), 409, "step_not_possible")


def test_a_push_is_held_back_too(sandbox: Tenant, monkeypatch: pytest.MonkeyPatch, clock: Coordinates) -> None:
    """Nobody has no device; were there one, it would hear nothing."""
    called: list[object] = []
    monkeypatch.setattr(client, "push", lambda *args, **kwargs: called.append(args))
    with platform_context():
        friend = Friend.objects.filter(simulated_for=sandbox.pk)[0]
        device = PushSubscription.objects.create(
            friend_id=friend.pk, endpoint="https://push.example/1", created_at=now()
        )

        def send() -> bool:
            return send_push(
                device_id=device.pk, payload={"title": "New job"}, key="x", ttl=KEEP_PUSH, is_urgent=True, now=now()
            )

        with in_name_of(sandbox.pk):
            assert send()
        assert (called, HeldBack.objects.get().subject) == ([], "New job")
        send()
        assert len(called) == 1


def test_steps_are_for_test_keys_and_known_names(shop: Shop, trial: Shop, four_near: Cast, clock: Coordinates) -> None:
    real, trying = placed(shop), placed(trial)

    for name in STEPS:
        problem_of(shop.send(f"sandbox/orders/{real['id']}/{name}", {}), 403, "only_in_sandbox")
    problem_of(shop.get("sandbox/messages"), 403, "only_in_sandbox")
    problem_of(trial.send(f"sandbox/orders/{trying['id']}/dance", {}), 404, "not_found")
    problem_of(trial.send(f"sandbox/orders/{trying['id']}/complete", {}), 409, "step_not_possible")
    problem_of(trial.send(f"sandbox/orders/{trying['id']}/accept", {"x": 1}), 422, "fields_not_right")
    reader = Shop(token_for(Tenant.objects.get(slug="sandbox-nord"), "orders:read"), host="nord.localhost")
    problem_of(reader.send(f"sandbox/orders/{trying['id']}/accept", {}), 403, "scope_missing")


def test_the_database_lets_nobody_into_a_sandbox_nor_out_of_it(
    trial: Shop, sandbox: Tenant, nord: Tenant, four_near: Cast
) -> None:
    trying = placed(trial)
    with platform_context():
        nobody = Friend.objects.filter(simulated_for=sandbox.pk)[0]
        somebody = four_near["Ben"]
        job = Job.objects.get(order_id=trying["id"])
        for friend, community in ((nobody, SHARED_CROWD), (nobody, nord.pk), (somebody, sandbox.pk)):
            with pytest.raises(IntegrityError, match="has no place"), transaction.atomic():
                Membership.objects.create(friend=friend, community=community)
        with pytest.raises(IntegrityError, match="stays who they are"), transaction.atomic():
            Friend.objects.filter(pk=nobody.pk).update(simulated_for=None)
        offer = Offer.objects.filter(job=job)[0]
        offer.pk, offer.friend = None, somebody
        with pytest.raises(IntegrityError, match="is not asked about"), transaction.atomic():
            offer.save(force_insert=True)
        with pytest.raises(IntegrityError, match="nothing of a sandbox"), transaction.atomic():
            Account.objects.create(kind="customers", tenant_id=sandbox.pk, currency="EUR")
        with pytest.raises(IntegrityError, match="tenant_sandbox_asks_nobody_else"), transaction.atomic():
            Tenant.objects.filter(pk=sandbox.pk).update(overflows=True)


def test_simulated_friends_are_in_no_list_of_people(sandbox: Tenant, four_near: Cast) -> None:
    with platform_context():
        assert Friend.objects.filter(simulated_for=sandbox.pk).count() >= 4
        assert set(search_friends("")) == set(four_near.values())
        candidates = Candidate.objects.filter(friend__simulated_for__isnull=False)
        assert set(candidates.values_list("community", flat=True)) == {sandbox.pk}


def test_orders_of_a_sandbox_have_numbers_of_their_own(trial: Shop, sandbox: Tenant, nord: Tenant) -> None:
    placed(trial)
    with tenant_context(nord):
        assert not Order.objects.exists()
    with tenant_context(sandbox):
        assert Order.objects.count() == 1


def test_the_clock_goes_forward_by_a_call_and_brings_what_falls_due(
    trial: Shop, shop: Shop, sandbox: Tenant, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    """The friend lets the contact time pass, the work is confirmed by time: each at the moment that it is due."""
    real, order = placed(shop), placed(trial)
    step(trial, order, "accept")
    deliver()

    moved = trial.send("sandbox/clock", {"advance_s": 13 * 3600}).json()

    assert datetime.fromisoformat(moved["now"]) == now() + timedelta(hours=13)
    assert moved["acted"] == 4
    deliver()
    with platform_context():
        held = HeldBack.objects.filter(recipient="ada@customers.example").order_by("at")
        assert [one.at - now() for one in held][-1] == timedelta(hours=13)
        assert not Message.objects.filter(tenant_id=sandbox.pk, sent_at=None).exists()
    step(trial, order, "complete")
    assert trial.send("sandbox/clock", {"advance_s": 4 * 86400}).json()["acted"] >= 1
    events = trial.get(f"orders/{order['id']}/events").json()["results"]
    states = {event["state"]: datetime.fromisoformat(event["at"]) for event in events if event["state"]}
    assert states["confirmed"] == states["done"] + timedelta(days=3)
    assert shop.get(f"orders/{real['id']}").json()["state"] == "searching"
    with tenant_context(nord):
        assert now() == datetime.fromisoformat(real["created_at"])


def test_the_clock_goes_neither_back_nor_too_far_nor_for_live_keys(trial: Shop, shop: Shop, clock: Coordinates) -> None:
    problem_of(trial.send("sandbox/clock", {}), 422, "fields_not_right")
    problem_of(trial.send("sandbox/clock", {"to": "2020-01-01T00:00:00Z"}), 422, "fields_not_right")
    problem_of(trial.send("sandbox/clock", {"to": "2040-01-01T00:00:00Z"}), 422, "fields_not_right")
    problem_of(trial.send("sandbox/clock", {"advance_s": -1}), 422, "fields_not_right")
    problem_of(shop.send("sandbox/clock", {"advance_s": 60}), 403, "only_in_sandbox")
    problem_of(shop.get("sandbox/clock"), 403, "only_in_sandbox")


def test_a_key_runs_out_by_the_real_clock(sandbox: Tenant, clock: Coordinates) -> None:
    trial = Shop(token_for(sandbox, expires_at=now() + timedelta(days=1)), host="nord.localhost")

    assert trial.send("sandbox/clock", {"advance_s": 3 * 86400}).status_code == 200
    assert trial.get("orders").status_code == 200
    clock.shift(timedelta(days=2))
    problem_of(trial.get("orders"), 401, "key_expired")


def test_what_is_due_later_is_swept_by_the_clock_that_is_ahead(
    trial: Shop, sandbox: Tenant, clock: Coordinates
) -> None:
    order = placed(trial)
    assert trial.send("sandbox/clock", {"advance_s": 60}).json()["acted"] == 0
    clock.shift(timedelta(minutes=29, seconds=30))

    with platform_context():
        assert sweep(now=now()) == 0
        assert sweep_sandboxes() == 1
    assert trial.get(f"orders/{order['id']}").json()["state"] == "unfilled"


def test_an_endpoint_of_a_sandbox_is_called_at_once_whatever_its_clock_shows(
    trial: Shop, sandbox: Tenant, clock: Coordinates
) -> None:
    trial.send("sandbox/clock", {"advance_s": 3600})
    with tenant_context(sandbox):
        add_endpoint(tenant_id=sandbox.pk, url="https://shop.example/hook", states=["searching"], who="Maja", now=now())

    placed(trial)

    with platform_context():
        [message] = Message.objects.filter(topic="webhook")
        assert message.due_at == message.created_at == now()


def test_dates_are_proposed_and_agreed_and_somebody_is_not_there(trial: Shop, clock: Coordinates) -> None:
    order = placed(trial)
    step(trial, order, "accept")
    problem_of(trial.send(f"sandbox/orders/{order['id']}/agree_date", {}), 409, "step_not_possible")
    first = step(trial, order, "counter_date")
    step(trial, order, "counter_date")
    agreed = step(trial, order, "agree_date")

    assert (first["state"], first["appointment_at"]) == ("contacted", None)
    assert agreed["state"] == "scheduled"
    at = datetime.fromisoformat(agreed["appointment_at"])
    assert (at - now()).days in {1, 2}
    trial.send(f"sandbox/orders/{order['id']}/no_show", {})
    trial.send("sandbox/clock", {"to": (at + timedelta(minutes=20)).isoformat()})
    assert step(trial, order, "no_show")["state"] == "cancelled"


def test_work_that_is_not_done_is_refunded(trial: Shop, clock: Coordinates) -> None:
    order = placed(trial)
    step(trial, order, "accept")
    step(trial, order, "complete")

    assert step(trial, order, "refund")["state"] == "confirmed"
    with platform_context():
        assert not Booked.objects.exists()


def test_a_test_card_pays_is_declined_and_is_refunded(
    trial: Shop, sandbox: Tenant, settings: Settings, clock: Coordinates
) -> None:
    """No provider is asked: this installation has no key for any."""
    settings.STRIPE_KEY = ""
    order = placed(trial, payment_method="card")
    assert order["state"] == "paying"
    assert order["payment"]["checkout_url"].startswith("http://sandbox-nord.localhost")

    path = f"sandbox/orders/{order['id']}/pay"
    problem_of(trial.send(path, {"card": "4000000000000002"}), 402, "card_declined")
    paid = trial.send(path, {"card": "4242424242424242"}).json()

    assert (paid["state"], paid["payment"]["state"]) == ("searching", "paid")
    problem_of(trial.send(path, {}), 409, "not_waiting_for_payment")
    trial.send(f"orders/{order['id']}/cancel", {"reason": "", "agreed_fee_minor": 0})
    with platform_context():
        assert CardRefund.objects.get().state == RefundState.ASKED
        assert sweep_card_payments(now=now()) == 0
        assert look_after_till() == 1
        assert CardRefund.objects.get().state == RefundState.MADE
        assert not card_payments().exists()
        assert not Booked.objects.exists()


def test_a_payment_is_disputed_and_no_operator_hears_of_it(trial: Shop, sandbox: Tenant, clock: Coordinates) -> None:
    with platform_context():
        operator = User.objects.create_user("olga@quartett.example", PASSWORD, kind=Kind.OPERATOR)
    order = placed(trial, payment_method="card")
    trial.send(f"sandbox/orders/{order['id']}/pay", {"card": "4000000000000259"})
    deliver()

    with platform_context():
        dispute = CardDispute.objects.get()
        assert (dispute.state, dispute.payment.tenant_id) == (DisputeState.OPEN, sandbox.pk)
        assert not disputes().exists()
        assert not open_disputes().exists()
        assert HeldBack.objects.filter(recipient=operator.email).exists()
        assert not Booked.objects.exists()
    assert mail.outbox == []
    other = placed(trial)
    problem_of(trial.send(f"sandbox/orders/{other['id']}/dispute", {}), 409, "no_card_payment")


def test_an_order_that_is_not_paid_ends_when_its_hour_is_over(trial: Shop, clock: Coordinates) -> None:
    order = placed(trial, payment_method="card")

    trial.send("sandbox/clock", {"advance_s": 2 * 3600})

    assert trial.get(f"orders/{order['id']}").json()["state"] == "cancelled"


def test_a_newsletter_of_a_sandbox_goes_to_nobody(sandbox: Tenant) -> None:
    message = SignedMessage(subject="News", body="Words", to=["ada@customers.example"])
    with tenant_context(sandbox), get_connection() as connection:
        hand_over(message, connection)

    assert mail.outbox == []
    with platform_context():
        assert HeldBack.objects.get().recipient == "ada@customers.example"


def test_the_search_never_mixes_who_is_somebody_with_who_is_nobody(
    sandbox: Tenant, nord: Tenant, four_near: Cast, clock: Coordinates
) -> None:
    """Wherever and for whatever is searched: partners' communities and those of sandboxes have no friend in common."""
    random, found = Random(4), Counter[str]()
    for km in range(5, 25):
        register_friend(f"Nina{km}", km=km, communities=[nord.pk], in_shared_crowd=True)
    with platform_context():
        skills = list(Skill.objects.values_list("pk", flat=True))
        nobody = set(Friend.objects.filter(simulated_for=sandbox.pk).values_list("pk", flat=True))
        for _case in range(120):
            community = random.choice((sandbox.pk, nord.pk, SHARED_CROWD))
            wanted = Wanted(
                skills=((random.choice([*skills, Skill.objects.get(slug="wifi").pk]), 0),),
                position=on_sphere(52.5 + random.uniform(-1, 1), 13.4 + random.uniform(-1, 1)),
                reach_m=100_000,
                tenant_id=community or nord.pk,
            )
            near = {one.friend_id for one in nearest_candidates(wanted, community=community, count=8, now=now())}
            assert near <= nobody if community == sandbox.pk else not near & nobody
            found[str(community == sandbox.pk)] += bool(near)
    # Cases in which nobody is found prove little.
    assert min(found["True"], found["False"]) > 0


def test_pages_of_a_sandbox_say_that_nothing_is_carried_out(sandbox: Tenant) -> None:
    page = Client(headers={"host": "sandbox-nord.localhost"}).get("/en/").content.decode()

    assert "Test environment: orders are not carried out." in page
    assert '<meta name="robots" content="noindex">' in page
    assert "Test environment" not in Client(headers={"host": "nord.localhost"}).get("/en/").content.decode()


def test_one_call_at_a_time_moves_the_clock(trial: Shop, sandbox: Tenant, clock: Coordinates) -> None:
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [f"clock:{sandbox.pk}"])
        problem_of(trial.send("sandbox/clock", {"advance_s": 60}, once="a"), 409, "still_being_answered")
    finally:
        other.close()

    assert trial.send("sandbox/clock", {"advance_s": 60}, once="a").status_code == 200


def test_what_a_call_has_no_time_for_happens_within_a_minute(
    trial: Shop, monkeypatch: pytest.MonkeyPatch, clock: Coordinates
) -> None:
    monkeypatch.setattr(own_clock, "BUDGET_S", 0.0)
    order = placed(trial)

    moved = trial.send("sandbox/clock", {"advance_s": 86400}).json()

    assert (datetime.fromisoformat(moved["now"]), moved["acted"]) == (now() + timedelta(days=1), 0)
    with platform_context():
        assert sweep_sandboxes() > 0
    assert trial.get(f"orders/{order['id']}").json()["state"] == "unfilled"


def test_answers_and_the_log_of_webhooks_are_kept_by_the_real_clock(
    trial: Shop, sandbox: Tenant, clock: Coordinates
) -> None:
    endpoint = listening(sandbox, "https://shop.example/hook")
    with tenant_context(sandbox):
        note_delivery(endpoint=endpoint, message_id="a", kind="x", body={}, heard=None, fault="Away", now=now())

    first = trial.send("sandbox/clock", {"advance_s": 40 * 86400}, once="a")
    forget_answers()
    again = trial.send("sandbox/clock", {"advance_s": 40 * 86400}, once="a")

    assert (again.json(), again["Idempotency-Replayed"]) == (first.json(), "true")
    added = trial.send("webhook-endpoints", {"url": "https://shop.example/hook"}).json()
    assert datetime.fromisoformat(added["created_at"]) == now()
    trial.send(f"webhook-endpoints/{added['id']}/secret", {})
    with tenant_context(sandbox):
        assert Delivery.objects.exists()
        assert Endpoint.objects.get(uuid=added["id"]).former_until == datetime.fromisoformat(
            added["created_at"]
        ) + timedelta(days=1)


def test_what_was_held_back_is_kept_by_the_sandboxs_clock(trial: Shop, sandbox: Tenant, clock: Coordinates) -> None:
    trial.send("sandbox/clock", {"advance_s": 5 * 86400})
    hold_back(sandbox_id=sandbox.pk, channel=Channel.MAIL, recipient="a@b.example", subject="Hello", text="Words")
    month = timedelta(days=30)
    clock.shift(month)
    with platform_context():
        assert forget_held_back(now=now(), older_than=month) == 0

    clock.shift(1)

    with platform_context():
        assert forget_held_back(now=now(), older_than=month) == 1


def test_a_payment_or_a_sandbox_that_fails_holds_up_no_other(
    trial: Shop, monkeypatch: pytest.MonkeyPatch, clock: Coordinates
) -> None:
    for _order in range(2):
        placed(trial, payment_method="card")
    with platform_context():
        first, second = CardPayment.objects.order_by("look_at", "id")
        seen: list[UUID] = []

        def look_after(payment_id: UUID, *, now: datetime) -> None:
            seen.append(payment_id)
            if len(seen) % 2:
                raise RuntimeError("The disk is full.")

        monkeypatch.setattr(till, "look_after", look_after)
        CardPayment.objects.update(look_at=now())
        assert look_after_till() == 1
        assert set(seen) == {first.pk, second.pk}
    CardPayment.objects.update(look_at=now())
    assert trial.send("sandbox/clock", {"advance_s": 60}).status_code == 200
    assert len(seen) == 4

    def fail(*_args: object, **_named: object) -> int:
        raise RuntimeError("The disk is full.")

    monkeypatch.setattr(own_clock, "sweep", fail)
    with platform_context():
        assert sweep_sandboxes() == 0


def test_operators_see_no_jobs_of_sandboxes(trial: Shop, nord: Tenant, sandbox: Tenant, four_near: Cast) -> None:
    placed(trial)
    real = book(nord)

    with platform_context():
        trying = Job.objects.get(tenant_id=sandbox.pk)
        assert [job.pk for job in latest_jobs(5)] == [real.placed_job_id]
        assert [job.pk for job in find_jobs(trying.tenant_name)] in ([], [real.placed_job_id])
        assert trying not in find_jobs(trying.order_number)


def test_a_webhook_of_a_sandbox_says_that_it_is_not_live(
    trial: Shop, shop: Shop, nord: Tenant, sandbox: Tenant, four_near: Cast
) -> None:
    with receiving() as receiver, receiving() as live:
        listening(sandbox, receiver.url, "searching")
        listening(nord, live.url, "searching")
        order, real = placed(trial), placed(shop)
        call_endpoints()

    [said], [really] = ([json.loads(body) for _headers, body in one.sent] for one in (receiver, live))
    assert (said["livemode"], said["data"]["id"]) == (False, order["id"])
    assert (really["livemode"], really["data"]["id"]) == (True, real["id"])
