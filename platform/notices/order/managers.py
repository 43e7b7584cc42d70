"""Mails to community managers: what waits on their desk, and how they come in. Operators get the latter too."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors import managers, staff_by_uuid
from accounts.tokens import Purpose
from dispatch.selectors import job_by_id
from dispatch.working.effort import effort_of
from journeys.links import desk_url, password_url
from journeys.topics import ToManagers, ToStaff
from kernel.wording.dates import Place, write_moment
from kernel.wording.texts import pick
from notices.brands import inside, partner_sender, platform_sender, speaking
from notifications.mail import Mail, Sender, send_mail
from orders.models import Order
from orders.selectors import order_by_uuid
from outbox.models import Message
from outbox.services import Handler
from tenants.context import platform_context
from tenants.models import Tenant

Words = Callable[[Order, Tenant, str], Mail]
PersonalWords = Callable[[User, str, str], Mail]


def manager_notice(words: Words) -> Callable[[Message], None]:
    """Return a handler that sends the words to all managers of the partner, each in their language."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            order = order_by_uuid(message.reference["order"])
            url = desk_url(tenant, order.pk)
            for manager in managers():
                with speaking(manager.language):
                    send_mail(
                        mail=words(order, tenant, url),
                        sender=partner_sender(tenant),
                        recipient=manager.email,
                        language=manager.language,
                        key=message.key,
                    )

    return deliver


def _unfilled(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Nobody found for order %(number)s") % {"number": order.number},
        heading=_("Nobody found for order %(number)s") % {"number": order.number},
        paragraphs=[
            _(
                "All rounds are over and nobody has accepted. The customer has been informed. You can ask again or "
                "cancel the order."
            )
        ],
        button=_("Open the order"),
        url=url,
        facts=order_facts(order),
    )


def _given_up(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("Order %(number)s has ended: nobody was found") % {"number": order.number},
        heading=_("Order %(number)s has ended: nobody was found") % {"number": order.number},
        paragraphs=[
            _(
                "All rounds are over and nobody has accepted. Under your rules the order has been cancelled and the "
                "customer notified. You don't need to do anything."
            ),
            _("If this happens often in one place, try more rounds, a wider reach or more friends there."),
        ],
        button=_("Open the order"),
        url=url,
        facts=order_facts(order),
    )


def _overdue(order: Order, tenant: Tenant, url: str) -> Mail:
    return Mail(
        subject=_("No contact yet for order %(number)s") % {"number": order.number},
        heading=_("%(friend)s has not made contact in time") % {"friend": order.friend_name},
        paragraphs=[
            _("The customer should have heard from the friend %(by)s. Please look into it.")
            % {"by": write_moment(order.contact_due_at, place=Place.BY)},
            _("On the page of the order you can pass the job on to other friends with one click."),
        ],
        button=_("Open the order"),
        url=url,
        facts=[
            (_("Attempts to reach the customer"), str(effort_of(job_by_id(order.placed_job_id)).count)),
            *order_facts(order),
        ],
    )


def _text_reported(order: Order, tenant: Tenant, url: str) -> Mail:
    said = [event.detail["words"] for event in order.events.all() if event.kind == "text_reported"]
    return Mail(
        subject=_("A text was reported for order %(number)s") % {"number": order.number},
        heading=_("Please look at a text of order %(number)s") % {"number": order.number},
        paragraphs=[
            _(
                "Before a friend accepts, nobody should read who the customer is. Somebody says that a text tells it "
                "all the same. On the page of the order you see all that was written."
            )
        ],
        button=_("Open the order"),
        url=url,
        facts=[*[(_("Message"), words) for words in said[-1:]], *order_facts(order)],
    )


def order_facts(order: Order) -> list[tuple[str, str]]:
    """Return what tells one order from another, for a mail."""
    return [
        (_("Order number"), order.number or ""),
        (_("Package"), pick(order.package_name, order.language)),
        (_("Place"), f"{order.postal_code} {order.town}"),
    ]


def _personal_notice(words: PersonalWords, purpose: Purpose) -> Callable[[Message], None]:
    """Return a handler that sends one person the words and a link to choose a password, which is made only now."""

    def deliver(message: Message) -> None:
        with _at_home(message.tenant_id) as tenant:
            user = staff_by_uuid(message.reference["user"])
            if user is None:
                # They left between asking and sending; a link would open nothing.
                return
            with speaking(user.language):
                sender = _sender(tenant)
                send_mail(
                    mail=words(user, sender.name, password_url(tenant, user, purpose=purpose)),
                    sender=sender,
                    recipient=user.email,
                    language=user.language,
                    key=message.key,
                )

    return deliver


@contextmanager
def _at_home(tenant_id: int | None) -> Iterator[Tenant | None]:
    """Work where the person's row is: at a partner, or for operators on the platform."""
    if tenant_id is None:
        with platform_context():
            yield None
        return
    with inside(tenant_id) as tenant:
        yield tenant


def _sender(tenant: Tenant | None) -> Sender:
    return platform_sender() if tenant is None else partner_sender(tenant)


def _invited(user: User, brand: str, url: str) -> Mail:
    return Mail(
        subject=_("Welcome to %(brand)s") % {"brand": brand},
        heading=_("Welcome, %(name)s") % {"name": user.get_full_name() or user.email},
        paragraphs=[
            _("%(brand)s has made you a community manager. It is good to have you here.") % {"brand": brand},
            _(
                "Please choose your password first. After that you sign in with your email address, %(email)s, and "
                "find everything in one place: orders, packages, pages and the friends of your community."
            )
            % {"email": user.email},
            _("The link can be used once and expires in seven days."),
        ],
        button=_("Choose your password"),
        url=url,
    )


def _password_reset(user: User, brand: str, url: str) -> Mail:
    return Mail(
        subject=_("Your new password at %(brand)s") % {"brand": brand},
        heading=_("Choose a new password"),
        paragraphs=[
            _("Somebody, most likely you, has asked for a new password for %(email)s at %(brand)s.")
            % {"email": user.email, "brand": brand},
            _("The link can be used once and expires in one hour."),
            _("If it was not you, you don't need to do anything: your password stays as it is."),
        ],
        button=_("Choose a new password"),
        url=url,
    )


MANAGER_NOTICES: dict[str, Handler] = {
    ToManagers.ORDER_UNFILLED: manager_notice(_unfilled),
    ToManagers.ORDER_GIVEN_UP: manager_notice(_given_up),
    ToManagers.CONTACT_OVERDUE: manager_notice(_overdue),
    ToManagers.TEXT_REPORTED: manager_notice(_text_reported),
    ToStaff.INVITED: _personal_notice(_invited, Purpose.INVITATION),
    ToStaff.PASSWORD_RESET: _personal_notice(_password_reset, Purpose.RESET),
}
