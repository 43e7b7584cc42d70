"""One statement at a time, and no way out of the role: what a session that serves takes from anybody.

Values travel as parameters, so a text that holds a second statement, sets the session's role or path, or asks the
catalog was written by nobody here. The texts that Django and Wagtail write need little of SQL's grammar, and only that
is understood: what could be read in two ways (comments, dollar quotes, Unicode escapes) is refused unread.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import psycopg2
from psycopg2 import extensions

# Long texts are lists of values: each comes once.
LONGEST_REMEMBERED = 8_000

# A string, one with backslashes, a quoted name. A quote after a letter would begin a string of another kind.
_QUOTED = re.compile(
    r"""(?<![\w$&])'(?:[^']|'')*' | (?<![\w$&])[eE]'(?:[^'\\]|\\.|'')*' | (?<![&])"(?:[^"]|"")*" """,
    re.VERBOSE | re.DOTALL,
)
# What is left of a quote that was not understood, a second statement, a dollar quote, a comment.
_UNREADABLE = re.compile(r"""['";$\\]|--|/\*""")
_PLACEHOLDER = re.compile(r"%(?:s|\()")
_BEGINNING = re.compile(
    r"[\s(]*(SELECT|INSERT|UPDATE|DELETE|WITH|VALUES|SET\s+CONSTRAINTS)\b", re.ASCII | re.IGNORECASE
)
# What changes the session, or makes SQL out of a value.
_WAYS_OUT = r"set_config|ts_stat|ts_rewrite|\w+_to_xml\w*|lo_\w+|loread|lowrite|pg_notify|dblink\w*"
# What tells of others: the catalog, and the types that turn numbers into names.
_CATALOG = (
    r"pg_(?!sleep|backend_pid\b|typeof\b|column_size\b|get_serial_sequence\b|(?:try_)?advisory_)\w+"
    r"|information_schema|_?reg(?:role|namespace|class|type|proc|procedure|oper|operator|collation)"
    r"|_?aclitem|aclexplode|acldefault|makeaclitem|format_type|(?:obj|col|shobj)_description|has_\w+_privilege|to_reg\w+"
)
_FORBIDDEN = {
    True: re.compile(rf"\b(?:{_WAYS_OUT}|{_CATALOG})\b", re.IGNORECASE),
    False: re.compile(rf"\b(?:{_WAYS_OUT})\b", re.IGNORECASE),
}


class StatementRefused(psycopg2.ProgrammingError):
    """The text is none that this house writes; nothing was sent."""


class GuardedCursor(extensions.cursor):
    """A cursor that sends nothing but single statements on a tenant's own tables."""

    # Only while the engine itself speaks: it enters schemas and keeps savepoints.
    is_trusted = False
    is_in_tenant = True

    def execute(self, query: Any, values: Any = None) -> None:
        """Send one statement.

        Raises StatementRefused.
        """
        self._look_at(query, values is not None)
        super().execute(query, values)

    def executemany(self, query: Any, rows: Iterable[Sequence[Any] | Mapping[str, Any]]) -> None:
        """Send one statement with each of the values.

        Raises StatementRefused.
        """
        self._look_at(query, True)
        super().executemany(query, rows)

    def callproc(self, procname: Any, parameters: Any = None) -> Any:
        """Refuse: the driver would write the name into a text unquoted."""
        raise StatementRefused("a session that serves calls no function by its name alone")

    def copy_expert(self, sql: Any, file: Any, size: int = 8192) -> None:
        """Refuse, as copy_from and copy_to: whole tables are the owner's business."""
        raise StatementRefused("a session that serves copies no tables")

    copy_from = copy_to = copy_expert

    def _look_at(self, query: Any, has_values: bool) -> None:
        if self.is_trusted:
            return
        text = query if type(query) is str else _text_of(query, self)
        find = fault_of if len(text) < LONGEST_REMEMBERED else fault_of.__wrapped__
        if fault := find(text, has_values=has_values, is_in_tenant=self.is_in_tenant):
            # Without the text, which may hold what somebody typed.
            raise StatementRefused(f"refused before it was sent: {fault}")


@lru_cache(maxsize=8192)
def fault_of(text: str, *, has_values: bool, is_in_tenant: bool) -> str:
    """Say why a text is not sent, or nothing. Texts hold placeholders and no values, so few of them come often."""
    quoted: list[str] = []
    bare = _QUOTED.sub(lambda found: quoted.append(found[0]) or " ", text)  # type: ignore[func-returns-value]  # it notes, and puts a space
    bare = bare.rstrip().removesuffix(";")
    if found := _UNREADABLE.search(bare):
        return f"“{found[0]}” has no place in a statement"
    if not _BEGINNING.match(bare):
        return "it does not read or write rows"
    if has_values and any(_PLACEHOLDER.search(part.replace("%%", "")) for part in quoted):
        return "a value would stand between quotes"
    names = " ".join([bare, *(part[1:-1] for part in quoted if part[0] == '"')])
    if found := _FORBIDDEN[is_in_tenant].search(names):
        return f"“{found[0]}” is not for a session that serves"
    return ""


def _text_of(query: Any, cursor: extensions.cursor) -> str:
    """Return the text of a query in another of the driver's forms."""
    if isinstance(query, bytes):
        return query.decode()
    return query.as_string(cursor) if hasattr(query, "as_string") else str(query)
