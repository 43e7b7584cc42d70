"""The style sheet of a theme in one piece: every file in it once, every layer opened once, in the order at its top."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders

from kernel.web.styles import IMPORT, sheet_of
from kernel.web.themes import lineage, themes

TOML = 'name = "Base"\nfonts = []\n[description]\nen = "Plain."\n'


@pytest.mark.parametrize("slug", themes())
def test_every_file_of_a_theme_is_in_its_sheet_once(slug: str) -> None:
    folder = themes()[slug].folder / "styles"
    written = {path for path in folder.rglob("*.css") if path.name != "index.css"}
    imported = Counter(
        index.parent / found["file"]
        for index in folder.rglob("index.css")
        for found in IMPORT.finditer(index.read_text())
        if not found["file"].endswith("index.css")
    )

    assert set(imported) == written
    assert "@import" not in sheet_of(slug)


def test_every_layer_of_the_base_opens_once_in_the_order_at_the_top() -> None:
    text = sheet_of("base")
    order = re.search(r"^@layer ([\w, ]+);$", text, re.MULTILINE)

    assert order
    assert re.findall(r"@layer (\w+) \{", text) == order[1].split(", ")


@pytest.mark.parametrize("slug", [slug for slug in themes() if slug != "base"])
def test_a_theme_has_a_layer_of_its_own_behind_those_it_stands_on(slug: str) -> None:
    text, below = sheet_of(slug), sheet_of(lineage(slug)[1].slug)

    assert text.startswith(below)
    own = text.removeprefix(below)
    assert own.startswith(f"@layer {slug};")
    assert set(re.findall(r"@layer (\w+) \{", own)) == {slug}


@pytest.fixture
def other_themes(tmp_path: Path, settings: LazySettings) -> Iterator[Path]:
    """Let the installation have a base and a theme on it, of one style sheet each."""
    for slug, text in (("base", "p { margin: 0; }\n"), ("loud", "p { color: red; }\n")):
        (tmp_path / slug / "styles").mkdir(parents=True)
        (tmp_path / slug / "theme.toml").write_text(TOML)
        (tmp_path / slug / "styles" / "words.css").write_text(text)
        (tmp_path / slug / "styles" / "index.css").write_text(f'@layer {slug};\n@import "words.css" layer({slug});\n')
    settings.THEMES, settings.DATA = tmp_path, tmp_path / "data"
    kept: tuple[Any, ...] = (themes, lineage, finders.get_finder)
    for one in kept:
        one.cache_clear()
    yield tmp_path
    for one in kept:
        one.cache_clear()


def test_a_sheet_is_found_like_any_static_file_and_follows_its_files(other_themes: Path) -> None:
    found = finders.find("quartett/css/loud.css")
    assert found
    plain = "@layer base;\n@layer base {\np { margin: 0; }\n}\n"
    assert Path(found).read_text() == plain + "@layer loud;\n@layer loud {\np { color: red; }\n}\n"
    assert Path(finders.find("quartett/css/base.css") or "").read_text() == plain
    assert finders.find("quartett/css/other.css") is None

    (other_themes / "base" / "styles" / "words.css").write_text("p { margin: 1em; }\n")
    assert "1em" in Path(finders.find("quartett/css/loud.css") or "").read_text()
    listed = [storage.path(path) for finder in finders.get_finders() for path, storage in finder.list(None)]
    assert listed.count(found) == 1
    assert sorted(path.name for path in Path(found).parent.iterdir()) == ["base.css", "loud.css"]
