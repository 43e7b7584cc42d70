"""The style sheet in one piece: every file in it once, every layer opened once, in the order that stands at its top."""

import re
from collections import Counter
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles import finders

from kernel.web.styles import IMPORT, SHEET, joined


def test_every_file_of_the_theme_is_in_the_sheet_once(settings: LazySettings) -> None:
    folder = settings.STYLES.parent
    written = {path for path in folder.rglob("*.css") if path.name != "index.css"}
    imported = Counter(
        index.parent / found["file"]
        for index in folder.rglob("index.css")
        for found in IMPORT.finditer(index.read_text())
        if not found["file"].endswith("index.css")
    )

    assert imported == dict.fromkeys(written, 1)
    assert "@import" not in joined(settings.STYLES)


def test_every_layer_opens_once_in_the_order_at_the_top(settings: LazySettings) -> None:
    text = joined(settings.STYLES)
    order = re.search(r"^@layer ([\w, ]+);$", text, re.MULTILINE)

    assert order
    assert re.findall(r"@layer (\w+) \{", text) == order[1].split(", ")


def test_the_sheet_is_found_like_any_static_file_and_follows_its_files(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "index.css").write_text('@layer base;\n@import "words.css" layer(base);\n')
    (tmp_path / "words.css").write_text("p { margin: 0; }\n")
    monkeypatch.setattr(settings, "STYLES", tmp_path / "index.css")
    monkeypatch.setattr(settings, "DATA", tmp_path / "data")
    finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # of lru_cache

    try:
        found = finders.find(SHEET)
        assert found
        assert Path(found).read_text() == "@layer base;\n@layer base {\np { margin: 0; }\n}\n"

        (tmp_path / "words.css").write_text("p { margin: 1em; }\n")
        assert "1em" in Path(finders.find(SHEET) or "").read_text()
        listed = [storage.path(path) for finder in finders.get_finders() for path, storage in finder.list(None)]
        assert listed.count(found) == 1
        assert [path.name for path in Path(found).parent.iterdir()] == ["quartett.css"]
    finally:
        finders.get_finder.cache_clear()  # type: ignore[attr-defined]  # of lru_cache
