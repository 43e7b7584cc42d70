"""App configuration."""

from django.apps import AppConfig

from kernel.wording.german import let_german_follow_the_country


class KernelConfig(AppConfig):
    """What every floor may use."""

    name = "kernel"

    def ready(self) -> None:
        """Let German follow the country of whoever reads it."""
        let_german_follow_the_country()
