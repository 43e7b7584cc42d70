"""What will go away: said in the headers of each answer (RFC 9745 and RFC 8594), in the schema and in the reference."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.http import http_date
from drf_spectacular.openapi import AutoSchema


@dataclass(frozen=True)
class Deprecation:
    """An address that should no longer be used since a moment, goes away at another, and what takes its place."""

    since: datetime
    until: datetime
    instead: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an answer."""
        return {
            "Deprecation": f"@{int(self.since.timestamp())}",
            "Sunset": http_date(self.until.timestamp()),
            "Link": f'<{self.instead}>; rel="successor-version"',
        }

    @property
    def about(self) -> str:
        """Say it in the schema."""
        return f"Goes away on {self.until.astimezone(UTC):%Y-%m-%d}; use {self.instead} instead."


class OurSchema(AutoSchema):
    """Says of an address that will go away that it is deprecated."""

    def is_deprecated(self) -> bool:
        """Say whether the view's address will go away."""
        return getattr(self.view, "deprecation", None) is not None or bool(super().is_deprecated())

    def get_description(self) -> str:
        """Return what the call does, and until when."""
        deprecation: Deprecation | None = getattr(self.view, "deprecation", None)
        said = str(super().get_description())
        return f"{said} {deprecation.about}" if deprecation else said
