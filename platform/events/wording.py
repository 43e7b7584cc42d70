"""When and where an event is, in the reader's language and the event's own time."""

from babel.core import Locale
from babel.dates import get_timezone_location
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from events.models import Event
from kernel.wording.dates import write_moment


def write_name(event: Event, language: str) -> str:
    """Write what an event is called in a language, or when it is where no page of it is public any more."""
    return event.title_in(language) or write_when(event)


def write_when(event: Event) -> str:
    """Write from when to when an event lasts, by the clock of its place."""
    with timezone.override(event.zone):
        begin, end = timezone.localtime(event.starts_at), timezone.localtime(event.ends_at)
        last = f"{end:%H:%M}" if begin.date() == end.date() else write_moment(event.ends_at)
        return f"{write_moment(event.starts_at)} – {last}"


def write_zone(event: Event) -> str:
    """Say by whose clock the hours are."""
    locale = Locale.parse(get_language() or "en")
    return _("Local time in %(place)s") % {"place": get_timezone_location(event.zone, locale=locale, return_city=True)}


def write_where(event: Event) -> str:
    """Write where an event is: the address, online, or both."""
    if not event.online_url:
        return event.place
    return _("%(place)s and online") % {"place": event.place} if event.place else _("Online")
