"""Percentages as people of each language write them."""

import pytest
from django.template import Context, Template
from django.utils import translation

from kernel.wording.percentages import write_percent


@pytest.mark.parametrize(
    ("language", "written"),
    [
        ("de", "8,1\N{NO-BREAK SPACE}%"),
        ("en", "8.1%"),
        ("fr", "8,1\N{NO-BREAK SPACE}%"),
        ("it", "8,1\N{NO-BREAK SPACE}%"),
        ("pl", "8,1%"),
    ],
)
def test_the_sign_stands_where_the_language_puts_it(language: str, written: str) -> None:
    with translation.override(language):
        assert write_percent(8.1, 1) == written
        assert Template("{% load quartett %}{{ 810|percent }}").render(Context()) == written
