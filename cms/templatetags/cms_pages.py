"""Pages of the brand site in the frame around every page, and what the parts of a page know of the brand."""

import json
from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe

from cms.blocks import ShownBlock
from cms.selectors import BrandRating, MenuPage, menu_pages, rating_of_brand
from cms.usual import usual_questions

register = template.Library()


@register.simple_tag(takes_context=True)
def pages_in_menus(context: dict[str, Any]) -> Sequence[MenuPage]:
    """Return the pages that the footer links besides imprint and privacy."""
    return menu_pages(context["request"])


@register.simple_tag(takes_context=True)
def brand_rating(context: dict[str, Any]) -> BrandRating | None:
    """Return what the brand's customers have rated, or None where nobody has, or ratings are switched off."""
    return rating_of_brand(context["request"].tenant)


@register.simple_tag(takes_context=True)
def questions_of(context: dict[str, Any], block: ShownBlock) -> Sequence[tuple[str, str]]:
    """Return the questions of a block with their answers as HTML, or the usual ones where it has none."""
    return block.items or usual_questions(context["request"].tenant)


@register.simple_tag(takes_context=True)
def structured_data(context: dict[str, Any], page: Any) -> SafeString:
    """Say to search engines, in schema.org's words, what a home page says: who it is, its rating, its questions."""
    request, brand = context["request"], context["brand"]
    here = f"{request.scheme}://{request.get_host()}"
    firm: dict[str, Any] = {
        "@type": "Organization",
        "name": brand.name,
        "legalName": brand.legal_name,
        "url": f"{here}{request.path}",
    }
    firm |= {name: value for name, value in (("email", brand.email), ("telephone", brand.phone)) if value}
    if brand.logo_url:
        firm["logo"] = f"{here}{brand.logo_url}"
    rating = rating_of_brand(request.tenant)
    if rating and any(part.kind == "ratings" for part in page.parts):
        firm["aggregateRating"] = {
            "@type": "AggregateRating",
            "ratingValue": round(rating.average, 1),
            "ratingCount": rating.count,
            "bestRating": 5,
        }
    graph = [firm]
    asked = [item for part in page.parts if part.kind == "questions" for item in questions_of(context, part)]
    if asked:
        graph.append({"@type": "FAQPage", "mainEntity": [_question(*item) for item in asked]})
    said = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).replace("<", "\\u003c")
    # Data and no script, so the Content-Security-Policy lets it stand; nothing in it can end the element.
    return mark_safe(f'<script type="application/ld+json">{said}</script>')  # noqa: S308


def _question(question: str, answer: str) -> dict[str, Any]:
    said = {"@type": "Answer", "text": strip_tags(answer).strip()}
    return {"@type": "Question", "name": question, "acceptedAnswer": said}
