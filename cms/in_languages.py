"""What pages in several languages share."""

from typing import Any

from django.http import HttpRequest
from wagtail.models import Page


class InLanguages(Page):
    """A page that says where it stands in the other languages; where it does not, their home page is linked."""

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Tell the language switcher the page's own addresses."""
        request.own_urls = self.own_urls(request)  # type: ignore[attr-defined]  # read by tenants.context_processors
        return super().get_context(request, *args, **kwargs)

    def own_urls(self, request: HttpRequest) -> dict[str, str | None]:
        """Return the addresses of the page by language, where it is published (2 queries)."""
        translations = self.get_translations(inclusive=True).live().select_related("locale")
        return {page.locale.language_code: page.get_url(request) for page in translations}
