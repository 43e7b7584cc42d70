"""What ``manage.py check`` says of an installation as a whole, some of it with ``--deploy`` only."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning

from kernel.files.pdf import UnableToDraw, can_draw


@register(Tags.security, deploy=True)
def check_demo(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Nobody signs in by what the demo prints, and operators have a second factor."""
    found: list[CheckMessage] = []
    if settings.DEMO:
        found.append(CheckWarning("The demo is on: its sign-ins are known to everybody.", id="config.W001"))
    if not settings.OPERATORS_NEED_SECOND_FACTOR:
        found.append(CheckWarning("Operators need no second factor.", id="config.W002"))
    return found


@register()
def check_drawing(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """Bills can be drawn; everything else works without."""
    return [] if can_draw() else [CheckWarning(str(UnableToDraw()), id="config.W003")]
