"""App configuration."""

from django.apps import AppConfig
from wagtail.signals import page_published, page_unpublished


class CmsConfig(AppConfig):
    """Pages of the brand sites."""

    name = "cms"

    def ready(self) -> None:
        """Hear of pages of events that become public, and of those that are taken back."""
        from cms.events import announcing  # noqa: PLC0415  # models are there only now

        page_published.connect(announcing.page_published, sender=announcing.EventPage)
        page_unpublished.connect(announcing.page_unpublished, sender=announcing.EventPage)
