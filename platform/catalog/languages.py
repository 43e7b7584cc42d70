"""The languages of what a partner writes: its main one stands in where another has no text."""

from django.conf import settings
from django.db.models import Model

from kernel.wording.texts import MAIN, Texts
from tenants.context import current_tenant

LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)


def main_language() -> str:
    """Return the main language of the partner at hand; on the platform, the source's."""
    tenant = current_tenant()
    return tenant.default_language if tenant else str(settings.MODELTRANSLATION_DEFAULT_LANGUAGE)


class MainLanguageFirst(dict[str, tuple[str, ...]]):
    """What stands in for a language without a text: the partner's main language, then whatever there is."""

    def get(self, key: str, default: object = None) -> tuple[str, ...]:  # type: ignore[override]  # as it is called
        """Return the languages that stand in; ``key`` is a language, or ``default`` for all of them."""
        return (main_language(), *settings.MODELTRANSLATION_FALLBACK_LANGUAGES) if key == "default" else ()


class TextsOf:
    """The translated columns of a row, each in all languages: ``texts.name`` in a template."""

    def __init__(self, row: Model) -> None:
        self._row = row

    def __getitem__(self, field: str) -> Texts:
        """Return a column in all languages."""
        return texts_of(self._row, field)


def texts_of(row: Model, field: str) -> Texts:
    """Return a translated column in all languages that have a text, with the partner's main language."""
    texts = {code: getattr(row, f"{field}_{code}") for code in LANGUAGES}
    written = {code: text for code, text in texts.items() if text}
    return written | {MAIN: main_language()} if written else {}
