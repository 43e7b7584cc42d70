"""Reads of the catalogue; each runs a fixed number of queries, however many packages there are."""

from django.db.models import Prefetch, QuerySet

from catalog.errors import NoPriceInCountry
from catalog.languages import LANGUAGES, main_language, texts_of
from catalog.models import Package, Price, Question, lines
from kernel.wording.texts import MAIN, Texts


def open_packages(*, with_questions: bool = False) -> QuerySet[Package]:
    """Return the packages that can be booked, with prices, in the partner's order (2 queries; 3 with questions)."""
    found = Package.objects.filter(is_open=True).prefetch_related(Prefetch("prices", Price.objects.order_by("country")))
    if with_questions:
        found = found.prefetch_related(Prefetch("questions", Question.objects.order_by("sort_order", "id")))
    return found.order_by("sort_order", "id")


def all_packages() -> QuerySet[Package]:
    """Return all packages, open or not, with their prices, in the partner's order (2 queries)."""
    return Package.objects.prefetch_related(Prefetch("prices", Price.objects.order_by("country"))).order_by(
        "sort_order", "id"
    )


def package_by_slug(slug: str) -> Package:
    """Return a package, open or not, with prices and questions (3 queries).

    Raises ``Package.DoesNotExist``.
    """
    return Package.objects.prefetch_related(
        Prefetch("prices", Price.objects.order_by("country")),
        Prefetch("questions", Question.objects.order_by("sort_order", "id")),
    ).get(slug=slug)


def slug_of_product(product_number: str) -> str:
    """Return the slug of the package that a product number of the partner's means, open or not (1 query).

    Raises ``Package.DoesNotExist``.
    """
    return Package.objects.only("slug").get(product_number=product_number.strip()).slug


def package_names() -> list[tuple[str, Texts]]:
    """Return slug and name of every package, open or not, in the partner's order (1 query)."""
    return [(package.slug, texts_of(package, "name")) for package in Package.objects.order_by("sort_order", "id")]


def price_in(package: Package, country: str) -> Price:
    """Return the package's price in a country.

    Raises NoPriceInCountry.
    """
    for price in package.prices.all():
        if price.country == country:
            return price
    raise NoPriceInCountry


def option_texts(question: Question) -> list[Texts]:
    """Return the choices of a question, each in all languages."""
    columns = {code: lines(getattr(question, f"options_{code}")) for code in LANGUAGES}
    count = max(len(column) for column in columns.values())
    main = {MAIN: main_language()}
    return [
        {code: column[place] for code, column in columns.items() if place < len(column)} | main
        for place in range(count)
    ]


def skills_of_packages() -> set[str]:
    """Return the slugs of all skills that packages need."""
    return {slug for skills in Package.objects.values_list("skills", flat=True) for slug in skills}


def packages_with_skill(slug: str) -> list[str]:
    """Return the names of the packages that need a skill, in the language of the moment."""
    return [package.name for package in Package.objects.filter(skills__contains=[slug]).order_by("sort_order", "id")]
