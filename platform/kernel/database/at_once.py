"""Rows come with their related rows in one statement, where ``prefetch_related`` asks once for each kind of them."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from django.db.models import JSONField, Model, OuterRef, QuerySet, Subquery
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query import ModelIterable

Row = TypeVar("Row", bound=Model)


def at_once(rows: QuerySet[Row], **related: QuerySet[Any]) -> QuerySet[Row]:
    """Return the same rows; whoever evaluates them finds what ``prefetch_related`` would have left.

    ``related`` has the wanted rows, ordered, by the name of their relation to the row, or to one that the row is
    selected with, if there is one: ``job__questions``. They come as JSON, so theirs are columns that JSON knows: no
    bytes, and no arrays but of numbers and strings.
    """
    found = rows.annotate(**{_column(path): _Rows(_of_row(rows.model, path, one)) for path, one in related.items()})
    found._iterable_class = _iterable(related)  # type: ignore[attr-defined]  # of every QuerySet
    return found


class _Rows(Subquery):
    """All columns of all rows of a query."""

    template = "(SELECT coalesce(jsonb_agg(found), '[]') FROM (%(subquery)s) found)"
    output_field = JSONField()


def _of_row(model: type[Model], path: str, wanted: QuerySet[Any]) -> QuerySet[Any]:
    *way, name = path.split(LOOKUP_SEP)
    owner: Any = model
    for step in way:
        owner = owner._meta.get_field(step).related_model
    relation = owner._meta.get_field(name)
    return wanted.filter(**{relation.field.name: OuterRef(LOOKUP_SEP.join([*way, "pk"]))})


def _iterable(related: Mapping[str, QuerySet[Any]]) -> type[ModelIterable]:
    class AtOnce(ModelIterable):
        """Django's own way from a row to an instance, and on to its related ones."""

        def __iter__(self) -> Iterator[Any]:
            for row in super().__iter__():
                for path, wanted in related.items():
                    _keep(row, path, wanted, vars(row).pop(_column(path)))
                yield row

    return AtOnce


def _keep(row: Model, path: str, wanted: QuerySet[Any], values: list[dict[str, Any]]) -> None:
    """Keep related rows where Django keeps those that it has prefetched."""
    *way, name = path.split(LOOKUP_SEP)
    owner: Any = row
    for step in way:
        # Nothing is there, or nothing refers to it.
        owner = getattr(owner, step, None)
        if owner is None:
            return
    field = owner._meta.get_field(name).field
    columns = wanted.model._meta.concrete_fields
    names = [column.attname for column in columns]
    kept = getattr(owner, name).all()
    kept._result_cache = [
        wanted.model.from_db(row._state.db, names, [column.to_python(value[column.column]) for column in columns])
        for value in values
    ]
    kept._prefetch_done = True
    for one in kept._result_cache:
        setattr(one, field.name, owner)
    vars(owner).setdefault("_prefetched_objects_cache", {})[field.remote_field.cache_name] = kept


def _column(path: str) -> str:
    return f"_at_once_{path}"
