"""What leaves the database: once, in the recipient's words, and again later where it failed (R22)."""

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from time_machine import Coordinates

from crowd.models import Friend
from developers.kinds import WEBHOOK
from dispatch.states import DeadlineKind
from journeys.topics import EVERY_TOPIC, ToFriend, Topic
from kernel.clock import now
from notices.brands import platform_sender
from notices.channels import MAIL_TOPIC, PUSH_TOPIC, FriendNotice
from notices.handlers import HANDLERS
from notices.tasks import relay_outbox
from notifications.mail import Mail, send_mail
from outbox.errors import NotGivenUp, UnableToReach
from outbox.models import Message
from outbox.selectors import deliveries, given_up
from outbox.services import BACKOFF, message, post_all, post_held, relay, try_again
from tenants.models import Tenant
from tests.cast import Cast, book, deliver


def test_the_same_key_is_written_once(db: None) -> None:
    for _time in range(2):
        post_all([message(key="a", topic="t", tenant_id=None, now=now())])

    assert Message.objects.count() == 1


def test_a_message_goes_with_its_transaction(db: None) -> None:
    with transaction.atomic():
        post_all([message(key="a", topic="t", tenant_id=None, now=now())])
        assert Message.objects.exists()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


def test_a_delivered_message_is_not_delivered_again(db: None) -> None:
    seen: list[str] = []
    post_all([message(key="a", topic="t", tenant_id=None, now=now())])

    for _time in range(2):
        relay({"t": lambda message: seen.append(message.key)}, now=now())

    assert seen == ["a"]


def test_a_failure_waits_longer_each_time_and_at_last_gives_up(db: None, clock: Coordinates) -> None:
    def fail(message: Message) -> None:
        raise OSError("mail server away")

    post_all([message(key="a", topic="t", tenant_id=None, now=now())])
    for wait in BACKOFF:
        assert relay({"t": fail}, now=now()) == 0
        posted = Message.objects.get()
        assert posted.due_at == now() + wait
        assert posted.gave_up_at is None
        clock.shift(wait)

    relay({"t": fail}, now=now())

    posted = Message.objects.get()
    assert posted.gave_up_at == now()
    assert posted.last_error == "OSError: mail server away"


def test_one_failing_message_does_not_hold_up_the_next(db: None) -> None:
    seen: list[str] = []

    def deliver_or_fail(message: Message) -> None:
        if message.key == "bad":
            raise OSError
        seen.append(message.key)

    post_all([message(key="bad", topic="t", tenant_id=None, now=now())])
    post_all([message(key="good", topic="t", tenant_id=None, now=now())])

    relay({"t": deliver_or_fail}, now=now())

    assert seen == ["good"]


def test_a_channel_that_is_away_is_tried_once_a_turn_and_holds_up_no_other(db: None, clock: Coordinates) -> None:
    tried: list[str] = []

    def fail(message: Message) -> None:
        tried.append(message.key)
        raise UnableToReach("mail server: timed out")

    def deliver(message: Message) -> None:
        tried.append(message.key)

    handlers = {"mail": fail, "letter": fail, "inbox": deliver}
    for number in range(3):
        for topic in handlers:
            post_all([message(key=f"{topic} {number}", topic=topic, tenant_id=None, now=now())])

    sent = relay(handlers, now=now(), channel_of=lambda topic: "in" if topic == "inbox" else "out")

    assert (sent, tried) == (3, ["mail 0", "inbox 0", "inbox 1", "inbox 2"])
    assert Message.objects.get(key="mail 0").due_at == now() + BACKOFF[0]
    # What was not tried has lost no attempt.
    assert set(Message.objects.filter(sent_at=None).values_list("key", "attempts")) == {
        ("mail 0", 1), ("mail 1", 0), ("mail 2", 0), ("letter 0", 0), ("letter 1", 0), ("letter 2", 0)
    }  # fmt: skip


def test_the_workers_turn_delivers_inboxes_and_mails_at_the_first_try(nord: Tenant, four_near: Cast) -> None:
    book(nord)

    relay_outbox()

    assert not Message.objects.filter(attempts__gt=0).exists()
    assert not Message.objects.filter(sent_at=None, due_at__lte=now()).exists()
    assert mail.outbox


def test_a_turn_begins_nothing_new_after_its_budget(db: None) -> None:
    seen: list[str] = []
    for number in range(3):
        post_all([message(key=str(number), topic="t", tenant_id=None, now=now())])

    relay({"t": lambda message: seen.append(message.key)}, now=now(), budget_s=0)

    assert seen == ["0"]


@pytest.mark.parametrize(
    ("error", "raised"),
    [
        (ConnectionRefusedError("refused"), UnableToReach),
        (TimeoutError("timed out"), UnableToReach),
        (SMTPServerDisconnected("closed"), UnableToReach),
        (SMTPRecipientsRefused({}), SMTPRecipientsRefused),
    ],
)
def test_a_mail_server_that_is_away_is_told_from_one_that_refuses_a_mail(
    monkeypatch: pytest.MonkeyPatch, error: OSError, raised: type[Exception]
) -> None:
    def fail(self: EmailMultiAlternatives) -> None:
        raise error

    monkeypatch.setattr(EmailMultiAlternatives, "send", fail)

    with pytest.raises(raised):
        send_mail(
            mail=Mail(subject="s", heading="h", paragraphs=[]), sender=platform_sender(), recipient="ada@x.example",
            language="en", key="k",
        )  # fmt: skip


