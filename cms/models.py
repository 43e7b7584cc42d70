"""The pages of a brand site. They hold words; catalogue and booking are the storefront's."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from cms.blocks import PARTS, USUAL, Shows, usual_parts
from cms.events.pages import EventIndexPage, EventPage
from cms.in_languages import InLanguages
from cms.landing import LandingPage
from cms.newsletters.writing import Newsletter

__all__ = [
    "CataloguePage",
    "EventIndexPage",
    "EventPage",
    "HomePage",
    "InLanguages",
    "LandingPage",
    "Newsletter",
    "TextPage",
]


class HomePage(Shows, InLanguages):
    """The entrance of a brand site in one language."""

    headline = models.CharField(_("headline"), max_length=120)
    introduction = models.TextField(_("introduction"), max_length=400)
    body: Any = StreamField(
        PARTS,
        verbose_name=_("parts"),
        blank=True,
        default=usual_parts,
        db_default=models.Value(USUAL, models.JSONField()),
    )

    template = "cms/home_page.html"
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["cms.CataloguePage", "cms.TextPage", "cms.LandingPage", "cms.EventIndexPage"]
    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("headline"),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("home page")
        # The right to change the partner's settings; the settings themselves are a row of the platform's schema.
        permissions: ClassVar = [("change_settings", "Can change the partner's settings")]


class CataloguePage(InLanguages):
    """The catalogue in one language: its words are the page's, its packages the storefront's."""

    introduction = models.TextField(_("introduction"), max_length=400, blank=True)

    template = "cms/catalogue_page.html"
    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = []
    max_count_per_parent = 1
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("catalogue page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Mark the menu's entry."""
        return super().get_context(request, *args, **kwargs) | {"section": "catalogue"}


class TextPage(InLanguages):
    """A page of words: imprint, privacy, terms."""

    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "ol", "ul", "link"])

    template = "cms/text_page.html"
    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = []
    content_panels: ClassVar = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("text page")
