"""What all bodies have in common."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

# So many rows a page has at most.
LONGEST_PAGE = 100
PARTS = ("morning", "afternoon", "evening")


class Strict(serializers.Serializer):
    """Takes the fields that it names and refuses all others: a name that is misspelt should not be ignored."""

    def to_internal_value(self, data: Any) -> Any:
        """Return the values.

        Raises ValidationError, with the unknown fields too.
        """
        unknown = {
            str(name): [ErrorDetail("", code="unknown")]
            for name in (data if isinstance(data, Mapping) else ())
            if name not in self.fields
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            raise ValidationError({**error.detail, **unknown}) from error
        if unknown:
            raise ValidationError(unknown)
        return values


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "integer"}]})
class AnswerField(serializers.Field):
    """The answer to a question: a text, or a whole number."""

    def to_internal_value(self, data: Any) -> str:
        """Return the answer as a draft keeps it.

        Raises ValidationError.
        """
        if isinstance(data, bool) or not isinstance(data, str | int):
            raise ValidationError("", code="invalid")
        return str(data)

    def to_representation(self, value: Any) -> Any:
        """Return the answer as it is."""
        return value


class Money(serializers.Serializer):
    """An amount in minor units of a currency: 4900 EUR are 49 euros."""

    amount_minor = serializers.IntegerField()
    currency = serializers.CharField()


class Time(Strict):
    """A preferred part of a day, in the partner's time zone: morning 8 to 12, afternoon 12 to 17, evening 17 to 21."""

    day = serializers.DateField()
    part = serializers.ChoiceField(choices=PARTS)


class Moment(serializers.DateTimeField):
    """A moment with its offset from UTC: without one it would mean different moments to different people."""

    def enforce_timezone(self, value: datetime) -> datetime:
        """Return the moment.

        Raises ValidationError.
        """
        if value.tzinfo is None:
            self.fail("invalid", format="2026-11-30T18:00:00+01:00")
        return super().enforce_timezone(value)


class WhichPackage(Strict):
    """A package, by its slug or by the partner's own product number."""

    package = serializers.CharField(max_length=60, required=False, default="")
    product_number = serializers.CharField(max_length=40, required=False, default="")


class PageAsked(Strict):
    """Which page of a list."""

    limit = serializers.IntegerField(min_value=1, max_value=LONGEST_PAGE, required=False)
    cursor = serializers.CharField(max_length=400, required=False)


def time_of(day: Any, part: int) -> dict[str, Any]:
    """Return a wished part of a day as it is written."""
    return {"day": day, "part": PARTS[part]}


def checked(kind: type[Strict], data: Any) -> dict[str, Any]:
    """Return the values of a body, or of a query.

    Raises ValidationError.
    """
    serializer = kind(data=data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)
