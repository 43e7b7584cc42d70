"""What community managers list and edit: packages with their questions, and orders, which only journeys change."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_permission_codename
from django.db.models import QuerySet
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, ObjectList
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from billing.methods import METHODS
from catalog.models import Package
from console.desk import ways_of
from console.friend_names import FriendNames
from console.log import lines_of
from console.package_form import PackageForm
from console.package_prices import PackageTabs, PricesPanel
from console.panels import LanguageFieldPanel, LanguageInlinePanel, LanguageTab
from console.reported_texts import reported_texts_of
from console.talk import talk_of
from dispatch.selectors import job_with_log
from kernel.clock import now
from orders.models import Order
from orders.permits import may_cancel, may_search_again
from orders.ratings import rated_orders
from orders.selectors import agreed_appointment, open_proposal, order_by_uuid, orders_for_desk
from orders.states import Side
from orders.thread import all_messages_of
from tenants.context import current_tenant

CODES = [code for code, _name in settings.LANGUAGES]


class YesNoColumn(BooleanColumn):
    """A yes or no as a sign with its word."""

    cell_template_name = "console/parts/yes_no_cell.html"


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
    list_display: ClassVar = ["name", "minutes", "level", YesNoColumn("is_open", label=_("Can be booked"))]
    list_filter: ClassVar = ["is_open", "level"]
    search_fields: ClassVar = ["name"]
    search_backend_name = None
    sort_order_field = "sort_order"
    copy_view_enabled = False
    edit_handler = PackageTabs(
        [
            *(LanguageTab(code, "name", "summary", "included", "not_included") for code in CODES),
            ObjectList(
                [
                    FieldPanel("slug"),
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


class ViewOnlyPolicy(ModelPermissionPolicy):
    """Nobody adds, edits or deletes an order by hand: its state moves only as its rules allow."""

    def user_has_permission(self, user: Any, action: str) -> bool:
        """Allow looking, to those who may."""
        return action == "view" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user: Any, actions: Any) -> bool:
        """Allow looking, to those who may."""
        return "view" in actions and self.user_has_permission(user, "view")


def _inspect_url(order: Order) -> str:
    return reverse("orders:inspect", args=[order.pk])


def _attention(order: Order) -> str:
    return order.get_attention_display() if order.attention else ""


class OrderIndex(generic.IndexView):
    """The list of orders; the name leads to the detail."""

    any_permission_required: ClassVar = ["view"]

    def get_base_queryset(self) -> QuerySet[Order]:
        """Return what the desk shows, newest first."""
        return orders_for_desk()

    def search_queryset(self, queryset: QuerySet[Order]) -> QuerySet[Order]:
        """Search number, name, mail address and town."""
        return orders_for_desk(query=self.search_query) & queryset if self.is_searching else queryset


class OrderInspect(generic.InspectView):
    """An order with its answers, dates, offers and full log, and what a manager can do about it."""

    template_name = "console/order.html"
    any_permission_required: ClassVar = ["view"]
    page_title = _("Order")
    fields: ClassVar = ["number"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add all there is to know about the order."""
        order = order_by_uuid(self.object.uuid)
        job = job_with_log(order.placed_job_id)
        names = FriendNames(job)
        context = {
            "order": order,
            "job": job,
            "log": lines_of(order, job, names),
            "talk": talk_of(order, job, names, now=now()),
            "reported_texts": reported_texts_of(order, now=now()),
            "thread": list(all_messages_of(order)),
            "method": METHODS[order.payment_method],
            "asked": [(offer, names.shows(offer.friend_id), names.name(offer.friend)) for offer in job.offers.all()],
            "proposal": open_proposal(order),
            "agreed": agreed_appointment(order),
            "has_ratings": rated_orders().filter(pk=order.pk).exists(),
            "report": getattr(order, "report", None),
            "escalation": getattr(order, "escalation", None),
            "can_search": may_search_again(order.state),
            "can_cancel": may_cancel(order.state, Side.MANAGER),
            "partner": current_tenant(),
            "ways": ways_of(order, job, names, at=now()),
        }
        return super().get_context_data(**kwargs) | context


class OrderViewSet(ModelViewSet):
    """The orders."""

    model = Order
    name = "orders"
    icon = "list-ul"
    menu_label = _("Orders")
    add_to_admin_menu = True
    menu_order = 100
    exclude_form_fields: ClassVar = ["draft"]
    index_view_class = OrderIndex
    inspect_view_class = OrderInspect
    inspect_view_enabled = True
    copy_view_enabled = False
    list_display: ClassVar = [
        TitleColumn("number", label=_("Order number"), get_url=_inspect_url),
        Column("package", label=_("Package")),
        Column("name", label=_("Customer")),
        Column("town", label=_("Town")),
        StatusTagColumn("get_state_display", label=_("State")),
        Column("attention", label=_("Needs attention"), accessor=_attention),
        DateColumn("created_at", label=_("Booked at")),
    ]
    list_filter: ClassVar = ["state", "attention", "source"]
    list_per_page = 50
    search_fields: ClassVar = ["number", "name", "email", "town"]
    search_backend_name = None


VIEW_ORDERS = f"orders.{get_permission_codename('view', Order._meta)}"
