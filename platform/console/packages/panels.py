"""Panels for texts in the partner's languages: a tab for each language, and none of a language the partner lacks.

A hidden language's fields leave the form as well, or a save would empty them. The main language must be filled in; what
another one lacks is no text, so that the main language stands in for it.
"""

from typing import Any

from django.conf import settings
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList

from catalog.languages import main_language
from tenants.context import current_tenant

LANGUAGES = dict(settings.LANGUAGES)


def shown_languages() -> list[str]:
    """Return the codes of the partner's languages."""
    tenant = current_tenant()
    return tenant.languages if tenant else list(LANGUAGES)


class LanguageForm(WagtailAdminModelForm):
    """A form without the columns of the languages that the partner lacks; the main language's are required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown, main = shown_languages(), main_language()
        for name, column, code in self._translated():
            if code in shown:
                self.fields[name].required = code == main and not self._meta.model._meta.get_field(column).blank
            else:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Make an empty text of another language than the main one no text."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        for name, _column, _code in self._translated():
            if values.get(name) == "":
                values[name] = None
        return values

    def _translated(self) -> list[tuple[str, str, str]]:
        """Return the fields of translated columns, each with its column and language."""
        split = [(name, *name.rpartition("_")[::2]) for name in self.fields]
        return [(name, column, code) for name, column, code in split if code in LANGUAGES]


class LanguageTab(ObjectList):
    """A tab with the columns of one language."""

    def __init__(self, language: str, *names: str, **kwargs: Any) -> None:
        self.language, self.names = language, names
        kwargs.setdefault("heading", LANGUAGES[language])
        kwargs.pop("children", None)
        super().__init__([FieldPanel(f"{name}_{language}") for name in names], **kwargs)

    def clone(self) -> "LanguageTab":
        """Copy the tab with its own arguments."""
        return self.__class__(
            self.language,
            *self.names,
            heading=self.heading,
            classname=self.classname,
            help_text=self.help_text,
            base_form_class=self.base_form_class,
        )

    class BoundPanel(ObjectList.BoundPanel):
        """The tab in one request."""

        def is_shown(self) -> bool:
            """Say whether the partner has the language."""
            return self.panel.language in shown_languages() and super().is_shown()


class LanguageFieldPanel(FieldPanel):
    """A field of one language among others, hidden where the partner lacks the language."""

    class BoundPanel(FieldPanel.BoundPanel):
        """The field in one request."""

        def is_shown(self) -> bool:
            """Say whether the form still has the field."""
            return self.panel.field_name in self.form.fields and super().is_shown()


class LanguageInlinePanel(InlinePanel):
    """Children whose forms follow the partner's languages too."""

    def get_form_options(self) -> dict[str, Any]:
        """Give the children's formset the language form."""
        options = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = LanguageForm
        return options
