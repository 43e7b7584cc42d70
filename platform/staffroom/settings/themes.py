"""The choice of a theme, with a picture of each."""

from typing import Any

from django import forms
from django.templatetags.static import static
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kernel.web.themes import Theme, themes
from kernel.wording.texts import pick


class ThemeField(forms.ChoiceField):
    """One of the themes of the installation, as radio buttons with pictures."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.RadioSelect({"class": "themes"})
        super().__init__(choices=[(slug, _said(theme)) for slug, theme in themes().items()], widget=widget, **kwargs)


def _say(theme: Theme) -> SafeString:
    return format_html(
        '<img src="{}" alt="" width="320" height="200" loading="lazy"><strong>{}</strong> {}',
        static(theme.picture),
        theme.name,
        pick(theme.description, get_language() or "en"),
    )


# The language is that of whoever looks.
_said = lazy(_say, SafeString)
