"""Newsletters in the admin: where they are written, and the step from writing to sending."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import UpdatedAtColumn
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from cms.newsletters.preparing import prepare
from cms.newsletters.writing import Newsletter
from kernel.clock import now
from newsletters.errors import IssueUnderWay, UnfitContent

SEND = "action-prepare"


class NewsletterViewSet(SnippetViewSet):
    """Newsletters as they are written."""

    model = Newsletter
    icon = "mail"
    menu_label = _("Newsletters")
    menu_order = 120
    add_to_admin_menu = True
    list_display: ClassVar = ["subject", UpdatedAtColumn()]
    search_fields: ClassVar = ["subject"]
    search_backend_name = None
    ordering: ClassVar = ["-changed_at", "-pk"]


register_snippet(NewsletterViewSet)


class PrepareMenuItem(ActionMenuItem):
    """Save, and go on to recipients and sending."""

    name = SEND
    label = _("Save and go on to sending")
    icon_name = "mail"

    def is_shown(self, context: dict[str, Any]) -> bool:
        """Show it beside newsletters."""
        return context["model"] is Newsletter and super().is_shown(context)


def prepare_menu_item(model: type) -> ActionMenuItem | None:
    """Offer the step from writing to sending."""
    return PrepareMenuItem(order=5) if model is Newsletter else None


def go_on_to_sending(request: HttpRequest, instance: Any) -> HttpResponse | None:
    """Make an issue of what is written and lead to it; what keeps it from going out is said, and nothing is lost."""
    if SEND not in request.POST or not isinstance(instance, Newsletter):
        return None
    tenant = request.tenant  # type: ignore[attr-defined]  # set by TenantMiddleware
    try:
        issue = prepare(key=instance.translation_key, tenant=tenant, now=now())
    except (UnfitContent, IssueUnderWay) as error:
        for fault in getattr(error, "faults", (str(error),)):
            messages.error(request, fault)
        return redirect(instance.snippet_viewset.get_url_name("edit"), instance.pk)
    return redirect("newsletter_issue", issue.uuid)
