"""The statement of a payout as PDF/A: what the platform settles with a friend, job by job."""

from django.conf import settings
from django.utils import timezone

from crowd.models import Friend
from journeys.reads.payout_statement import PayoutStatement
from kernel.files.pdf import render


def draw(statement: PayoutStatement, friend: Friend) -> bytes:
    """Return the statement in the language of the moment; the same payout gives the same bytes.

    Raises UnableToDraw.
    """
    context = {
        "statement": statement,
        "payout": statement.payout,
        "friend": friend,
        "sender": settings.PAYOUT_SENDER,
        "on": timezone.localdate(statement.payout.ordered_at),
    }
    return render("friendhub/payouts/paper.html", context, identifier=statement.payout.pk.bytes)
