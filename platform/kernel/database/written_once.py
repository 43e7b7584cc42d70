"""A query is turned into SQL once and then only asked: with a wide one, Django's way there costs more than the answer.

Nothing of it can be out of date: the text follows from the code alone, schema and role are the connection's, and what
differs from one time to the next travels as a parameter.
"""

from collections.abc import Callable, Sequence
from copy import copy
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.models import Expression, Model, QuerySet

P = ParamSpec("P")
Row = TypeVar("Row")
One = TypeVar("One", bound=Model)


class _Given(Expression):
    """Where a value will stand that is given with each question."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        return "%s", [self]


def written_once(build: Callable[P, "QuerySet[Any, Row]"]) -> Callable[P, list[Row]]:
    """Return a function that asks the query and returns its rows.

    ``build`` is called once, with stand-ins instead of values: it may compare them with columns and nothing else, and
    neither the language of the moment nor anything else may decide what it returns.
    """
    names = list(signature(build).parameters)

    @cache
    def written() -> tuple["QuerySet[Any, Row]", Any, str, tuple[Any, ...]]:
        rows: Any = build(**{name: _Given(name) for name in names})  # type: ignore[call-arg, arg-type]  # stand-ins
        compiler = rows.query.get_compiler(connection=connection)
        return rows, compiler, *compiler.as_sql()

    # How values become Python's, column by column, for each thread's connection.
    converters: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()

    @wraps(build)
    def ask(*args: P.args, **kwargs: P.kwargs) -> list[Row]:
        values = dict(zip(names, args, strict=False)) | kwargs
        rows, written_by, text, params = written()
        given = tuple(values[one.name] if isinstance(one, _Given) else one for one in params)
        compiler = copy(written_by)
        # The one that wrote it may belong to another thread.
        own = compiler.connection = connections[DEFAULT_DB_ALIAS]
        compiler.as_sql = lambda: (text, given)
        if own not in converters:
            converters[own] = compiler.get_converters([one[0] for one in compiler.select[: compiler.col_count]])
        compiler.get_converters = lambda _columns: converters[own]
        question: Any = rows.all()
        question.query.get_compiler = lambda *_of, **_how: compiler
        return list(question)

    return ask


def only_one(rows: Sequence[One], model: type[One]) -> One:
    """Return the row that was asked for by a key.

    Raises the model's DoesNotExist.
    """
    if not rows:
        raise model.DoesNotExist  # type: ignore[attr-defined]  # of every model
    return rows[0]
