"""Rules of dispatch as they are typed at a terminal: ``key=value``, judged as the settings of a partner are."""

from collections.abc import Iterable
from copy import copy
from dataclasses import fields
from typing import Any

from dispatch.terms import Terms, terms_of
from tenants.models import Tenant
from tenants.settings.rules import setting_faults

NAMES = tuple(field.name for field in fields(Terms))
WORDS = {"true": True, "yes": True, "on": True, "false": False, "no": False, "off": False}
NONE = {"", "none"}


def terms_with(tenant: Tenant, changes: Iterable[str]) -> Terms:
    """Return a partner's terms with some of them changed.

    Raises ValueError with what is wrong: a name that is no rule, a value of another kind, rules that the settings of a
    partner do not allow.
    """
    changed = copy(tenant)
    values = dict(_read(change) for change in changes)
    for name, value in values.items():
        setattr(changed, name, value)
    if faults := setting_faults(changed, values):
        raise ValueError("; ".join(f"{name}: {words}" for name, words in faults.items()))
    return terms_of(changed)


def write_value(value: object) -> str:
    """Write a rule's value as it is typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(f"{hour}:{minutes}" for hour, minutes in value) or "none"
    return "none" if value is None else str(value)


def differences(terms: Terms, other: Terms) -> list[str]:
    """Return what differs between two sets of rules, a line each."""
    return [
        f"{name}: {write_value(getattr(terms, name))} → {write_value(getattr(other, name))}"
        for name in NAMES
        if getattr(terms, name) != getattr(other, name)
    ]


def _read(change: str) -> tuple[str, Any]:
    name, is_given, text = change.partition("=")
    if not is_given:
        raise ValueError(f"Please write key=value, not “{change}”.")
    if name not in NAMES:
        raise ValueError(f"There is no rule “{name}”. There are: {', '.join(NAMES)}.")
    usual = getattr(Terms(), name)
    try:
        return name, _value(usual, text.strip().lower())
    except (ValueError, KeyError) as error:
        raise ValueError(f"{name}: “{text}” is no value for this rule.") from error


def _value(usual: object, text: str) -> Any:
    if isinstance(usual, bool):
        return WORDS[text]
    if isinstance(usual, tuple):
        return [] if text in NONE else [[int(part) for part in row.split(":")] for row in text.split(",")]
    if isinstance(usual, str):
        return text
    if usual is None and text in NONE:
        return None
    return int(text)