def test_a_message_is_marked_with_the_moment_of_its_own_delivery(db: None, clock: Coordinates) -> None:
    post_all([message(key="slow", topic="t", tenant_id=None, now=now())])
    post_all([message(key="after", topic="t", tenant_id=None, now=now())])
    begun = now()

    relay({"t": lambda message: clock.shift(timedelta(seconds=2))}, now=begun)

    taken = [one.sent_at - begun for one in Message.objects.order_by("pk") if one.sent_at]
    assert taken == [timedelta(seconds=2), timedelta(seconds=4)]


def test_a_held_message_waits_and_is_measured_from_then(db: None, clock: Coordinates) -> None:
    wanted_at = now() + timedelta(hours=8)
    post_held(key="a", topic="t", tenant_id=None, now=now(), held_until=wanted_at, reference={})
    assert relay({"t": lambda message: None}, now=now()) == 0
    [before] = deliveries(since=now() - timedelta(days=1), now=now())
    assert (before.sent, before.waiting, before.held, before.p50_ms) == (0, 0, 1, None)

    clock.shift(timedelta(hours=8, milliseconds=700))
    assert relay({"t": lambda message: None}, now=now()) == 1

    [after] = deliveries(since=now() - timedelta(days=1), now=now())
    assert (after.sent, after.held, after.p50_ms, after.p99_ms) == (1, 0, 700, 700)


def test_the_figures_are_median_and_99th_percentile_by_topic_and_notice(db: None, clock: Coordinates) -> None:
    for number in range(1, 102):
        post_all(
            [
                message(
                    key=f"a{number}", topic="t", tenant_id=None, now=now() - timedelta(milliseconds=number), notice="x"
                )
            ]
        )
    post_all([message(key="b", topic="t", tenant_id=None, now=now() - timedelta(days=2), notice="y")])
    relay({"t": lambda message: None}, now=now(), limit=101)
    Message.objects.filter(key="b").update(sent_at=now() - timedelta(hours=25))
    Message.objects.filter(key="a1").update(sent_at=now())

    [found] = deliveries(since=now() - timedelta(days=1), now=now())

    assert (found.about, found.sent, found.p50_ms, found.p99_ms) == ("x", 101, 51, 100)


def test_what_was_given_up_is_tried_again_as_often_as_a_new_message(db: None, clock: Coordinates) -> None:
    post_all([message(key="a", topic="t", tenant_id=None, now=now())])
    posted = Message.objects.get()
    with pytest.raises(NotGivenUp):
        try_again(message_id=posted.pk, operator="olga@quartett.example", now=now())
    Message.objects.update(gave_up_at=now(), attempts=8, last_error="OSError")
    assert relay({"t": lambda message: None}, now=now()) == 0
    assert [one.key for one in given_up()] == ["a"]

    try_again(message_id=posted.pk, operator="olga@quartett.example", now=now())

    posted.refresh_from_db()
    assert (posted.attempts, posted.gave_up_at, posted.due_at) == (0, None, now())
    assert relay({"t": lambda message: None}, now=now()) == 1
    assert not given_up().exists()


def test_every_topic_has_a_handler_and_a_recipient() -> None:
    channels = {MAIL_TOPIC, PUSH_TOPIC, WEBHOOK}
    assert set(EVERY_TOPIC) == set(HANDLERS) - channels
    assert len(set(EVERY_TOPIC)) == len(EVERY_TOPIC)
    to_friends = {topic for topic in HANDLERS if isinstance(HANDLERS[topic], FriendNotice)}
    assert to_friends <= set(ToFriend)


@pytest.mark.parametrize("topic", EVERY_TOPIC)
def test_every_topic_is_posted_by_a_journey(topic: Topic) -> None:
    if topic in {ToFriend.CONTACT_REMINDER, ToFriend.CONTACT_LAST_CALL}:
        assert topic.value in DeadlineKind
        return
    journeys = Path(__file__).parents[2] / "platform" / "journeys"
    name = f"{type(topic).__name__}.{topic.name}"
    assert any(name in path.read_text() for path in journeys.rglob("*.py"))


def test_the_confirmation_is_html_and_text_in_the_brand_of_the_partner(nord: Tenant, four_near: Cast) -> None:
    order = book(nord)

    mails = deliver()

    confirmation = next(one for one in mails if one.to == ["ada@customers.example"])
    message = message_from_bytes(confirmation.message().as_bytes(), policy=policy.default)
    html, text = message.get_body(("html",)), message.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "#d7263d" in html.get_content()
    assert f"Your order {order.number} at Nord" == message["Subject"]
    assert "http://nord.localhost:8000/en/orders/" in text.get_content()
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Reply-To"] == "hello@nord.example"


def test_offers_name_neither_customer_nor_street(nord: Tenant, four_near: Cast) -> None:
    book(nord)

    offers = [one for one in deliver() if one.to[0].endswith("@friends.example")]

    assert len(offers) == 4
    for offer in offers:
        for hidden in ("Ada", "Lovelace", "Invalidenstr", "1234567"):
            assert hidden not in offer.message().as_string()
        assert "You get: €41.65" in offer.body


@pytest.mark.parametrize(
    ("language", "word"),
    [("de", "Neuer Auftrag"), ("fr", "Nouvelle mission"), ("it", "Nuovo incarico"), ("pl", "Nowe zlecenie")],
)
def test_a_friend_reads_the_offer_in_their_language(nord: Tenant, four_near: Cast, language: str, word: str) -> None:
    Friend.objects.update(language=language)
    book(nord)

    deliver()

    offers = [one for one in mail.outbox if one.to[0].endswith("@friends.example")]
    assert all(one.subject.startswith(word) for one in offers)
    assert len(offers) == 4
