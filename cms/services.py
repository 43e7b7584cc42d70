"""Writes of a brand site: its pages and its managers' rights. Run inside the tenant."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Page, Site

from accounts.groups import MANAGERS
from cms.models import TextPage
from tenants.models import Tenant
from tenants.selectors import tenant_url

# Apps whose rows managers may add, view and change; orders are viewed, and changed only by journeys.
EDITED_MODELS = {
    "catalog": ("add", "change", "delete", "view"),
    "events": ("change", "view"),
    "orders": ("view",),
    "wagtailimages": ("add", "change", "view"),
}
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
# By app: the partner's settings, and what it takes to write pages in a language that was added there.
OTHER_RIGHTS = {
    "wagtailadmin": ("access_admin",),
    "cms": ("change_settings", "add_newsletter", "change_newsletter", "delete_newsletter", "view_newsletter"),
    "newsletters": ("change_issue", "view_subscriber"),
    "wagtailcore": ("add_locale",),
    "simple_translation": ("submit_translation",),
}


def follow_host(tenant: Tenant) -> None:
    """Give Wagtail's site the partner's main host and name, which its links are made of."""
    hostname = urlsplit(tenant_url(tenant)).hostname
    for site in Site.objects.filter(is_default_site=True):
        site.hostname, site.site_name = hostname, tenant.name
        # Wagtail forgets the root paths that it keeps of its sites when one is saved.
        site.save()


@transaction.atomic
def rewrite_page(*, slug: str, bodies: Mapping[str, str]) -> None:
    """Replace the text of the text page of that slug in each of the given languages."""
    for page in TextPage.objects.filter(slug=slug).select_related("locale"):
        page.body = bodies[page.locale.language_code]
        page.save_revision().publish()


def managers_group() -> Group:
    """Return the group whose rights every community manager has; made where it is missing."""
    group, created = Group.objects.get_or_create(name=MANAGERS)
    if created:
        for app, actions in EDITED_MODELS.items():
            wanted = Permission.objects.filter(content_type__app_label=app)
            group.permissions.add(*(one for one in wanted if one.codename.split("_")[0] in actions))
        for app, rights in OTHER_RIGHTS.items():
            group.permissions.add(*Permission.objects.filter(content_type__app_label=app, codename__in=rights))
        for right in PAGE_RIGHTS:
            permission = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=permission)
    return group
