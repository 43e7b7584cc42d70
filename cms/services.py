"""Writes of a brand site: its first pages and its managers' rights. Run inside the tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import GroupPagePermission, Locale, Page, Site

from accounts.models import Kind, User
from cms.models import CataloguePage, HomePage, TextPage
from tenants.models import Tenant
from tenants.selectors import tenant_url

P = TypeVar("P", bound=Page)

MANAGERS = "Community managers"
CATALOGUE_SLUG = "packages"
# Apps whose rows managers may add, view and change; orders are viewed, and changed only by journeys.
EDITED_MODELS = {
    "catalog": ("add", "change", "delete", "view"),
    "orders": ("view",),
    "wagtailimages": ("add", "change", "view"),
}
PAGE_RIGHTS = ("add_page", "change_page", "publish_page")


@dataclass(frozen=True)
class Words:
    """The texts of a partner's first pages: by language, and for the pages below by slug and then language.

    The slug ``packages`` is the catalogue, whose body is plain text; the others are text pages.
    """

    headline: Mapping[str, str]
    introduction: Mapping[str, str]
    titles: Mapping[str, Mapping[str, str]]
    bodies: Mapping[str, Mapping[str, str]]


@transaction.atomic
def plant_site(*, tenant: Tenant, hostname: str, words: Words) -> HomePage:
    """Create the page tree in each of the partner's languages."""
    root = Page.get_first_root_node()
    # The template's key would be the same at all partners.
    root.translation_key = uuid4()
    locales = _locales(tenant)
    default = tenant.default_language
    root.locale = locales[default]
    home = root.add_child(instance=_home(tenant, default, locales[default], words))
    pages = {slug: home.add_child(instance=_page(slug, default, locales[default], words)) for slug in words.titles}
    for language in (code for code in tenant.languages if code != default):
        translated = root.add_child(
            instance=_home(tenant, language, locales[language], words, key=home.translation_key)
        )
        for slug, page in pages.items():
            translated.add_child(instance=_page(slug, language, locales[language], words, key=page.translation_key))
    Site.objects.all().delete()
    Site.objects.create(hostname=hostname, root_page=home, is_default_site=True, site_name=tenant.name)
    # Wagtail's own first page has no place in a brand site.
    Page.objects.filter(depth=2, slug="home").exclude(pk__in=HomePage.objects.values("pk")).delete()
    return home


def _locales(tenant: Tenant) -> dict[str, Locale]:
    """Return the locales of the partner's languages and remove the others."""
    locales = {code: Locale.objects.get_or_create(language_code=code)[0] for code in tenant.languages}
    fallback = locales[tenant.default_language]
    Page.objects.exclude(locale__in=locales.values()).update(locale=fallback)
    Locale.objects.exclude(language_code__in=tenant.languages).delete()
    return locales


def _home(tenant: Tenant, language: str, locale: Locale, words: Words, **key: object) -> HomePage:
    page = HomePage(
        title=tenant.name,
        slug=f"home-{language}",
        locale=locale,
        headline=words.headline[language],
        introduction=words.introduction[language],
    )
    return _with_key(page, key)


def _page(slug: str, language: str, locale: Locale, words: Words, **key: object) -> Page:
    shared = {"title": words.titles[slug][language], "slug": slug, "locale": locale}
    body = words.bodies[slug][language]
    page = CataloguePage(**shared, introduction=body) if slug == CATALOGUE_SLUG else TextPage(**shared, body=body)
    return _with_key(page, key)


def _with_key(page: P, key: dict[str, object]) -> P:
    if key:
        page.translation_key = key["key"]
    return page


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


@transaction.atomic
def invite_manager(*, email: str, password: str | None, first_name: str, last_name: str, language: str) -> User:
    """Create a community manager of this partner, with the rights of the managers' group."""
    user = User.objects.create_user(
        email, password, kind=Kind.STAFF, first_name=first_name, last_name=last_name, language=language
    )
    user.groups.add(managers_group())
    return user


def managers_group() -> Group:
    """Return the group whose rights every community manager has; made where it is missing."""
    group, created = Group.objects.get_or_create(name=MANAGERS)
    if created:
        for app, actions in EDITED_MODELS.items():
            wanted = Permission.objects.filter(content_type__app_label=app)
            group.permissions.add(*(one for one in wanted if one.codename.split("_")[0] in actions))
        group.permissions.add(Permission.objects.get(codename="access_admin", content_type__app_label="wagtailadmin"))
        for right in PAGE_RIGHTS:
            permission = Permission.objects.get(codename=right, content_type__app_label="wagtailcore")
            GroupPagePermission.objects.create(group=group, page=Page.get_first_root_node(), permission=permission)
    return group
