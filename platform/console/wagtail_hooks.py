"""The managers' admin: menu, desk, colours. Hooks run for every tenant, so they decide by the request."""

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import path, reverse, reverse_lazy
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.permissions import register_permission_policy

from console.books import invoices, month
from console.books import views as books
from console.documents import views as friend_documents
from console.events import views as events
from console.imports import views as imports
from console.keys import views as api_keys
from console.newsletters import views as newsletters
from console.orders import disruptions, hidden_texts, not_done, withdrawals
from console.orders import views as orders_views
from console.orders.desk import desk_rows
from console.orders.viewset import OrderViewSet, ViewOnlyPolicy
from console.overflow import views as overflow
from console.packages.viewset import PackageViewSet
from console.permissions import CHANGE_SETTINGS, VIEW_ORDERS
from console.ratings import views as ratings
from console.sandbox import views as sandbox
from console.settings import views as settings_views
from console.simulation import views as simulation
from console.skills import views as own_skills
from console.start import closed, first_steps
from console.support import views as support
from console.vouchers import views as vouchers
from console.webhooks import views as webhooks
from journeys.friend.check_documents import count_documents
from journeys.reads.partner_books import late_payouts
from kernel.clock import now
from orders.models import Order
from orders.ratings import count_reported
from orders.selectors import orders_for_desk
from tenants.context import current_tenant
from tenants.models import Feature
from tenants.selectors import has_feature

ON_THE_DESK = 10

register_permission_policy(Order, ViewOnlyPolicy(Order))


class Desk(Component):
    """What a manager must do now: orders that need attention."""

    order = 10
    template_name = "console/start/desk.html"

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        """Return the oldest orders that need attention, what else waits for a decision, and the newest orders."""
        tenant = current_tenant()
        return {
            "waiting": desk_rows(),
            "documents": count_documents(tenant) if tenant and has_feature(tenant, Feature.COMMUNITY) else 0,
            "reported": count_reported(),
            "late": late_payouts(tenant, timezone.localdate(now())) if tenant else [],
            "newest": orders_for_desk()[:ON_THE_DESK],
        }


class OrdersMenuItem(MenuItem):
    """A menu item for those who look after orders."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may see orders."""
        return request.user.has_perm(VIEW_ORDERS)


@hooks.register("register_admin_viewset")
def viewsets() -> list[Any]:
    """Add orders and packages."""
    return [OrderViewSet(), PackageViewSet()]


@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    """Add what a manager can do about orders and support; Wagtail lets only signed-in managers through."""
    return [
        path("orders/<uuid:order_uuid>/search-again/", orders_views.search_again, name="order_search_again"),
        path("orders/<uuid:order_uuid>/cancel/", orders_views.cancel, name="order_cancel"),
        path("orders/<uuid:order_uuid>/pass-on/", disruptions.pass_on, name="order_pass_on"),
        path("orders/<uuid:order_uuid>/new-date/", disruptions.new_date, name="order_new_date"),
        path("orders/<uuid:order_uuid>/end-absent/", disruptions.end_absent, name="order_end_absent"),
        path("orders/<uuid:order_uuid>/reopen/", disruptions.reopen, name="order_reopen"),
        path(
            "orders/<uuid:order_uuid>/messages/<int:message_id>/",
            orders_views.message_photo,
            name="order_message_photo",
        ),
        path("orders/<uuid:order_uuid>/not-done/", not_done.decide, name="order_not_done"),
        path("orders/<uuid:order_uuid>/fee/", disruptions.settle_fee, name="order_fee"),
        path("orders/<uuid:order_uuid>/withdrawal/", withdrawals.decide, name="order_withdrawal"),
        path("orders/<uuid:order_uuid>/off-desk/", disruptions.off_desk, name="order_off_desk"),
        path("orders/<uuid:order_uuid>/hide-text/", hidden_texts.hide, name="order_hide_text"),
        path("orders/<uuid:order_uuid>/show-text/", hidden_texts.show, name="order_show_text"),
        path("orders/<uuid:order_uuid>/bills/<uuid:bill_uuid>/", orders_views.bill, name="order_bill"),
        path(
            "orders/<uuid:order_uuid>/bills/<uuid:bill_uuid>/xml/",
            orders_views.bill_for_machines,
            name="order_bill_xml",
        ),
        path("orders/photos/<int:answer_id>/", orders_views.photo, name="order_photo"),
        path(
            "orders/<uuid:order_uuid>/answers/<uuid:question_id>/", orders_views.answer_photo, name="order_answer_photo"
        ),
        *support.urlpatterns,
        *friend_documents.urlpatterns,
        *own_skills.urlpatterns,
        *events.urlpatterns,
        *vouchers.urlpatterns,
        *ratings.urlpatterns,
        *books.urlpatterns,
        *month.urlpatterns,
        *invoices.urlpatterns,
        *overflow.urlpatterns,
        *first_steps.urlpatterns,
        *simulation.urlpatterns,
        *api_keys.urlpatterns,
        *imports.urlpatterns,
        *webhooks.urlpatterns,
        *sandbox.urlpatterns,
        *newsletters.urlpatterns,
        path(
            "orders/<uuid:order_uuid>/diagnosis/<int:photo_id>/",
            orders_views.photo_of_diagnosis,
            name="order_diagnosis",
        ),
        path("partner-settings/", settings_views.settings_page, name="partner_settings"),
        path("partner-settings/history/", settings_views.history_page, name="partner_settings_history"),
    ]


