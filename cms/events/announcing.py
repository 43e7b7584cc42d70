"""What becomes public about events: the facts and the names go to where sign-ups are. Run inside the tenant."""

from datetime import datetime

from django.db import transaction

from cms.events.pages import EventPage
from events.selectors import find_event
from events.services import call_it, forget_name
from journeys.event.announce import announce_event
from kernel.clock import now
from tenants.context import current_tenant


def page_published(instance: EventPage, **_more: object) -> None:
    """Follow a page that has become public, by a manager or by the clock."""
    tenant = current_tenant()
    assert tenant is not None  # pages live in tenants only
    follow_page(page=instance, tenant_id=tenant.pk, now=now())


def page_unpublished(instance: EventPage, **_more: object) -> None:
    """Follow a page that is public no longer, or is deleted; guests keep their seats until the event is called off."""
    forget_name(event_id=instance.translation_key, language=instance.locale.language_code)


@transaction.atomic
def follow_page(*, page: EventPage, tenant_id: int, now: datetime) -> None:
    """Announce what a page says: its facts where they are the event's, and the name in its language.

    Raises FieldsNotRight.
    """
    key = page.translation_key
    if page.has_the_facts() or find_event(key) is None:
        announce_event(event_id=key, facts=page.facts(), tenant_id=tenant_id, now=now)
        copied = {name: getattr(page, name) for name in EventPage.FACTS}
        EventPage.objects.filter(translation_key=key).exclude(pk=page.pk).update(**copied)
    call_it(event_id=key, language=page.locale.language_code, title=page.title, summary=page.introduction)
