"""Who wants the newsletter: coming, going, and the proof of both (R1). Run inside the tenant."""

import hashlib
import ipaddress
import re
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from newsletters.models import Consent, Mail, Subscriber, Suppression
from newsletters.states import MailState, Reason, Source, Step

# So long nobody gets another mail about a sign-up.
PAUSE = timedelta(hours=1)
# Who never confirms is forgotten after this.
KEEP_UNCONFIRMED = timedelta(days=7)
# So long the proof is kept of somebody who has left.
KEEP_ENDED = timedelta(days=3 * 365)
# What is left of an IP address in the proof: its network.
NETWORK_BITS = {4: 24, 6: 48}


@transaction.atomic
def sign_up(
    *, email: str, language: str, words: str, source: Source, address: str, now: datetime
) -> tuple[Subscriber, bool]:
    """Note that somebody wants the newsletter, and say whether a mail about it is due.

    ``words`` is what they read beside the form, ``address`` the IP address, of which the network is kept.
    """
    subscriber, is_new = Subscriber.objects.get_or_create(
        email=email.strip().lower(), defaults={"language": language, "asked_at": now}
    )
    subscriber = Subscriber.objects.select_for_update().get(pk=subscriber.pk)
    if not is_new and subscriber.asked_at > now - PAUSE:
        return subscriber, False
    subscriber.asked_at = now
    if not subscriber.is_on_the_list:
        subscriber.language = language
    subscriber.save(update_fields=["asked_at", "language"])
    if not subscriber.is_on_the_list:
        _note(subscriber, Step.ASKED, source=source, words=words, address=address, now=now)
    return subscriber, True


@transaction.atomic
def confirm(*, subscriber_uuid: UUID, words: str, address: str, now: datetime) -> Subscriber:
    """Put somebody on the list who has proved the address; twice changes nothing.

    Raises ``Subscriber.DoesNotExist``.
    """
    subscriber = Subscriber.objects.select_for_update().get(uuid=subscriber_uuid)
    if not subscriber.is_on_the_list:
        subscriber.confirmed_at, subscriber.ended_at = now, None
        subscriber.save(update_fields=["confirmed_at", "ended_at"])
        Suppression.objects.filter(address_hash=address_hash(subscriber.email)).delete()
        _note(subscriber, Step.CONFIRMED, source=Source.MAIL, words=words, address=address, now=now)
    return subscriber


@transaction.atomic
def unsubscribe(*, subscriber_uuid: UUID, source: Source, now: datetime) -> None:
    """Take somebody off the list; twice changes nothing.

    Raises ``Subscriber.DoesNotExist``.
    """
    subscriber = Subscriber.objects.select_for_update().get(uuid=subscriber_uuid)
    _end(subscriber, Reason.UNSUBSCRIBED, Step.ENDED, source, now)


@transaction.atomic
def unsubscribe_from_mail(*, mail_uuid: UUID, source: Source, now: datetime) -> Mail:
    """Take the recipient of a mail off the list, and note from which issue they left; twice changes nothing.

    Raises ``Mail.DoesNotExist``, also where the recipient was erased.
    """
    mail = mail_with_recipient(mail_uuid)
    Mail.objects.filter(pk=mail.pk).update(unsubscribed_at=Coalesce(F("unsubscribed_at"), now))
    _end_of_mail(mail, Reason.UNSUBSCRIBED, Step.ENDED, source, now)
    return mail


@transaction.atomic
def resubscribe_friend(*, friend_id: UUID) -> None:
    """Let a friend get the community's newsletter again, who had left it themselves."""
    Suppression.objects.filter(friend_id=friend_id, reason=Reason.UNSUBSCRIBED).delete()


