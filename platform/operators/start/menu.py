"""The operators' menu: a few areas, and the sections of the area that one is in."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


@dataclass(frozen=True)
class Section:
    """A section of the screen: its name in the views' ``section``, its label and its first view."""

    name: str
    label: str | Promise
    view: str


@dataclass(frozen=True)
class Area:
    """Sections that belong together; the first one is where the area's link leads."""

    label: str | Promise
    sections: tuple[Section, ...]

    def holds(self, name: str) -> bool:
        """Say whether a section is in this area."""
        return any(section.name == name for section in self.sections)


AREAS = (
    Area(_("To do"), (Section("desk", _("To do"), "desk"),)),
    Area(
        _("Partners"),
        (Section("partners", _("Partners"), "partners"), Section("contracts", _("Overflow"), "contracts")),
    ),
    Area(
        _("Jobs"),
        (
            Section("jobs", _("Jobs"), "jobs"),
            Section("reviews", _("Reviews"), "reviews"),
            Section("delivery", _("Delivery"), "delivery"),
        ),
    ),
    Area(
        _("Friends"),
        (Section("documents", _("Documents"), "documents"), Section("crowd", _("Skills and tests"), "skills")),
    ),
    Area(
        _("Money"),
        (
            Section("payments", _("Online payments"), "payments"),
            Section("bank", _("Bank"), "bank"),
            Section("payouts", _("Payouts"), "payouts"),
            Section("reconciliation", _("Reconciliation"), "reconciliation"),
            Section("ledger", _("Ledger"), "ledger"),
            Section("tax", pgettext_lazy("section", "Tax"), "tax"),
        ),
    ),
)


def area_of(name: str) -> Area | None:
    """Return the area that a section is in; some pages, such as one's own account, are in none."""
    return next((area for area in AREAS if area.holds(name)), None)
