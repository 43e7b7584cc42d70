"""App configuration: installs the per-schema cache of content types."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Partners and their domains."""

    name = "tenants"

    def ready(self) -> None:
        """Make process-wide caches aware of the schema before the first request."""
        from tenants.isolation import checks, content_types  # noqa: F401, PLC0415  # models cannot be imported earlier

        content_types.install()
