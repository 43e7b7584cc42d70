"""What the record of an order says for its payment, as a bank reads it: in English, in UTC. Run inside the tenant."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from kernel.wording.texts import pick
from orders.models import Order, ThreadMessage
from orders.selectors import agreed_appointment, agreed_extras, order_by_uuid
from orders.signatures import VIEW_BOX
from orders.states import EscalationState, Side

LANGUAGE = "en"
# Stripe takes so many characters in one field.
MOST = 20_000
# What of an order's log a bank understands, and how it is put.
LOG = {
    "placed": "The customer placed the order.",
    "paid": "The payment arrived and friends near the customer were asked.",
    "accepted": "{who} accepted the order.",
    "contacted": "{who} contacted the customer.",
    "appointment_agreed": "An appointment was agreed.",
    "pro_approved": "The customer agreed to a new price.",
    "pro_declined": "The customer declined a new price; the order ended with the diagnosis.",
    "extra_accepted": "The customer agreed to extra work or another price.",
    "done": "{who} closed the order with a report.",
    "confirmed": "The order was confirmed.",
    "rated": "The work was rated.",
    "cancelled": "The order was cancelled.",
    "withdrawn": "The customer withdrew from the contract.",
}


@dataclass(frozen=True)
class Record:
    """The facts of an order and its log; ``photos`` are the names of the files that both sides have sent.

    ``drawing`` is the customer's signature, as the data of an SVG path.
    """

    number: str
    package: str
    customer: str
    email: str
    address: str
    done_on: str
    log: list[str] = field(default_factory=list)
    report: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    photos: list[str] = field(default_factory=list)
    is_signed: bool = False
    drawing: str = ""
    view_box = VIEW_BOX
    stars: int | None = None
    is_confirmed: bool = False

    def as_evidence(self) -> dict[str, str]:
        """Return what Stripe's fields for evidence say."""
        parts = [
            f"Order {self.number}: {self.package}",
            *_headed("What happened (UTC)", self.log),
            *_headed("Report of whoever did the work", self.report),
            *_headed("Messages between customer and friend", self.messages),
        ]
        if self.photos:
            parts.append(f"Photos on file: {len(self.photos)}")
        if self.stars:
            parts.append(f"The customer rated the work with {self.stars} of 5 stars.")
        told = {
            "product_description": f"{self.package}, order {self.number}",
            "customer_name": self.customer,
            "customer_email_address": self.email,
            "billing_address": self.address,
            "service_date": self.done_on,
            "uncategorized_text": "\n".join(parts)[:MOST],
        }
        return {name: words for name, words in told.items() if words}


def record_of(order_uuid: UUID) -> Record:
    """Return the record of an order."""
    order = order_by_uuid(order_uuid)
    thread = list(order.thread.order_by("written_at", "id"))
    sent = [one.photo.name for one in thread if one.photo]
    review, signature = getattr(order, "review", None), getattr(order, "signature", None)
    return Record(
        number=order.number or "",
        package=pick(order.package_name, LANGUAGE),
        customer=order.name,
        email=order.email,
        address=f"{order.street}, {order.postal_code} {order.town}, {order.country}",
        done_on=order.done_at.astimezone(UTC).date().isoformat() if order.done_at else "",
        log=_log(order),
        report=_report(order),
        messages=[_message(one) for one in thread if one.words],
        photos=[*_photos_of_answers(order), *sent, *_photos_of_diagnosis(order)],
        is_signed=signature is not None,
        drawing=signature.drawing if signature else "",
        stars=review.stars if review else None,
        is_confirmed=bool(order.confirmed_at),
    )


def _log(order: Order) -> list[str]:
    lines = [
        f"{_moment(event.at)}  {LOG[event.kind].format(who=event.who or 'The friend')}"
        for event in order.events.order_by("at", "id")
        if event.kind in LOG
    ]
    agreed = agreed_appointment(order)
    return [*lines, f"Agreed appointment: {_moment(agreed.starts_at)}"] if agreed else lines


def _report(order: Order) -> list[str]:
    lines = []
    escalation = getattr(order, "escalation", None)
    if escalation is not None:
        said = {EscalationState.APPROVED: "yes", EscalationState.DECLINED: "no"}.get(escalation.state, "not answered")
        lines += [f"Found on site: {escalation.diagnosis}", f"New price, customer's answer: {said}"]
    lines += [f"Agreed with the customer on site: {one.words}" for one in agreed_extras(order)]
    report = getattr(order, "report", None)
    if report is not None:
        lines += [report.summary, f"Minutes on site: {report.minutes}"]
        lines += [f"Material: {report.material}"] if report.material else []
    signature = getattr(order, "signature", None)
    if signature is not None:
        how = "Signed" if signature.drawing else "Confirmed by a tick"
        lines.append(f"{how} on site by {signature.name}, {_moment(signature.signed_at)}")
    return lines


def _photos_of_answers(order: Order) -> list[str]:
    return [one.photo.name for one in order.answers.exclude(photo="").order_by("sort_order", "id")]


def _photos_of_diagnosis(order: Order) -> list[str]:
    escalation = getattr(order, "escalation", None)
    return [one.image.name for one in escalation.photos.order_by("pk")] if escalation is not None else []


def _message(one: ThreadMessage) -> str:
    return f"{_moment(one.written_at)}  {'Customer' if one.side == Side.CUSTOMER else 'Friend'}: {one.words}"


def _headed(title: str, lines: list[str]) -> list[str]:
    return ["", title, *lines] if lines else []


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M")
