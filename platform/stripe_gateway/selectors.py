"""Reads of payments by card. Run on the platform."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from stripe_gateway.errors import RefusedByProvider
from stripe_gateway.kinds import Provider
from stripe_gateway.models import CARD, CardDispute, CardPayment, CardRefund, ConnectAccount
from stripe_gateway.states import LIVE, REFUNDS_DONE, UNDECIDED_DISPUTES, CardState, Purpose, RefundState
from tenants.selectors import tenant_by_id


def takes_cards() -> bool:
    """Say whether this installation has a key to work with; no query."""
    return bool(settings.STRIPE_KEY)


def merchant_of(currency: str) -> str:
    """Return the platform's account at SumUp for a currency; empty where it has none. No query."""
    return str(settings.SUMUP_MERCHANTS.get(currency, "")) if settings.SUMUP_KEY else ""


def takes_cards_at_sumup() -> bool:
    """Say whether this installation has an account at SumUp; no query."""
    return bool(settings.SUMUP_KEY and settings.SUMUP_MERCHANTS)


def takes_cards_by(provider: str, currency: str) -> bool:
    """Say whether this installation can take cards in a currency by a provider; no query."""
    return takes_cards() if provider == Provider.STRIPE else bool(merchant_of(currency))


def refuse_sandbox(tenant_id: int) -> None:
    """Refuse to take money in a sandbox, where nobody has any.

    Raises RefusedByProvider.
    """
    if tenant_by_id(tenant_id).is_sandbox:
        raise RefusedByProvider


def payment_by_id(payment_id: UUID) -> CardPayment:
    """Return a payment.

    Raises ``CardPayment.DoesNotExist``.
    """
    return CardPayment.objects.get(pk=payment_id)


def live_payment(*, tenant_id: int, order_id: UUID, purpose: str = Purpose.ORDER) -> CardPayment | None:
    """Return the attempt that an order, or a tip for it, waits for."""
    live = CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, purpose=purpose, state__in=LIVE)
    return live.first()


def unreturned_payments(*, tenant_id: int, order_id: UUID) -> list[CardPayment]:
    """Return the payments of an order, tips apart, of which something has not gone back, newest first."""
    of_order = CardPayment.objects.filter(tenant_id=tenant_id, order_id=order_id, purpose=Purpose.ORDER)
    paid = of_order.filter(state=CardState.PAID)
    return list(paid.filter(refunded_minor__lt=F("amount_minor")).order_by("-paid_at", "-created_at", "-id"))


def wrong_payments() -> QuerySet[CardPayment]:
    """Return the payments that are not what was asked for and have not gone back, oldest first."""
    gone = CardRefund.objects.filter(payment=OuterRef("pk"), state__in=REFUNDS_DONE)
    wrong = CardPayment.objects.filter(~Exists(gone), state=CardState.WRONG).exclude(provider=Provider.SANDBOX)
    return wrong.annotate(is_going=Exists(CardRefund.objects.filter(payment=OuterRef("pk")))).order_by(
        "created_at", "id"
    )


def has_wrong_payment(*, tenant_id: int, order_id: UUID) -> bool:
    """Say whether money has come for an order that is not what was asked for, and nobody has decided about it."""
    return wrong_payments().filter(tenant_id=tenant_id, order_id=order_id).exists()


def failed_refunds() -> QuerySet[CardRefund]:
    """Return the refunds that no bank has taken and nothing stands for, oldest first."""
    failed = CardRefund.objects.filter(state=RefundState.FAILED).select_related("payment")
    failed = failed.exclude(payment__provider=Provider.SANDBOX)
    return failed.order_by("created_at", "id")


def refunds_done(payment_id: UUID) -> list[CardRefund]:
    """Return what of a payment the customer has back, oldest first."""
    done = CardRefund.objects.filter(payment=payment_id, state__in=REFUNDS_DONE)
    return list(done.order_by("created_at", "id"))


def refunds_of_amount(payment_id: UUID, *, amount_minor: int) -> list[CardRefund]:
    """Return the refunds of a payment over an amount that were made, oldest first."""
    made = CardRefund.objects.filter(payment=payment_id, state=RefundState.MADE, amount_minor=amount_minor)
    return list(made.order_by("made_at", "created_at", "id"))


def refunds_undone(payment_id: UUID) -> list[CardRefund]:
    """Return the refunds of a payment that no bank has taken, oldest first."""
    undone = CardRefund.objects.filter(payment=payment_id, state__in=[RefundState.FAILED, RefundState.REPLACED])
    return list(undone.order_by("created_at", "id"))