@hooks.register("register_admin_menu_item")
def book_for_caller() -> MenuItem:
    """Lead to the catalogue, where a signed-in manager books for a caller."""
    return OrdersMenuItem(_("Book for a caller"), reverse("catalogue"), icon_name="mobile-alt", order=105)


@hooks.register("register_admin_menu_item")
def import_menu_item() -> MenuItem:
    """Lead to the import of orders."""
    return imports.menu_item()


@hooks.register("register_admin_menu_item")
def own_skills_menu_item() -> MenuItem:
    """Lead to the skills for the partner's own products."""
    return own_skills.skills_menu_item()


@hooks.register("register_admin_menu_item")
def vouchers_menu_item() -> MenuItem:
    """Lead to the vouchers."""
    return vouchers.menu_item()


@hooks.register("register_admin_menu_item")
def events_menu_item() -> MenuItem:
    """Lead to the events and their guests."""
    return events.menu_item()


@hooks.register("register_admin_menu_item")
def newsletters_menu_item() -> MenuItem:
    """Lead to the newsletters that are to be sent or were."""
    return newsletters.sending_menu_item()


@hooks.register("register_admin_menu_item")
def subscribers_menu_item() -> MenuItem:
    """Lead to who has signed up for them."""
    return newsletters.subscribers_menu_item()


@hooks.register("register_admin_menu_item")
def certificates_menu_item() -> MenuItem:
    """Lead to the friends who are certified for them."""
    return own_skills.certificates_menu_item()


@hooks.register("register_admin_menu_item")
def ratings_menu_item() -> MenuItem:
    """Lead to the ratings of the partner's orders."""
    return ratings.menu_item()


@hooks.register("register_settings_menu_item")
def sign_in_and_security() -> MenuItem:
    """Lead to password, second factor and passkeys from the menu."""
    return MenuItem(_("Sign-in and security"), reverse_lazy("mfa_index"), icon_name="lock", order=900)


@hooks.register("register_account_menu_item")
def sign_in_and_security_of_account(request: HttpRequest) -> dict[str, Any]:
    """Lead to them from the page of one's own account too."""
    return {
        "url": reverse("mfa_index"),
        "label": _("Sign-in and security"),
        "help_text": _("Password, authenticator app, passkeys and recovery codes."),
    }


class SettingsMenuItem(MenuItem):
    """A menu item for those who may change the partner's settings."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether this user may change them."""
        return request.user.has_perm(CHANGE_SETTINGS)


@hooks.register("register_settings_menu_item")
def partner_settings() -> MenuItem:
    """Lead to the partner's settings."""
    return SettingsMenuItem(_("Partner settings"), reverse("partner_settings"), icon_name="cog", order=10)


@hooks.register("register_settings_menu_item")
def api_keys_menu_item() -> MenuItem:
    """Lead to the keys to the partner API."""
    return api_keys.menu_item()


@hooks.register("register_settings_menu_item")
def webhooks_menu_item() -> MenuItem:
    """Lead to the endpoints of the partner's own systems."""
    return webhooks.menu_item()


@hooks.register("register_settings_menu_item")
def sandbox_menu_item() -> MenuItem:
    """Lead to the sandbox of the partner's developers."""
    return sandbox.menu_item()


@hooks.register("register_permissions")
def settings_permission() -> QuerySet[Permission]:
    """Let the right to change settings be given to other groups too."""
    app, codename = CHANGE_SETTINGS.split(".")
    return Permission.objects.filter(content_type__app_label=app, codename=codename)


@hooks.register("construct_homepage_panels")
def desk(request: HttpRequest, panels: list[Component]) -> None:
    """Put the desk first; before it that the site is closed, and who of the operators may be in the admin."""
    if request.user.has_perm(VIEW_ORDERS):
        panels[:0] = [*support.banners(), *first_steps.panels(), Desk()]
    panels[:0] = closed.banners()


@hooks.register("register_reports_menu_item")
def support_menu_item() -> MenuItem:
    """Lead to the operators' accesses to this partner."""
    return support.menu_item()


@hooks.register("register_admin_menu_item")
def documents_menu_item() -> MenuItem:
    """Lead to the documents of those who want to become friends of this community."""
    return friend_documents.menu_item()


@hooks.register("register_reports_menu_item")
def books_menu_item() -> MenuItem:
    """Lead to the partner's own accounts in the books."""
    return books.menu_item()


@hooks.register("register_reports_menu_item")
def month_menu_item() -> MenuItem:
    """Lead to what came in in a month, and who got it."""
    return month.menu_item()


@hooks.register("register_reports_menu_item")
def invoices_menu_item() -> MenuItem:
    """Lead to the platform's invoices over what the partner pays."""
    return invoices.menu_item()


@hooks.register("register_reports_menu_item")
def overflow_menu_item() -> MenuItem:
    """Lead to the contracts on overflow and what crossed by them."""
    return overflow.menu_item()


@hooks.register("register_reports_menu_item")
def simulation_menu_item() -> MenuItem:
    """Lead to the comparison of rules on a month of orders."""
    return simulation.menu_item()


@hooks.register("insert_global_admin_css")
def admin_colours() -> SafeString:
    """Link our own rules and the partner's colours; the host decides what the latter's address holds."""
    return format_html(
        '<link rel="stylesheet" href="{}"><link rel="stylesheet" href="{}">',
        static("console/admin.css"),
        reverse("admin_theme"),
    )
