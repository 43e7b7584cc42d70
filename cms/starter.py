"""What a new brand site begins with.

The template holds the managers' group and a page tree in all languages; a new tenant keeps its languages of it and
gets its name and contact written in. So nothing is built page by page while somebody waits, and it is searchable.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from wagtail.models import Locale, Page, ReferenceIndex, Site
from wagtail.search.backends import get_search_backend
from wagtail.search.models import IndexEntry

from cms.models import CataloguePage, HomePage, TextPage
from cms.services import managers_group
from kernel.wording.german import written_for
from kernel.wording.texts import pick
from tenants.models import Tenant
from tenants.settings.contacts import contact_for

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
TEXT_PAGES = ("imprint", "privacy")

# Pages that are translations of each other share a key, and the template's would be the same at all partners. The
# inner query is materialized, so that each group gets one new key.
_NEW_KEYS = """
WITH keys AS MATERIALIZED (
    SELECT translation_key AS old, gen_random_uuid() AS new FROM wagtailcore_page GROUP BY translation_key
)
UPDATE wagtailcore_page SET translation_key = keys.new FROM keys WHERE translation_key = keys.old
"""


def plant_groups() -> None:
    """Make the managers' group. Run inside the template."""
    managers_group()


def plant_pages() -> None:
    """Make home, catalogue, imprint and privacy in all languages, unless they are there. Run inside the template."""
    if HomePage.objects.exists():
        return
    Locale.objects.exclude(language_code__in=LANGUAGES).delete()
    keys: dict[str, Any] = {}
    root = Page.get_first_root_node()
    for language in LANGUAGES:
        locale, _created = Locale.objects.get_or_create(language_code=language)
        home = root.add_child(instance=_home(language, locale=locale, **keys.get("home", {})))
        keys.setdefault("home", {"translation_key": home.translation_key})
        for slug in ("packages", *TEXT_PAGES):
            page = home.add_child(instance=_page(slug, language, locale=locale, **keys.get(slug, {})))
            keys.setdefault(slug, {"translation_key": page.translation_key})
    Site.objects.all().delete()
    # Wagtail's own first page has no place in a brand site.
    Page.objects.filter(depth=2, slug="home").delete()


def adopt_pages(tenant: Tenant) -> None:
    """Make the template's pages the partner's: its languages, name, headline, contact and host. Some 25 queries."""
    default = Locale.objects.get(language_code=tenant.default_language)
    Page.objects.filter(depth=1).update(locale=default, numchild=len(tenant.languages))
    _drop_other_languages(tenant.languages)
    with connection.cursor() as cursor:
        cursor.execute(_NEW_KEYS)
    homes = list(HomePage.objects.select_related("locale").order_by("path"))
    _name_homes(homes, tenant)
    legal = tenant.legal_name or tenant.name
    texts = list(TextPage.objects.filter(slug__in=TEXT_PAGES).select_related("locale"))
    with written_for(tenant.countries[0] if tenant.countries else ""):
        for page in texts:
            language = page.locale.language_code
            words = pick(_words(page.slug)["body"], language)
            contact = asdict(contact_for(tenant, language=language))
            page.body = words.format(legal=legal, **contact) if page.slug == "imprint" else words
    TextPage.objects.bulk_update(texts, ["body"])
    Site.objects.create(
        hostname=f"{tenant.slug}.{settings.BASE_DOMAIN}",
        root_page=next(page for page in homes if page.locale_id == default.pk),
        is_default_site=True,
        site_name=tenant.name,
    )
    get_search_backend().add_bulk(HomePage, homes)
    get_search_backend().add_bulk(TextPage, texts)


def _name_homes(homes: list[HomePage], tenant: Tenant) -> None:
    """Write the partner's name and tagline into the home pages."""
    for page in homes:
        page.title = page.draft_title = tenant.name
        page.headline = tenant.tagline.get(page.locale.language_code) or page.headline
    Page.objects.filter(pk__in=[page.pk for page in homes]).update(title=tenant.name, draft_title=tenant.name)
    HomePage.objects.bulk_update(homes, ["headline"])


def _drop_other_languages(languages: list[str]) -> None:
    """Take away the template's pages in languages that the partner lacks, without walking the tree page by page."""
    pages = list(Page.objects.exclude(locale__language_code__in=languages).values_list("pk", flat=True))
    for model in (HomePage, CataloguePage, TextPage):
        rows = model.objects.filter(pk__in=pages)
        rows._raw_delete(rows.db)
    ids = [str(pk) for pk in pages]
    for entries in (IndexEntry.objects.filter(object_id__in=ids), ReferenceIndex.objects.filter(object_id__in=ids)):
        entries._raw_delete(entries.db)
    left = Page.objects.filter(pk__in=pages)
    left._raw_delete(left.db)
    Locale.objects.exclude(language_code__in=languages).delete()


def _home(language: str, **fields: Any) -> HomePage:
    return HomePage(
        title="Home",
        slug=f"home-{language}",
        headline=_words("headline")[language],
        introduction=_words("introduction")[language],
        **fields,
    )


def _page(slug: str, language: str, **fields: Any) -> Page:
    words = _words(slug)
    shared = fields | {"title": words["title"][language], "slug": slug}
    body = words["body"][language]
    return TextPage(**shared, body=body) if slug in TEXT_PAGES else CataloguePage(**shared, introduction=body)


@cache
def _words(part: str) -> Mapping[str, Any]:
    words: Mapping[str, Any] = tomllib.loads((Path(__file__).parent / "data" / "pages.toml").read_text("utf-8"))[part]
    return words
