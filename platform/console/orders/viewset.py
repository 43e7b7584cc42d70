"""Orders as managers list and read them; only journeys change them."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, DateColumn, StatusTagColumn, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from billing.methods import method_by_code
from billing.selectors import bills_of
from console.orders.desk import ways_of
from console.orders.friend_names import FriendNames
from console.orders.log import lines_of
from console.orders.reported_texts import reported_texts_of
from console.orders.talk import talk_of
from console.orders.views import take_refused
from dispatch.selectors import job_with_log
from kernel.clock import now
from orders.models import Order
from orders.permits import may_cancel, may_search_again
from orders.ratings import rated_orders
from orders.selectors import (
    agreed_appointment,
    decision_about_fee,
    fee_of_absence,
    objection_to_fee,
    open_proposal,
    order_by_uuid,
    orders_for_desk,
)
from orders.states import Side
from orders.thread import all_messages_of
from tenants.context import current_tenant


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

    template_name = "console/orders/order.html"
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
            "method": method_by_code(order.payment_method),
            "asked": [(offer, names.shows(offer.friend_id), names.name(offer.friend)) for offer in job.offers.all()],
            "proposal": open_proposal(order),
            "agreed": agreed_appointment(order),
            "has_ratings": rated_orders().filter(pk=order.pk).exists(),
            "report": getattr(order, "report", None),
            "signature": getattr(order, "signature", None),
            "bills": bills_of(order),
            "escalation": getattr(order, "escalation", None),
            "can_search": may_search_again(order.state),
            "can_cancel": may_cancel(order.state, Side.MANAGER),
            "partner": current_tenant(),
            "absence_fee_minor": fee_of_absence(order),
            "fee_objection": objection_to_fee(order),
            "fee_decision": decision_about_fee(order),
            "ways": ways_of(order, job, names, at=now()),
            "refused": take_refused(self.request),
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
    # Where a package is used is no question that an order answers: each booking would pay for it with five statements.
    add_to_reference_index = False
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
