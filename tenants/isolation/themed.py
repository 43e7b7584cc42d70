"""Templates by the theme of the tenant whose schema is in use.

A process serves all partners, so what it keeps of templates stands under the theme. Nothing has to be set for it:
pages, mails and papers are made inside the tenant, and the thread's own connection knows which one it is.
"""

from pathlib import Path
from typing import Any

from django.db import connection
from django.template.loaders import cached, filesystem

from kernel.web.themes import BASE, lineage, theme_by_slug


def theme_in_use() -> str:
    """Return the slug of the tenant's theme; the base on the platform and where the tenant's is not installed."""
    tenant = getattr(connection, "tenant", None)
    return theme_by_slug(getattr(tenant, "theme", BASE)).slug


class ThemeLoader(filesystem.Loader):
    """Finds a template in the theme, else in those that it stands on."""

    def get_dirs(self) -> list[str | Path]:
        """Return the folders to look in, the theme's own first."""
        return [theme.folder / "templates" for theme in lineage(theme_in_use())]


class CachedByTheme(cached.Loader):
    """Keeps compiled templates, each theme's for itself: ``extends`` and ``include`` are resolved inside it."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        """Return what a template is kept under."""
        return f"{theme_in_use()}:{super().cache_key(template_name, skip)}"
