"""Draw the house from the import graph into docs/house.md; ``--check`` fails where the page is no longer true."""

import sys
import tomllib
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "house.md"
# Beside the house: they know nothing of Django or of us.
BESIDE = {"embedded"}
# Folders of a room that are no part of its table of contents.
NO_SECTIONS = {"migrations", "management", "templatetags", "data", "models", "services", "views", "formats"}
WORDS = """# The house

Drawn by `python -m tests.architecture.picture` from the import graph; `make check` fails where it is no longer true.

Imports go down only. A line leads from a room to what it stands on; what other lines lead to already is left out. Below
the name of a room stand its sections. [architecture.md](architecture.md) says what each floor is for.

```mermaid
{picture}
```
"""


def floors() -> list[list[str]]:
    """Return the rooms of each floor, the highest first, as the import contract has them."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    contract = next(one for one in config["contracts"] if one["name"] == "Imports point downwards")
    return [[room.strip() for room in floor.split("|")] for floor in contract["layers"]]


def stands_on(rooms: list[str]) -> dict[str, set[str]]:
    """Return what each room imports directly."""
    graph = grimp.build_graph(*rooms, cache_dir=None)
    found: dict[str, set[str]] = {room: set() for room in rooms}
    for module in graph.modules:
        room = module.partition(".")[0]
        found[room] |= {other.partition(".")[0] for other in graph.find_modules_directly_imported_by(module)} - {room}
    return found


def without_detours(below: dict[str, set[str]]) -> dict[str, set[str]]:
    """Leave out what is reached by way of another room."""

    def reached(room: str) -> set[str]:
        return below[room].union(*(reached(other) for other in below[room]))

    return {room: direct - set().union(*(reached(other) for other in direct)) for room, direct in below.items()}


def sections(room: str) -> list[str]:
    """Return the names of a room's own folders of modules."""
    folder = next(path for path in (ROOT / "platform" / room, ROOT / room) if path.is_dir())
    inner = (path.parent.name for path in folder.glob("*/__init__.py"))
    return sorted(name for name in inner if name not in NO_SECTIONS)


def picture() -> str:
    """Return the whole page."""
    storeys = floors()
    rooms = [room for storey in storeys for room in storey]
    lines = ["flowchart TD"]
    for number, storey in enumerate(storeys):
        lines.append(f'  subgraph floor{number}[" "]')
        for room in storey:
            parts = ", ".join(name.replace("_", " ") for name in sections(room))
            lines.append(f'    {room}["<b>{room}</b>{"<br>" if parts else ""}{parts}"]')
        lines.append("  end")
    for room, others in without_detours(stands_on(rooms)).items():
        lines += [f"  {room} --> {other}" for other in sorted(others, key=rooms.index)]
    lines += [f"  {room}" for room in sorted(BESIDE)]
    return WORDS.format(picture="\n".join(lines))


def main() -> None:
    """Write the page, or say that it must be written anew."""
    page = picture()
    if "--check" not in sys.argv:
        PAGE.write_text(page, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != page:
        raise SystemExit("docs/house.md is no longer true: python -m tests.architecture.picture")


if __name__ == "__main__":
    main()
