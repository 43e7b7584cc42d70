"""What the pages of the brand site add to the managers' admin."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.widgets.button import Button
from wagtail.models import Page

from accounts.models import User
from cms.events import series
from cms.events.pages import EventPage
from cms.newsletters import admin as newsletters


@hooks.register("register_admin_urls")
def urls() -> list[URLPattern]:
    """Add the page on which an event is repeated."""
    return [path("events/repeat/<int:page_id>/", series.repeat, name="repeat_event")]


@hooks.register("register_page_header_buttons")
def repeat_button(page: Page, user: User, **_more: Any) -> Iterator[Button]:
    """Lead from a public event to its repetition."""
    if page.live and isinstance(page.specific, EventPage):
        yield Button(_("Repeat"), reverse("repeat_event", args=[page.pk]), icon_name="repeat", priority=70)


hooks.register("register_snippet_action_menu_item", newsletters.prepare_menu_item)
hooks.register("after_create_snippet", newsletters.go_on_to_sending)
hooks.register("after_edit_snippet", newsletters.go_on_to_sending)
