"""Any brand colour becomes a readable site (R4)."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from kernel.clock import now
from kernel.web.themes import themes
from tenants.errors import UnableToChangeSettings
from tenants.models import Tenant
from tenants.services import change_settings
from tenants.settings.theming import AA_TEXT, admin_css, contrast, contrast_report, grounds_of, theme_css

worn = some.sampled_from(list(themes()))
colours = some.integers(min_value=0, max_value=0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(colours, worn)
@settings(max_examples=60, deadline=None)
def test_every_colour_reaches_aa_as_surface_and_as_ink(colour: str, theme: str) -> None:
    for mode in contrast_report(colour, theme).values():
        assert mode.surface_ratio >= AA_TEXT
        assert mode.ink_ratio >= AA_TEXT


@given(colours, worn)
@settings(max_examples=30, deadline=None)
def test_signals_and_ink_are_readable_on_their_tints(colour: str, theme: str) -> None:
    modes = re.findall(r"\{([^{}]*--page:[^{}]*)\}", theme_css(colour, theme=theme))[:2]
    for declarations, ground in zip(modes, grounds_of(theme), strict=True):
        tokens = dict(re.findall(r"--([\w-]+):(#\w+)", declarations))
        assert tokens["page"] == ground.page
        assert contrast(tokens["ink"], tokens["tint"]) >= AA_TEXT
        for name in ("good", "warn", "bad", "info"):
            assert contrast(tokens[name], tokens[f"{name}-tint"]) >= AA_TEXT


@given(colours)
@settings(max_examples=20, deadline=None)
def test_the_admin_is_readable_in_white(colour: str) -> None:
    primary = re.search(r"--w-color-primary:(#\w+)", admin_css(colour))

    assert primary is not None
    assert contrast(primary[1], "#ffffff") >= AA_TEXT


def test_what_is_no_colour_is_refused(nord: Tenant) -> None:
    with pytest.raises(UnableToChangeSettings):
        change_settings(tenant=nord, who="Maja", now=now(), brand_colour="red;}")


def test_a_new_colour_changes_the_address_of_the_theme(nord: Tenant) -> None:
    changed = change_settings(tenant=nord, who="Maja", now=now(), brand_colour="#123456")

    assert changed.theme_hash != nord.theme_hash
    assert "#123456" in changed.theme_css