def open_disputes(*, provider: str = "") -> QuerySet[CardDispute]:
    """Return the disputes that are not decided, those first whose answer is due first; of one provider or of all."""
    undecided = CardDispute.objects.filter(state__in=UNDECIDED_DISPUTES).select_related("payment")
    undecided = _with(undecided, payment__provider=provider).exclude(payment__provider=Provider.SANDBOX)
    return undecided.order_by("-state", F("due_by").asc(nulls_last=True), "id")


def charge_backs(*, since: datetime) -> list[CardDispute]:
    """Return the charge-backs at SumUp that have been heard of since then, decided or not, oldest first."""
    at_sumup = CardDispute.objects.filter(payment__provider=Provider.SUMUP, opened_at__gte=since)
    return list(at_sumup.select_related("payment").order_by("opened_at", "id"))


def disputes_of_amount(payment_id: UUID, *, amount_minor: int) -> list[CardDispute]:
    """Return the disputes of a payment over an amount, oldest first."""
    found = CardDispute.objects.filter(payment=payment_id, amount_minor=amount_minor)
    return list(found.order_by("opened_at", "id"))


def card_payments(
    *, words: str = "", state: str = "", currency: str = "", way: str = "", tenant_id: int | None = None
) -> QuerySet[CardPayment]:
    """Return payments by what the customer has read, or their name at Stripe, and how they are paid, latest first."""
    real = CardPayment.objects.exclude(provider=Provider.SANDBOX)
    found = _with(real, state=state, currency=currency, tenant_id=tenant_id)
    if way:
        by_provider = Q(provider=Provider.SUMUP) if way == CARD else Q()
        found = found.filter(Q(asked__allowed_payment_method_types__0=way) | by_provider)
    for word in words.split():
        named = Q(**{f"{_TITLE}__icontains": word}) | Q(**{f"{_DESCRIPTION}__icontains": word})
        found = found.filter(named | Q(intent_id=word) | Q(session_id=word))
    return found.order_by("-created_at", "id")


def disputes(
    *, words: str = "", state: str = "", currency: str = "", tenant_id: int | None = None
) -> QuerySet[CardDispute]:
    """Return disputes by their payment's title, reason or name at Stripe; those first that are undecided."""
    real = CardDispute.objects.exclude(payment__provider=Provider.SANDBOX)
    found = _with(real, state=state, currency=currency, payment__tenant_id=tenant_id)
    for word in words.split():
        found = found.filter(
            Q(**{f"payment__{_TITLE}__icontains": word}) | Q(reason__icontains=word) | Q(dispute_id=word)
        )
    undecided = Case(When(state__in=UNDECIDED_DISPUTES, then=0), default=1)
    return found.select_related("payment").order_by(undecided, "-opened_at", "id")


_DESCRIPTION = "asked__description"
_TITLE = "asked__line_items__0__price_data__product_data__name"


def _with(found: QuerySet[Any], **wanted: object) -> QuerySet[Any]:
    return found.filter(**{name: value for name, value in wanted.items() if value})


def payment_of_intent(intent_id: str) -> CardPayment | None:
    """Return the payment that has a name at Stripe."""
    return CardPayment.objects.filter(intent_id=intent_id).first() if intent_id else None


def refund_named(refund_id: str) -> CardRefund | None:
    """Return the refund that has a name at Stripe."""
    return CardRefund.objects.filter(refund_id=refund_id).first()


def dispute_named(dispute_id: str) -> CardDispute | None:
    """Return the dispute that has a name at Stripe."""
    return CardDispute.objects.filter(dispute_id=dispute_id).first()


def connect_account_of(friend_id: UUID) -> ConnectAccount | None:
    """Return the account at Stripe to which a friend is paid, or wants to be once it is ready."""
    return ConnectAccount.objects.filter(friend_id=friend_id, ended_at=None).first()


def connect_accounts_of(friend_ids: Collection[UUID]) -> dict[UUID, ConnectAccount]:
    """Return the account of each of these friends that has one; no query where nobody is paid by Stripe."""
    if not takes_cards():
        return {}
    return {one.friend_id: one for one in ConnectAccount.objects.filter(friend_id__in=friend_ids, ended_at=None)}


def dispute_by_id(dispute_id: UUID) -> CardDispute:
    """Return a dispute with its payment.

    Raises ``CardDispute.DoesNotExist``.
    """
    return CardDispute.objects.select_related("payment").get(pk=dispute_id)
