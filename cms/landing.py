"""Pages for a purpose of their own: a campaign, help, a group of customers."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.blocks import PARTS, Scene, Shows
from cms.in_languages import InLanguages


class LandingPage(Shows, InLanguages):
    """A page put together from parts, under an opening with a drawing."""

    headline = models.CharField(_("headline"), max_length=120)
    introduction = models.TextField(_("introduction"), max_length=400, blank=True)
    scene = models.CharField(_("drawing"), max_length=20, choices=Scene, blank=True, default=Scene.DOOR)
    body: Any = StreamField(PARTS, verbose_name=_("parts"), blank=True)

    template = "cms/landing_page.html"
    parent_page_types: ClassVar = ["cms.HomePage"]
    subpage_types: ClassVar = []
    content_panels: ClassVar = [
        *Page.content_panels,
        *(FieldPanel(name) for name in ("headline", "introduction", "scene", "body")),
    ]

    class Meta:
        verbose_name = _("landing page")

    @property
    def scene_template(self) -> str:
        """The template of the drawing beside the opening."""
        return f"scenes/{self.scene}.html"
