"""The mail to somebody who signed up for a partner's newsletter: please confirm, or that it comes already."""

from django.utils.translation import gettext as _

from journeys.partner.newsletters.ways import choices_url, confirm_url
from journeys.topics import ToCustomer
from newsletters.models import Subscriber
from newsletters.selectors import subscriber_by_uuid
from notices.brands import customer_sender, inside, speaking
from notifications.mail import Mail, send_mail
from outbox.models import Message
from outbox.services import Handler
from tenants.models import Tenant


def _deliver(message: Message) -> None:
    """Send the words to who signed up, unless they are forgotten."""
    with inside(message.tenant_id) as tenant:
        try:
            subscriber = subscriber_by_uuid(message.reference["subscriber"])
        except Subscriber.DoesNotExist:
            return
        with speaking(subscriber.language):
            words = _comes_already if subscriber.is_on_the_list else _please_confirm
            mail, sender = words(subscriber, tenant), customer_sender(tenant, country="")
    send_mail(mail=mail, sender=sender, recipient=subscriber.email, language=subscriber.language, key=message.key)


def _please_confirm(subscriber: Subscriber, tenant: Tenant) -> Mail:
    about = {"brand": tenant.name}
    return Mail(
        subject=_("Please confirm: newsletter of %(brand)s") % about,
        heading=_("Would you like to get our newsletter?"),
        paragraphs=[
            _("This address was entered for the newsletter of %(brand)s. Please confirm that it was you.") % about,
            _("If that was not you, you need not do anything. We delete your address after seven days."),
        ],
        button=_("Yes, send me the newsletter"),
        url=confirm_url(tenant, subscriber),
    )


def _comes_already(subscriber: Subscriber, tenant: Tenant) -> Mail:
    return Mail(
        subject=_("You already get the newsletter of %(brand)s") % {"brand": tenant.name},
        heading=_("You are on the list already"),
        paragraphs=[_("Nothing needs to be done. Here you can change the language or unsubscribe.")],
        button=_("Change"),
        url=choices_url(tenant, subscriber),
    )


NEWSLETTER_NOTICES: dict[str, Handler] = {ToCustomer.NEWSLETTER_ASKED: _deliver}
