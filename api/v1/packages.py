"""Packages: what can be ordered, with the questions of each as JSON Schema."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.errors import NothingThere
from api.serializers import Money, Strict
from api.shaping import NamesField, Sparse, shaped
from api.views import View
from catalog.kinds import Level, QuestionKind
from catalog.models import Package, Question
from catalog.selectors import open_packages, package_by_slug
from developers.kinds import Scope
from journeys.order.booking.feed_order import wanted_package

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class PriceOut(Money):
    """The gross price in a country, final."""

    country = serializers.CharField()


class PackageOut(serializers.Serializer):
    """A piece of work with a fixed price, in the language asked for."""

    slug = serializers.CharField()
    product_number = serializers.CharField(allow_null=True, help_text="What the partner's own shop calls it.")
    name = serializers.CharField()
    summary = serializers.CharField()
    included = serializers.ListField(child=serializers.CharField(), source="included_items")
    not_included = serializers.ListField(child=serializers.CharField(), source="not_included_items")
    minutes = serializers.IntegerField(help_text="How long the work takes on site.")
    level = serializers.ChoiceField(choices=Level.values)
    prices = serializers.SerializerMethodField()

    @extend_schema_field(PriceOut(many=True))
    def get_prices(self, package: Package) -> list[dict[str, Any]]:
        """Return the prices by country."""
        return [
            {"amount_minor": price.amount_minor, "currency": price.currency, "country": price.country}
            for price in package.prices.all()
        ]


class PackageWithQuestions(PackageOut):
    """A package with what the customer is asked."""

    questions = serializers.SerializerMethodField()
    needs_photo = serializers.SerializerMethodField(
        help_text="Whether a photo has to answer one of the questions: it is uploaded first, as an attachment."
    )

    def get_questions(self, package: Package) -> dict[str, Any]:
        """Return the JSON Schema of an order's answers."""
        return schema_of(package.questions.all())

    def get_needs_photo(self, package: Package) -> bool:
        """Say whether a photo is required."""
        return any(one.kind == QuestionKind.PHOTO and one.is_required for one in package.questions.all())


class PackageAsked(Strict):
    """What of a package is wanted."""

    fields = NamesField(  # type: ignore[assignment]  # its own name
        PackageWithQuestions._declared_fields, help_text="Only these fields, and slug."
    )


class PackagesAsked(PackageAsked):
    """What of the packages is wanted."""

    expand = NamesField(["questions"], help_text="What is answered along with each package.")


class PackageListed(Sparse, PackageWithQuestions):
    """A package as it was asked for."""

    always = ("slug",)
    prices = PriceOut(many=True)  # type: ignore[assignment]  # for the schema, which should not say that it is there
    questions = serializers.DictField()  # type: ignore[assignment]  # as above
    needs_photo = serializers.BooleanField()  # type: ignore[assignment]  # as above


class PackageList(serializers.Serializer):
    """The packages that can be ordered, in the partner's order."""

    results = PackageListed(many=True)


class Packages(View):
    """The packages that can be ordered."""

    scopes = {"GET": Scope.CATALOGUE_READ}
    query = PackagesAsked

    @extend_schema(operation_id="list_packages", parameters=[PackagesAsked], responses=PackageList)
    def get(self, request: Request) -> Response:
        """List the packages in the partner's order."""
        is_whole = "questions" in self.asked.get("expand", ())
        kind = PackageWithQuestions if is_whole else PackageOut
        packages = kind(open_packages(with_questions=is_whole), many=True).data
        return Response({"results": [shaped(one, self.asked.get("fields"), always=("slug",)) for one in packages]})


class OnePackage(View):
    """One package."""

    scopes = {"GET": Scope.CATALOGUE_READ}
    query = PackageAsked

    @extend_schema(operation_id="read_package", parameters=[PackageAsked], responses=PackageListed)
    def get(self, request: Request, slug: str) -> Response:
        """Read a package with its questions."""
        body = PackageWithQuestions(package_of(slug)).data
        return Response(shaped(body, self.asked.get("fields"), always=("slug",)))


def package_of(slug: str) -> Package:
    """Return a package that can be ordered.

    Raises NothingThere.
    """
    try:
        return _open(package_by_slug(slug))
    except Package.DoesNotExist as error:
        raise NothingThere from error


def package_asked(asked: dict[str, Any]) -> Package:
    """Return the package that a query of WhichPackage names, which is no longer among what is asked then.

    Raises FieldsNotRight, or NothingThere of one that cannot be ordered.
    """
    return _open(wanted_package(slug=asked.pop("package"), product_number=asked.pop("product_number")))


def _open(package: Package) -> Package:
    if not package.is_open:
        raise NothingThere
    return package


def schema_of(questions: Iterable[Question]) -> dict[str, Any]:
    """Return the JSON Schema of the answers to questions."""
    asked = list(questions)
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {question.key: _schema_of(question) for question in asked},
        "required": [question.key for question in asked if question.is_required],
        "additionalProperties": False,
    }


def _schema_of(question: Question) -> dict[str, Any]:
    about = {"title": question.label} | ({"description": question.help} if question.help else {})
    if question.kind == QuestionKind.CHOICE:
        choices = enumerate(question.option_items)
        return about | {"oneOf": [{"const": str(place), "title": text} for place, text in choices]}
    if question.kind == QuestionKind.PHOTO:
        return about | {"type": "string", "format": "uuid", "$comment": "The id of an attachment."}
    if question.kind == QuestionKind.NUMBER:
        bounds = {"minimum": question.min_value, "maximum": question.max_value}
        return about | {"type": "integer"} | {name: bound for name, bound in bounds.items() if bound is not None}
    return about | {"type": "string", "minLength": int(question.is_required), "maxLength": question.max_length}
