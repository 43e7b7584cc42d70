"""The model in which a newsletter is written: one row a language, and all of an issue share their key."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import PreviewableMixin, RevisionMixin, TranslatableMixin

from cms.newsletters.blocks import newsletter_blocks
from cms.newsletters.composing import preview

MAIL, DARK_MAIL, TEXT, SITE = "mail", "dark", "text", "site"


class Newsletter(PreviewableMixin, RevisionMixin, TranslatableMixin, models.Model):
    """A newsletter in one language, as managers write it. What went out is kept apart (``newsletters.Issue``)."""

    subject = models.CharField(_("subject"), max_length=120)
    preheader = models.CharField(
        _("preview text"), max_length=140, blank=True, help_text=_("What inboxes show beside the subject.")
    )
    body = StreamField(newsletter_blocks(), verbose_name=_("content"))
    changed_at = models.DateTimeField(auto_now=True)

    panels: ClassVar = [FieldPanel("subject"), FieldPanel("preheader"), FieldPanel("body")]

    class Meta(TranslatableMixin.Meta):
        verbose_name = _("newsletter")
        verbose_name_plural = _("newsletters")

    def __str__(self) -> str:
        return self.subject

    @property
    def preview_modes(self) -> list[tuple[str, Any]]:
        """The ways to look at it."""
        return [
            (MAIL, _("Email")),
            (DARK_MAIL, _("Email in dark mode")),
            (TEXT, _("Email without formatting")),
            (SITE, _("On the website")),
        ]

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Show it as its readers will see it."""
        return preview(self, request, mode_name)
