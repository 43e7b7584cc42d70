"""Every theme is whole: words, fonts with their licence, a picture, readable neutral colours, and no Python."""

from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from fontTools.ttLib import TTFont

from kernel.web.themes import Theme, lineage, theme_by_slug, themes
from tenants.settings.theming import AA_TEXT, contrast, grounds_of

every_theme = pytest.mark.parametrize("theme", themes().values(), ids=lambda theme: theme.slug)
POLISH = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"


def test_there_are_a_base_and_three_more() -> None:
    assert next(iter(themes())) == "base"
    assert len(themes()) >= 4


@every_theme
def test_a_theme_is_described_in_every_language(theme: Theme) -> None:
    assert theme.name
    assert set(theme.description) == {code for code, _name in settings.LANGUAGES}
    assert all(theme.description.values())


@every_theme
def test_a_theme_ends_at_the_base(theme: Theme) -> None:
    assert theme.inherits in themes()
    assert lineage(theme.slug)[-1].slug == "base"


def test_a_theme_that_is_not_installed_is_the_base() -> None:
    assert theme_by_slug("gone") is themes()["base"]


@every_theme
def test_a_theme_has_a_picture_and_keeps_its_files_under_its_name(theme: Theme) -> None:
    assert finders.find(theme.picture)
    own = "quartett" if theme.slug == "base" else theme.slug
    assert [path.name for path in (theme.folder / "static").iterdir()] == [own]
    assert list(theme.folder.rglob("*.py")) == []


@every_theme
def test_the_fonts_of_a_theme_write_polish_and_bring_their_licence(theme: Theme) -> None:
    assert theme.fonts
    for path in theme.fonts:
        found = Path(finders.find(path) or "")
        assert list(found.parent.glob("OFL*.txt"))
        letters: set[int] = set()
        for part in (found, found.with_name(found.name.replace("-latin-", "-latin-ext-"))):
            with TTFont(part) as font:
                letters |= set(font.getBestCmap())
        assert set(map(ord, POLISH + "äöüßéèàò’€")) <= letters


@every_theme
def test_the_words_of_a_theme_are_readable_on_its_grounds(theme: Theme) -> None:
    for ground in grounds_of(theme.slug):
        for surface in (ground.page, ground.raised):
            assert contrast(ground.text, surface) >= AA_TEXT
            assert contrast(ground.quiet, surface) >= AA_TEXT
