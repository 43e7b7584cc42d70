"""What waits for an operator's decision, what presses most first."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from bank.selectors import on_desk
from crowd.documents import waiting_documents
from dispatch.fairness.explanations import reviews_to_answer
from kernel.clock import now
from operators.access import OperatorRequest, operator_required
from outbox.selectors import given_up
from payouts.selectors import alarms
from reconciliation.selectors import open_count
from stripe_gateway.selectors import failed_refunds, open_disputes, wrong_payments


@dataclass(frozen=True)
class Waiting:
    """One kind of decision: what it is, why it cannot wait, the view where it is made, and how many there are."""

    what: str
    why: str
    view: str
    count: int


@operator_required
@require_safe
def desk(request: OperatorRequest) -> HttpResponse:
    """Show every kind of decision with how many wait (10 queries beside the sign-in)."""
    kinds = _kinds()
    context = {
        "section": "desk",
        "waiting": [kind for kind in kinds if kind.count],
        "done": [kind for kind in kinds if not kind.count],
    }
    return render(request, "operators/start/desk.html", context)


def _kinds() -> list[Waiting]:
    today = timezone.localdate(now())
    return [
        Waiting(
            _("Late payouts"),
            _("Friends were promised this money by a day that is over."),
            "payouts",
            alarms(today),
        ),
        Waiting(
            _("Disputes"),
            _("Without an answer in time, the customer's bank takes the money back."),
            "payments",
            open_disputes().count(),
        ),
        Waiting(
            _("Wrong payments and failed refunds"),
            _("Customers' money lies where it does not belong."),
            "payments",
            wrong_payments().count() + failed_refunds().count(),
        ),
        Waiting(
            _("Reviews of decisions"),
            _("A friend wants a person to look at it, and is promised an answer."),
            "reviews",
            reviews_to_answer().count(),
        ),
        Waiting(
            _("Documents of friends"),
            _("They take no orders until somebody has looked."),
            "documents",
            waiting_documents().count(),
        ),
        Waiting(
            _("Bank payments without a matching invoice"),
            _("The invoices stay open, and their customers are reminded."),
            "bank",
            on_desk().count(),
        ),
        Waiting(
            _("Differences with Stripe, SumUp and the bank"),
            _("The books say something else than they do."),
            "reconciliation",
            open_count(),
        ),
        Waiting(
            _("Notifications that did not arrive"),
            _("Somebody has not read what they should know."),
            "delivery",
            given_up().count(),
        ),
    ]
