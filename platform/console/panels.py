"""Panels for texts in the partner's languages: a tab for each language, and none of a language the partner lacks.

A hidden language's fields leave the form as well, or a save would empty them.
"""

from typing import Any

from django.conf import settings
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel, ObjectList

from tenants.context import current_tenant

LANGUAGES = dict(settings.LANGUAGES)


def shown_languages() -> list[str]:
    """Return the codes of the partner's languages."""
    tenant = current_tenant()
    return tenant.languages if tenant else list(LANGUAGES)


class LanguageForm(WagtailAdminModelForm):
    """A form without the columns of the languages that the partner lacks; the default language's are required."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shown = shown_languages()
        for code in LANGUAGES:
            if code not in shown:
                for name in [field for field in self.fields if field.endswith(f"_{code}")]:
                    del self.fields[name]


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
