"""Packages with their questions as managers edit them."""

from typing import ClassVar

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet

from catalog.models import Package
from console.packages.forms import PackageForm
from console.packages.panels import LanguageFieldPanel, LanguageInlinePanel, LanguageTab
from console.packages.prices import PackageTabs, PricesPanel

CODES = [code for code, _name in settings.LANGUAGES]


class YesNoColumn(BooleanColumn):
    """A yes or no as a sign with its word."""

    cell_template_name = "console/packages/parts/yes_no_cell.html"


def _each(name: str) -> list[LanguageFieldPanel]:
    return [LanguageFieldPanel(f"{name}_{code}") for code in CODES]


class TellsLowPrices:
    """Warn, once a package is saved, of a price that leaves a friend less than is promised (R12)."""

    def form_valid(self, form: PackageForm) -> HttpResponse:
        """Save, and say it beside the message that it is saved."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # of Wagtail's view beside it
        for text in form.low_prices:
            messages.warning(self.request, text)  # type: ignore[attr-defined]  # of Wagtail's view
        return response


class PackageCreate(TellsLowPrices, generic.CreateView):
    """A new package."""


class PackageEdit(TellsLowPrices, generic.EditView):
    """A package that is changed."""


class PackageViewSet(ModelViewSet):
    """The catalogue: one package with a tab for each language."""

    model = Package
    name = "packages"
    icon = "tag"
    menu_label = _("Packages")
    add_to_admin_menu = True
    menu_order = 110
    add_view_class = PackageCreate
    edit_view_class = PackageEdit
    list_display: ClassVar = [
        "name",
        "product_number",
        "minutes",
        "level",
        YesNoColumn("is_open", label=_("Can be booked")),
    ]
    list_filter: ClassVar = ["is_open", "level"]
    search_fields: ClassVar = ["name", "product_number"]
    search_backend_name = None
    sort_order_field = "sort_order"
    copy_view_enabled = False
    edit_handler = PackageTabs(
        [
            *(LanguageTab(code, "name", "summary", "included", "not_included") for code in CODES),
            ObjectList(
                [
                    FieldRowPanel([FieldPanel("slug"), FieldPanel("product_number")]),
                    FieldRowPanel(
                        [FieldPanel("minutes"), FieldPanel("level"), FieldPanel("icon"), FieldPanel("is_open")]
                    ),
                    FieldPanel("skills", help_text=_("All of them: a friend needs each one.")),
                    FieldPanel(
                        "certificates",
                        help_text=_(
                            "Which of them must be certified, at the level of whoever does the work. For the others, "
                            "the friend's own statement is enough."
                        ),
                    ),
                    PricesPanel(heading=_("Prices")),
                    FieldPanel(
                        "is_paid_by_partner",
                        help_text=_(
                            "The customer pays nothing. You get an invoice for all these jobs at the beginning of the "
                            "next month."
                        ),
                    ),
                ],
                heading=_("Price and work"),
            ),
            ObjectList(
                [
                    LanguageInlinePanel(
                        "questions",
                        heading=_("Intake questions"),
                        label=_("Question"),
                        panels=[
                            FieldRowPanel([FieldPanel("key"), FieldPanel("kind"), FieldPanel("is_required")]),
                            *_each("label"),
                            *_each("help"),
                            *_each("options"),
                            FieldRowPanel([FieldPanel("min_value"), FieldPanel("max_value"), FieldPanel("max_length")]),
                            FieldPanel("sort_order"),
                        ],
                    )
                ],
                heading=_("Intake questions"),
            ),
        ],
        base_form_class=PackageForm,
    )
