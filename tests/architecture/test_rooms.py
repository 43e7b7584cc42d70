"""A room that has sections keeps them: a new file goes into one of its folders, or its purpose is named here."""

from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What may lie beside the sections of a room, for all of them share it.
SHARED = {
    "platform/operators": ("__init__", "access", "apps", "listing", "urls"),
    "platform/staffroom": ("__init__", "apps", "documents", "skill_forms"),
    "platform/notices": ("__init__", "apps", "brands", "channels", "delivery", "handlers", "reminders", "tasks"),
    "platform/journeys": ("__init__", "apps", "calendar", "links", "posting", "reset_password", "tasks", "topics"),
    "platform/journeys/order": ("__init__", "deadlines"),
    "platform/journeys/money": ("__init__", "books"),
    "platform/dispatch": (
        "__init__", "apps", "briefs", "deadlines", "errors", "moves", "permits", "selectors", "states", "terms",
    ),
    "platform/friendhub": ("__init__", "access", "answering", "apps", "urls"),
    "platform/console": (
        "__init__", "apps", "middleware", "permissions", "rich_text", "urls", "views", "wagtail_hooks",
    ),
    "platform/storefront": ("__init__", "apps", "countries", "fields", "prices", "urls"),
    "platform/kernel": ("__init__", "apps", "clock", "errors", "geo", "late", "logs", "money", "slots", "travel"),
    "tenants": (
        "__init__", "apps", "context", "context_processors", "errors", "middleware", "requests",
        "selectors", "services",
    ),
}  # fmt: skip


def strangers(names: Iterable[str], shared: Iterable[str]) -> set[str]:
    """Return the files of a room that are in no section and shared by none."""
    return set(names) - set(shared)


@pytest.mark.parametrize("room", SHARED)
def test_no_file_lies_beside_the_sections_of_its_room(room: str) -> None:
    assert strangers((path.stem for path in (ROOT / room).glob("*.py")), SHARED[room]) == set()


@pytest.mark.parametrize("room", SHARED)
def test_what_all_sections_share_is_there(room: str) -> None:
    assert strangers(SHARED[room], (path.stem for path in (ROOT / room).glob("*.py"))) == set()


def test_every_room_with_sections_is_known() -> None:
    apps = [*(ROOT / "platform").glob("*/"), *(ROOT / name for name in ("tenants", "communities", "cms"))]
    with_sections = {
        str(app.relative_to(ROOT)) for app in apps if len([*app.glob("*/views.py"), *app.glob("*/urls.py")]) > 1
    }

    assert with_sections <= set(SHARED)


def test_the_rule_finds_a_flat_file() -> None:
    assert strangers(["access", "urls", "refunds"], ["access", "urls"]) == {"refunds"}
    assert strangers(["access", "urls"], ["access", "urls"]) == set()