@transaction.atomic
def note_return(*, mail_uuid: UUID, is_complaint: bool, said: str, now: datetime) -> None:
    """Note that a mail came back for good, or that its recipient called it spam: they get none any more.

    Raises ``Mail.DoesNotExist``, also where the recipient was erased.
    """
    mail = mail_with_recipient(mail_uuid)
    reason, step = (Reason.COMPLAINED, Step.COMPLAINED) if is_complaint else (Reason.BOUNCED, Step.BOUNCED)
    state = MailState.COMPLAINED if is_complaint else MailState.BOUNCED
    Mail.objects.filter(pk=mail.pk).update(state=state, said=without_addresses(said))
    _end_of_mail(mail, reason, step, Source.MAIL_SERVER, now)


@transaction.atomic
def change_language(*, subscriber_uuid: UUID, language: str) -> None:
    """Let the newsletter come in another language.

    Raises ``Subscriber.DoesNotExist``.
    """
    if not Subscriber.objects.filter(uuid=subscriber_uuid).update(language=language):
        raise Subscriber.DoesNotExist


@transaction.atomic
def erase_subscriber(*, email: str, now: datetime) -> bool:
    """Erase somebody with their proof and say whether there was one; a hash keeps the newsletter from them."""
    erased = Subscriber.objects.filter(email=email.strip().lower()).first()
    if erased is None:
        return False
    Mail.objects.filter(subscriber=erased, state=MailState.QUEUED).update(state=MailState.SKIPPED)
    _suppress(Reason.ERASED, now, address_hash=address_hash(erased.email))
    erased.delete()
    return True


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete those who never confirmed their address within seven days; return how many."""
    old = Subscriber.objects.filter(confirmed_at=None, asked_at__lt=now - KEEP_UNCONFIRMED)
    return old.delete()[1].get("newsletters.Subscriber", 0)


def forget_who_left(*, now: datetime) -> int:
    """Delete those who left three years ago, with their proof; return how many. Their hash stays."""
    old = Subscriber.objects.filter(ended_at__lt=now - KEEP_ENDED, asked_at__lt=now - KEEP_UNCONFIRMED)
    return old.delete()[1].get("newsletters.Subscriber", 0)


def mail_with_recipient(mail_uuid: UUID) -> Mail:
    """Return a mail whose recipient is known.

    Raises ``Mail.DoesNotExist``.
    """
    mail = Mail.objects.select_related("subscriber", "issue").get(uuid=mail_uuid)
    if mail.subscriber is None and mail.friend_id is None:
        raise Mail.DoesNotExist
    return mail


def address_hash(email: str) -> str:
    """Return what stands for an address in the list of those whom nobody writes to."""
    return hashlib.sha256(email.strip().lower().encode()).hexdigest()


def without_addresses(said: str) -> str:
    """Return what a mail server said as it is kept: short, and without anybody's address."""
    return re.sub(r"\S+@\S+", "…", said)[:200]


def network_of(address: str) -> str:
    """Return the network of an IP address, or nothing where it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    network = ipaddress.ip_network((found, NETWORK_BITS[found.version]), strict=False)
    return str(network.network_address)


def _end_of_mail(mail: Mail, reason: Reason, step: Step, source: Source, now: datetime) -> None:
    if mail.subscriber_id is not None:
        subscriber = Subscriber.objects.select_for_update().get(pk=mail.subscriber_id)
        _end(subscriber, reason, step, source, now)
    else:
        _suppress(reason, now, friend_id=mail.friend_id)


def _end(subscriber: Subscriber, reason: Reason, step: Step, source: Source, now: datetime) -> None:
    if subscriber.ended_at is None:
        subscriber.ended_at = now
        subscriber.save(update_fields=["ended_at"])
        _note(subscriber, step, source=source, words="", address="", now=now)
    _suppress(reason, now, address_hash=address_hash(subscriber.email))


def _suppress(reason: Reason, now: datetime, **who: str | UUID | None) -> None:
    Suppression.objects.get_or_create(**who, defaults={"reason": reason, "at": now})


def _note(subscriber: Subscriber, step: Step, *, source: Source, words: str, address: str, now: datetime) -> None:
    Consent.objects.create(
        subscriber=subscriber, step=step, at=now, source=source, words=words, network=network_of(address)
    )
