"""Pages of events: the list, and each event with its words beside its facts."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock
from wagtail.models import Page

from cms.events.forms import EventPageForm, FactsElsewhere
from cms.in_languages import InLanguages
from communities.selectors import member_of
from events.facts import Facts, read_facts
from events.models import Event
from events.selectors import coming_events, find_event, others_of_series, past_events
from events.states import Audience
from kernel.clock import now

EVENTS, PAST_EVENTS = 100, 12


class EventIndexPage(InLanguages):
    """The events of a partner in one language."""

    introduction = models.TextField(_("introduction"), max_length=400, blank=True)

    template = "cms/event_index_page.html"
    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = ["cms.EventPage"]
    max_count_per_parent = 1
    show_in_menus_default = True
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("events page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Show what comes and what was, each with its page."""
        is_friend, language = member_of(request.user) is not None, self.locale.language_code
        asked: dict[str, Any] = {"now": now(), "is_friend": is_friend, "language": language}
        pages = {page.translation_key: page for page in EventPage.objects.live().child_of(self)}

        def shown(events: models.QuerySet[Event]) -> list[tuple[Event, "EventPage"]]:
            return [(event, pages[event.pk]) for event in events if event.pk in pages]

        lists = {"coming": shown(coming_events(**asked)[:EVENTS]), "past": shown(past_events(**asked)[:PAST_EVENTS])}
        return super().get_context(request, *args, **kwargs) | {"section": "events", **lists}


class EventPage(InLanguages):
    """What an event says in one language, and beside it the facts.

    The facts of the page that was there first are the event's (``events.Event``); its translations carry a copy.
    """

    introduction = models.TextField(_("introduction"), max_length=400)
    picture = models.ForeignKey(
        "wagtailimages.Image", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "ol", "ul", "link"], blank=True)
    photos = StreamField(
        [("photo", ImageBlock())], blank=True, verbose_name=_("photos"), help_text=_("Shown once the event is over.")
    )
    start_day = models.DateField(_("day"))
    start_time = models.TimeField(_("begins at"))
    end_day = models.DateField(_("ends on"), null=True, blank=True, help_text=_("Only if it is another day."))
    end_time = models.TimeField(_("ends at"))
    time_zone = models.CharField(_("time zone"), max_length=40)
    place = models.CharField(_("place"), max_length=200, blank=True, help_text=_("The address, as people find it."))
    online_url = models.URLField(
        _("link to take part online"), max_length=500, blank=True, help_text=_("Only those who have a seat see it.")
    )
    skill_id = models.PositiveIntegerField(
        _("certificate"),
        null=True,
        blank=True,
        help_text=_("Friends of your community who are checked in get it."),
    )
    skill_months = models.PositiveSmallIntegerField(
        _("months that it is valid"), null=True, blank=True, help_text=_("Leave it empty for no end.")
    )
    capacity = models.PositiveIntegerField(
        _("seats"), null=True, blank=True, help_text=_("Leave it empty for any number.")
    )
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience, default=Audience.PUBLIC)

    template = "cms/event_page.html"
    base_form_class = EventPageForm
    parent_page_types: ClassVar = ["cms.EventIndexPage"]
    subpage_types: ClassVar = []
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FactsElsewhere(),
                FieldRowPanel([FieldPanel("start_day"), FieldPanel("start_time")]),
                FieldRowPanel([FieldPanel("end_time"), FieldPanel("end_day")]),
                FieldPanel("time_zone"),
                FieldPanel("place"),
                FieldPanel("online_url"),
                FieldRowPanel([FieldPanel("capacity"), FieldPanel("audience")]),
                FieldRowPanel([FieldPanel("skill_id"), FieldPanel("skill_months")]),
            ],
            heading=_("When, where and for whom"),
        ),
        FieldPanel("picture"),
        FieldPanel("body"),
        FieldPanel("photos"),
    ]

    class Meta:
        verbose_name = _("event")

    FACTS: ClassVar = (
        "start_day", "start_time", "end_day", "end_time", "time_zone", "place", "online_url", "capacity", "audience",
        "skill_id", "skill_months",
    )  # fmt: skip

    def facts(self) -> Facts:
        """Return the facts as the page has them.

        Raises FieldsNotRight.
        """
        return read_facts(**{name: getattr(self, name) for name in self.FACTS})

    def has_the_facts(self) -> bool:
        """Say whether the event's facts are this page's, for it is the first of its translations (1 query)."""
        older = EventPage.objects.filter(translation_key=self.translation_key, pk__lt=self.pk or 0)
        if self.pk is None:
            older = EventPage.objects.filter(translation_key=self.translation_key)
        return not older.exists()

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show an event for friends to members only; strangers come to the door of the community."""
        event = find_event(self.translation_key)
        if event is not None and event.is_for_friends and member_of(request.user) is None:
            return redirect("memberhub:community")
        return super().serve(request, *args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the event with its facts; a preview shows those that are not public yet."""
        event = find_event(self.translation_key)
        if event is None or (getattr(request, "is_preview", False) and self.has_the_facts()):
            event = Event(pk=self.translation_key, **vars(self.facts()))
        added = {"section": "events", "event": event, "is_over": event.ends_at <= now(), "others": self._others(event)}
        return super().get_context(request, *args, **kwargs) | added

    def _others(self, event: Event) -> list[tuple[Event, "EventPage"]]:
        """Return what else of the series is to come, with the pages in this language."""
        others = list(others_of_series(event, now=now(), is_friend=event.is_for_friends))
        keys = [one.pk for one in others]
        found = EventPage.objects.live().filter(translation_key__in=keys, locale=self.locale_id) if keys else ()
        pages = {page.translation_key: page for page in found}
        return [(one, pages[one.pk]) for one in others if one.pk in pages]
