"""Mails to people who wait for a package at their place: please confirm, and somebody comes now."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from journeys.links import package_url, wish_url
from journeys.topics import ToCustomer
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Mail, send_mail
from orders.models import PlaceWish
from orders.place_wishes import wish_by_id
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant

Words = Callable[[PlaceWish, Tenant], Mail]


def _notice(words: Words) -> Callable[[Message], None]:
    """Return a handler that sends the words to who waits, unless the wish is forgotten."""

    def deliver(message: Message) -> None:
        with inside(message.tenant_id) as tenant:
            try:
                wish = wish_by_id(message.reference["wish"])
            except PlaceWish.DoesNotExist:
                return
            with speaking(wish.language):
                mail, sender = words(wish, tenant), customer_sender(tenant, country=wish.country)
        send_mail(mail=mail, sender=sender, recipient=wish.email, language=wish.language, key=message.key)

    return deliver


def _please_confirm(wish: PlaceWish, tenant: Tenant) -> Mail:
    about = {"package": wish.package.name, "place": wish.postal_code}
    return Mail(
        subject=_("Please confirm: %(package)s in %(place)s") % about,
        heading=_("Shall we tell you?"),
        paragraphs=[
            _("You would like to hear when %(package)s is available in %(place)s. Please confirm this.") % about,
            _("If that was not you, you need not do anything. We delete your address after seven days."),
        ],
        button=_("Yes, please tell me"),
        url=wish_url(tenant, wish.pk, wish.language),
    )


def _covered(wish: PlaceWish, tenant: Tenant) -> Mail:
    about = {"package": wish.package.name, "place": wish.postal_code}
    return Mail(
        subject=_("Now available: %(package)s in %(place)s") % about,
        heading=_("Now we come to you"),
        paragraphs=[
            _("%(package)s is now available in %(place)s.") % about,
            _("This is the only email about it. We delete your address within a week."),
        ],
        button=_("See the package"),
        url=package_url(tenant, wish.package.slug, wish.language),
    )


PLACE_NOTICES: dict[str, Handler] = {
    ToCustomer.PLACE_WISHED: _notice(_please_confirm),
    ToCustomer.PLACE_COVERED: _notice(_covered),
}
