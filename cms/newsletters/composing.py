"""From blocks to a mail in HTML (by MJML) and text, and a page of the archive. Run inside the tenant."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import mrml
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from wagtail.rich_text import expand_db_html

from catalog.languages import texts_of
from catalog.models import Package
from catalog.selectors import all_packages
from events.models import Event
from events.selectors import coming_events
from journeys.links import event_path, package_url
from journeys.reads.community_numbers import CommunityNumbers, numbers_of
from kernel.clock import now
from kernel.wording.dates import write_moment
from kernel.wording.german import written_for
from newsletters.issues import Written
from newsletters.mails import CHOICES, LEAVE, LETTER, seen_by_day, seen_in_the_dark
from newsletters.plain import plain_text
from tenants.models import Tenant
from tenants.selectors import tenant_url
from tenants.settings.contacts import contact_for
from tenants.settings.theming import readable, text_on

WHITE, NIGHT = "#ffffff", "#1d1f24"
# So wide are pictures shown; twice as wide they are sent, for dense screens.
PICTURE = "width-1120"
# Fonts from elsewhere would tell others who opens a mail.
NO_FONTS = mrml.RenderOptions(fonts={})
_OWN_ADDRESS = re.compile(r'href="(?=/)')


class Piece(Protocol):
    """A newsletter in one language, as it is written."""

    subject: str
    preheader: str
    body: Any
    locale: Any


@dataclass(frozen=True)
class Offered:
    """A package as a newsletter shows it: prices are (minor units, currency, country)."""

    name: str
    summary: str
    url: str
    prices: tuple[tuple[int, str, str], ...]


@dataclass(frozen=True)
class Coming:
    """An event as a newsletter shows it."""

    title: str
    starts: str
    place: str
    url: str


def compose(newsletter: Piece, tenant: Tenant) -> Written:
    """Return a newsletter ready to go out, in its language."""
    language = newsletter.locale.language_code
    with translation.override(language), written_for(tenant.countries[0] if tenant.countries else ""):
        blocks = list(_shown(newsletter, tenant, language))
        context = _context(newsletter, tenant, language)
        mail = _rendered("mail", "mjml", blocks, context)
        web = _rendered("web", "html", blocks, context)
        source = render_to_string("cms/newsletters/mail.mjml", context | {"body": mail})
        html = mrml.to_html(source, None, NO_FONTS).content
        text = render_to_string("cms/newsletters/mail.txt", context | {"body": plain_text(web)})
    return Written(language=language, subject=newsletter.subject, html=html, text=text.strip() + "\n", web=web)


def faults_of(newsletter: Piece, tenant: Tenant) -> Iterator[str]:
    """Say what keeps a newsletter from going out: packages that nobody could book, or without words in its language."""
    language = newsletter.locale.language_code
    names = {"newsletter": newsletter.subject, "language": get_language_info(language)["name_translated"]}
    packages = {package.slug: package for package in all_packages()}
    for block in newsletter.body:
        for slug in block.value["packages"] if block.block_type == "packages" else ():
            package = packages.get(slug)
            about = names | {"package": package.name if package else slug}
            if package is None or not package.is_open:
                yield _("“%(newsletter)s”: the package %(package)s cannot be booked.") % about
            elif not _prices(package, tenant):
                yield _("“%(newsletter)s”: the package %(package)s has no price yet.") % about
            elif language not in texts_of(package, "name"):
                yield _("“%(newsletter)s”: the package %(package)s has no text in %(language)s.") % about


def preview(newsletter: Piece, request: HttpRequest, mode: str) -> HttpResponse:
    """Show a newsletter that is being written in one of the ways that its readers have."""
    tenant = request.tenant  # type: ignore[attr-defined]  # set by TenantMiddleware
    written = compose(newsletter, tenant)
    if mode == "text":
        return HttpResponse(written.text, content_type="text/plain; charset=utf-8")
    if mode == "site":
        with translation.override(written.language):
            content = {"subject": written.subject, "web": written.web, "issue": {"started_at": now()}}
            return render(request, "storefront/newsletter/issue.html", {"content": content})
    return HttpResponse(seen_in_the_dark(written.html) if mode == "dark" else seen_by_day(written.html))


def _shown(newsletter: Piece, tenant: Tenant, language: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the name of each block with what its templates show."""
    packages = {package.slug: package for package in all_packages()}
    for block in newsletter.body:
        shown: dict[str, Any] = {"value": block.value}
        if block.block_type == "news":
            shown |= {"text": _absolute(expand_db_html(block.value["text"].source), tenant)} | _picture(block, tenant)
        elif block.block_type == "packages":
            chosen = [packages[slug] for slug in block.value["packages"] if slug in packages]
            shown["packages"] = [_offered(package, tenant, language) for package in chosen]
        elif block.block_type == "events":
            shown["events"] = _coming(tenant, language, most=block.value["count"] or 0)
        elif block.block_type == "numbers":
            shown["numbers"] = _numbers(tenant)
        yield block.block_type, shown


def _rendered(folder: str, ending: str, blocks: list[tuple[str, dict[str, Any]]], context: dict[str, Any]) -> str:
    parts = (render_to_string(f"cms/newsletters/{folder}/{name}.{ending}", context | shown) for name, shown in blocks)
    return "\n".join(parts)


def _context(newsletter: Piece, tenant: Tenant, language: str) -> dict[str, Any]:
    contact = contact_for(tenant, language=language)
    return {
        "newsletter": newsletter,
        "tenant": tenant,
        "language": language,
        "contact": contact,
        "surface": tenant.brand_colour,
        "on_surface": text_on(tenant.brand_colour),
        "ink": readable(tenant.brand_colour, (WHITE,), darker=True),
        "night_ink": readable(tenant.brand_colour, (NIGHT,), darker=False),
        "leave_url": LEAVE,
        "choices_url": CHOICES,
        "letter_url": LETTER,
    }


def _picture(block: Any, tenant: Tenant) -> dict[str, Any]:
    picture = block.value.get("picture")
    if not picture:
        return {}
    rendition = picture.get_rendition(PICTURE)
    return {"picture": {"url": tenant_url(tenant, rendition.url), "width": rendition.width, "height": rendition.height}}


def _offered(package: Package, tenant: Tenant, language: str) -> Offered:
    return Offered(
        name=package.name,
        summary=package.summary,
        url=package_url(tenant, package.slug, language),
        prices=tuple(_prices(package, tenant)),
    )


def _coming(tenant: Tenant, language: str, *, most: int) -> list[Coming]:
    found = coming_events(now=now(), is_friend=False, language=language).filter(called_off_at=None)[:most]
    site = tenant_url(tenant, "")
    return [
        Coming(
            title=event.title_in(language),
            starts=_where_it_is(event),
            place=event.place,
            url=f"{site}{event_path(event.pk, language)}",
        )
        for event in found
    ]


def _where_it_is(event: Event) -> str:
    """Write when an event begins, by the clock of its place."""
    with timezone.override(event.zone):
        return write_moment(event.starts_at)


def _prices(package: Package, tenant: Tenant) -> list[tuple[int, str, str]]:
    prices = (price for price in package.prices.all() if price.country in tenant.countries)
    return [(price.amount_minor, price.currency, price.country) for price in prices]


def _numbers(tenant: Tenant) -> CommunityNumbers:
    return numbers_of(tenant, now=now())


def _absolute(html: str, tenant: Tenant) -> str:
    """Lead links to the brand's own pages to its host, for a mail is read elsewhere."""
    return _OWN_ADDRESS.sub(f'href="{tenant_url(tenant, "")}', html)
