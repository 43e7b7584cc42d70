"""A friend's earnings: what is open, on its way and paid, the months of a year, and each job with its figures."""

from datetime import date

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from crowd.selectors import friend_by_id
from friendhub.access import FriendRequest, friend_required
from friendhub.earnings import chart
from friendhub.earnings.drawing import draw_year
from journeys.reads.friend_earnings import jobs_earned, purses_of, with_jobs
from journeys.reads.yearly_paper import year_of
from kernel.clock import now
from kernel.web.limits import limited
from ledger.kinds import Event
from tax.selectors import seller_data_of

ON_A_PAGE = 20
# Nobody takes so many papers in ten minutes.
MOST, WHILE_S = 20, 600
YEARS = range(2000, 2100)
# What a job was that brought something without having been done, in the words of who gets it.
REASONS = {
    Event.WORK_TAKEN_BACK: pgettext_lazy("friend", "Closed with a refund"),
    Event.DIAGNOSIS_EARNED: pgettext_lazy("friend", "For the diagnosis"),
    Event.DIAGNOSIS_BY_PARTNER: pgettext_lazy("friend", "For the diagnosis"),
    Event.NO_SHOW_FEE: pgettext_lazy("friend", "For the trip"),
    Event.CANCELLATION_FEE: pgettext_lazy("friend", "Cancelled late"),
}


@never_cache
@friend_required
@require_safe
def earnings(request: FriendRequest) -> HttpResponse:
    """Show the friend's money; ``?year=`` chooses the year of the months and jobs."""
    today = timezone.localdate(now())
    purses = purses_of(request.friend_id)
    years = sorted({month.year for purse in purses for month in purse.months} | {today.year}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else today.year
    page = Paginator(jobs_earned(request.friend_id, year), ON_A_PAGE).get_page(request.GET.get("page"))
    this_month = date(today.year, today.month, 1)
    context = {
        "section": "jobs",
        "part": "earnings",
        "today": today,
        "year": year,
        "years": years,
        "has_paper": any(month.year == year for purse in purses for month in purse.months),
        "purses": [
            {
                "purse": purse,
                "month_minor": purse.months.get(this_month, 0),
                "year_minor": purse.year_minor(year),
                "bars": chart.bars_of(purse, year),
            }
            for purse in purses
        ],
        "chart": chart,
        "page": page,
        "jobs": [(one, REASONS.get(Event(one.why)) if one.why else "") for one in with_jobs(page)],
    }
    return render(request, "friendhub/earnings/earnings.html", context)


@limited(of="earnings-pdf", most=MOST, within_s=WHILE_S)
@never_cache
@friend_required
@require_safe
def year_as_pdf(request: FriendRequest, year: int) -> HttpResponse:
    """Give a year's paper for the tax office as PDF."""
    currencies = year_of(request.friend_id, year) if year in YEARS else []
    if not currencies:
        raise Http404
    friend, known = friend_by_id(request.friend_id), seller_data_of(request.friend_id)
    return HttpResponse(
        draw_year(year, currencies, friend, known, on=timezone.localdate(now())),
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(
                as_attachment=True, filename=f"{settings.PAYOUT_SENDER}-{year}.pdf"
            )
        },
    )
