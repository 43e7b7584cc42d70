"""What a caller wants of an answer: only some of its fields, or more than usual."""

from collections.abc import Iterable, Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError


@extend_schema_field({"type": "string", "maxLength": 400})
class NamesField(serializers.CharField):
    """Names with commas between them, out of those that are known."""

    def __init__(self, names: Iterable[str], *, help_text: str) -> None:
        self.names = tuple(names)
        known = f"With commas between them: {', '.join(self.names)}."
        super().__init__(max_length=400, required=False, help_text=f"{help_text} {known}")

    def to_internal_value(self, data: Any) -> Any:
        """Return the names.

        Raises ValidationError of one that is not known.
        """
        chosen = [name.strip() for name in super().to_internal_value(data).split(",")]
        if set(chosen) - set(self.names):
            raise ValidationError("", code="invalid_choice")
        return tuple(dict.fromkeys(chosen))


class Sparse:
    """A serializer of answers of which a caller may want less: only ``always`` is always there."""

    always: tuple[str, ...] = ("id",)

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields."""
        fields: dict[str, serializers.Field] = super().get_fields()  # type: ignore[misc]  # of the serializer beside it
        for name, field in fields.items():
            field.required = name in self.always
        return fields


def shaped(body: Mapping[str, Any], wanted: tuple[str, ...] | None, *, always: tuple[str, ...] = ("id",)) -> Any:
    """Return the wanted fields of an answer, or all of it."""
    if wanted is None:
        return dict(body)
    return {name: value for name, value in body.items() if name in wanted or name in always}
