"""App configuration: installs the per-schema cache of content types."""

from django.apps import AppConfig

from tenants import content_types


class TenantsConfig(AppConfig):
    """Partners and their domains."""

    name = "tenants"

    def ready(self) -> None:
        """Make process-wide caches aware of the schema before the first request."""
        content_types.install()
