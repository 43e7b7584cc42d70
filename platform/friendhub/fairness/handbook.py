"""The friends' handbook: the rules by which jobs are offered, paid and rated, for everybody to read.

Every figure is read from the code that goes by it, so the page cannot say something else than what happens.
"""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from crowd.reputation import PRIOR_MEAN, PRIOR_WEIGHT, SHOWN_FROM, Reputation
from crowd.services import REPLY_CHANGES_FOR
from dispatch.deadlines import REMINDER_PARTS
from dispatch.fairness.explanations import ANSWER_WITHIN
from dispatch.offering.seats import NEWCOMERS_LOOKED_AT, VERSION
from dispatch.terms import Terms
from dispatch.working.effort import ATTEMPTS, CHANNELS, SPREAD
from journeys.reads.calculator import calculate
from journeys.reads.public_figures import figures_of, public_brands, rates_of
from kernel.clock import now
from kernel.money import Split
from orders.ratings import BLIND_FOR, CUSTOMER_RATES_FOR, LOW_STARS
from orders.selectors import PATIENCE
from places.countries import country_by_code
from tenants.requests import Request
from tenants.settings.commissions import NOTICE, day_of

SECTIONS = {
    "offers": pgettext_lazy("friend", "How you are offered jobs"),
    "newcomers": pgettext_lazy("friend", "A seat for newcomers"),
    "overflow": pgettext_lazy("friend", "Communities and the shared crowd"),
    "declining": pgettext_lazy("friend", "Declining costs nothing"),
    "review": pgettext_lazy("friend", "When you doubt a decision"),
    "contact": pgettext_lazy("friend", "After you have accepted"),
    "absence": pgettext_lazy("friend", "Nobody there, nobody reached"),
    "ratings": pgettext_lazy("friend", "Ratings"),
    "money": pgettext_lazy("friend", "What you earn"),
}
# The worked examples: three ratings, and a fourth on a bad day; a job of 49 euros with a commission of 15 %.
FIRST_RATINGS = (5, 5, 4)
BAD_DAY = 1
EXAMPLE_JOB = Split(currency="EUR", price_minor=4_900, commission_bp=1_500)


@require_safe
def earnings(request: Request, slug: str) -> HttpResponse:
    """Show the three figures of every package of a brand to everybody (R12)."""
    tenant = next((one for one in public_brands() if one.slug == slug), None)
    if tenant is None:
        raise Http404
    today = day_of(tenant, now())
    found = figures_of(tenant, today=today)
    context = {
        "tenant": tenant,
        "calculation": calculate(tenant, request.GET, country=tenant.countries[0], today=today),
        "rates": rates_of(tenant, today=today),
        "notice_days": NOTICE.days,
        "countries": [(country_by_code(code), figures) for code, figures in found.items()],
    }
    return render(request, "friendhub/fairness/earnings.html", context)


@require_safe
def handbook(request: Request) -> HttpResponse:
    """Show the handbook to everybody."""
    terms = Terms()
    before = Reputation(len(FIRST_RATINGS), sum(FIRST_RATINGS))
    after = Reputation(before.count + 1, before.total + BAD_DAY)
    context = {
        "sections": SECTIONS,
        "terms": terms,
        "version": VERSION,
        "newcomers_looked_at": NEWCOMERS_LOOKED_AT,
        "answer_days": ANSWER_WITHIN.days,
        "reminders": [terms.contact_hours * part // whole for part, whole in REMINDER_PARTS.values()],
        "patience_minutes": int(PATIENCE.total_seconds()) // 60,
        "attempts": ATTEMPTS,
        "channels": CHANNELS,
        "spread_hours": int(SPREAD.total_seconds()) // 3600,
        "blind_days": BLIND_FOR.days,
        "rate_days": CUSTOMER_RATES_FOR.days,
        "reply_hours": int(REPLY_CHANGES_FOR.total_seconds()) // 3600,
        "low_stars": LOW_STARS,
        "prior_mean": PRIOR_MEAN,
        "prior_weight": PRIOR_WEIGHT,
        "prior_total": PRIOR_MEAN * PRIOR_WEIGHT,
        "shown_from": SHOWN_FROM,
        "before": before,
        "after": after,
        "brands": public_brands(),
        "example_job": EXAMPLE_JOB,
    }
    return render(request, "friendhub/fairness/handbook.html", context)
