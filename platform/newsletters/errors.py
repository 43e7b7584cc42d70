"""What can go wrong with newsletters."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from kernel.errors import DomainError


class LinkOfNobody(DomainError):
    """A link is forged, too old, or of somebody who was erased."""

    message = _("This link is not valid any more.")
    code, status = "link_of_nobody", 404


class NothingToSend(DomainError):
    """An issue without a single text."""

    message = _("This newsletter has no text yet.")
    code, status = "nothing_to_send", 422


class UnfitContent(DomainError):
    """What is written cannot go out as it is; ``faults`` say why, a sentence each."""

    message = _("This newsletter cannot go out as it is.")
    code, status = "unfit_content", 422

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = tuple(faults)


class NoRecipients(DomainError):
    """Nobody would get the issue."""

    message = _("Nobody would get this newsletter. Please choose other recipients.")
    code, status = "no_recipients", 409


class IssueChanged(DomainError):
    """Somebody else has changed the issue since it was looked at."""

    message = _("Somebody has changed this newsletter since you opened it. Please look at it again before it goes out.")
    code, status = "issue_changed", 409


class IssueUnderWay(DomainError):
    """The issue is planned, on its way or sent, so it keeps its words."""

    message = _("This newsletter is planned or has been sent already, so its text stays as it is.")
    code, status = "issue_under_way", 409


class UnableToMoveIssue(DomainError):
    """The issue is not in the state for it, mostly because somebody else was faster."""

    message = _("This is not possible any more: the newsletter has moved on meanwhile.")
    code, status = "issue_moved_on", 409


class TimeIsPast(DomainError):
    """A newsletter cannot be planned for a time that is over."""

    message = _("Please choose a time in the future.")
    code, status = "time_is_past", 422
