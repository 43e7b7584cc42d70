"""Why no job? A friend sees the demand nearby, what would help, and every decision about them (R25)."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import npgettext, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crowd.eligibility import LeftOut
from crowd.hindrances import hindrances
from crowd.models import SHARED_CROWD
from crowd.selectors import facts_of, friend_by_id, memberships_of
from dispatch.fairness.demand import RINGS_KM, Change, Outlook, outlook
from dispatch.fairness.explanations import decision_about, decisions_about, places_taken
from dispatch.models import Considered
from dispatch.offering.seats import PlacesTaken
from friendhub.access import FriendRequest, friend_required
from journeys.friend.review_decision import ask_for_review
from journeys.reads.selling_partners import selling_partners
from kernel.clock import now
from kernel.errors import DomainError
from payouts.cash_limits import most_minor
from skills.selectors import skills_by_id
from tenants.selectors import partners

DECISIONS_A_PAGE = 20
CHANGES_SHOWN = 6

# The reasons in the words of the friend they are about.
REASONS = {
    LeftOut.ASKED: pgettext_lazy("friend", "You had been asked for this job before"),
    LeftOut.BLOCKED: pgettext_lazy("friend", "You and this partner do not work together"),
    LeftOut.NOT_ACTIVE: pgettext_lazy("friend", "Your profile was not active"),
    LeftOut.UNDER_AGE: pgettext_lazy("friend", "You were under 18"),
    LeftOut.SKILL: pgettext_lazy("friend", "The job needed a skill or certificate that you did not have"),
    LeftOut.PRO: pgettext_lazy("friend", "The job was for pros"),
    LeftOut.LANGUAGE: pgettext_lazy("friend", "You did not share a language with the customer"),
    LeftOut.REACH: pgettext_lazy("friend", "You live farther away than the partner allows"),
    LeftOut.RADIUS: pgettext_lazy("friend", "It was outside your travel radius"),
    LeftOut.PAUSED: pgettext_lazy("friend", "You had paused"),
    LeftOut.NOT_FREE: pgettext_lazy("friend", "You were not available at any of the preferred times"),
    LeftOut.BUSY: pgettext_lazy("friend", "You had reached your limit of open jobs"),
    LeftOut.CASH: pgettext_lazy("friend", "You had too much of your customers’ cash, and this job was paid in cash"),
    LeftOut.SELLER: pgettext_lazy(
        "friend", "You would have been the seller, and your details as a seller were missing"
    ),
}
TIMES = {
    "evenings": pgettext_lazy("friend", "Availability on weekday evenings"),
    "weekends": pgettext_lazy("friend", "Weekend availability"),
    "mornings": pgettext_lazy("friend", "Time on weekday mornings"),
    "afternoons": pgettext_lazy("friend", "Time on weekday afternoons"),
}
LANGUAGES = {
    "de": pgettext_lazy("friend", "German"),
    "en": pgettext_lazy("friend", "English"),
    "fr": pgettext_lazy("friend", "French"),
    "it": pgettext_lazy("friend", "Italian"),
    "pl": pgettext_lazy("friend", "Polish"),
}


@dataclass(frozen=True)
class Hint:
    """One thing that would have brought offers, in words."""

    words: str
    jobs: str


class ReviewForm(forms.Form):
    """What the friend thinks is wrong with a decision."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "What do you think is wrong?"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={
            "required": pgettext_lazy("friend", "Please write in a few words what you want us to look at.")
        },
    )


@never_cache
@friend_required
@require_safe
def why(request: FriendRequest) -> HttpResponse:
    """Show demand, hints and decisions."""
    friend, moment = friend_by_id(request.friend_id), now()
    facts, communities = facts_of(friend, now=moment), memberships_of(friend.pk)
    view = outlook(facts, position=friend.position, communities=communities, now=moment)
    skills = skills_by_id(_skills_in(view))
    page = Paginator(decisions_about(friend.pk), DECISIONS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "section": "profile",
        "friend": friend,
        "cashless": [(currency, most_minor(currency)) for currency in friend.cashless_in],
        "near_cash_limit": [(currency, most_minor(currency)) for currency in friend.cash_limit_near_in],
        "partners": [] if friend.sells_in else selling_partners(friend),
        "hindrances": hindrances(facts, communities=communities, now=moment),
        "outlook": view,
        "rings": RINGS_KM,
        "demand": [(skills[one.skill_id].name, one) for one in view.demand if one.skill_id in skills],
        "hints": [_hint(change, skills) for change in view.changes[:CHANGES_SHOWN]],
        "page": page,
        "decisions": [_decision(one) for one in page],
    }
    return render(request, "friendhub/fairness/why.html", context)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def decision(request: FriendRequest, considered_id: int) -> HttpResponse:
    """Show one decision with all that was known, and let the friend ask a person to review it."""
    try:
        found = decision_about(considered_id, friend_id=request.friend_id)
    except Considered.DoesNotExist as error:
        raise Http404 from error
    form = ReviewForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            ask_for_review(
                considered_id=found.pk, friend_id=request.friend_id, words=form.cleaned_data["words"], now=now()
            )
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, pgettext("friend", "A person looks at it and answers within 14 days."))
            return redirect("friendhub:decision", found.pk)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = {"section": "profile", "form": form, "decision": _decision(found)}
    return render(request, "friendhub/fairness/decision.html", context, status=status)


def _decision(considered: Considered) -> dict[str, Any]:
    return {
        "considered": considered,
        "job": considered.wave.job,
        "at": considered.wave.opened_at,
        "rule_version": considered.wave.rule_version,
        "places": sentences_about(places_taken(considered)),
        "reasons": [REASONS[LeftOut(reason)] for reason in considered.left_out],
        "review": getattr(considered, "review", None),
    }


def sentences_about(places: PlacesTaken) -> list[str]:
    """Say to whom the places of a wave went, and by which rule, to somebody who fitted and got none."""
    sentences = []
    if places.near:
        near = npgettext(
            "friend",
            "%(count)d place went to a friend who lives nearer, or who has waited longer at the same distance.",
            "%(count)d places went to friends who live nearer, or who have waited longer at the same distance.",
            places.near,
        )
        sentences.append(near % {"count": places.near})
    if places.newcomer:
        sentences.append(
            pgettext(
                "friend",
                "One place is kept for friends without a first job. It went to the one among the nearest of them who "
                "has waited longest.",
            )
        )
    return sentences


def _skills_in(view: Outlook) -> set[int]:
    return {one.skill_id for one in view.demand} | {
        change.about[0] for change in view.changes if change.kind == LeftOut.SKILL
    }


def _hint(change: Change, skills: dict[int, Any]) -> Hint:
    count = npgettext("friend", "%(count)d more job", "%(count)d more jobs", change.jobs) % {"count": change.jobs}
    return Hint(_words(change, skills), count)


def _words(change: Change, skills: dict[int, Any]) -> str:
    about = change.about
    if change.kind == LeftOut.SKILL:
        skill, grade = about
        words = (
            pgettext("friend", "The certificate for “%(skill)s”")
            if grade
            else pgettext("friend", "The skill “%(skill)s”")
        )
        return words % {"skill": skills[skill].name if skill in skills else skill}
    if change.kind == LeftOut.RADIUS:
        return pgettext("friend", "A travel radius of %(km)d km") % {"km": about // 1_000}
    if change.kind == LeftOut.NOT_FREE:
        return str(TIMES[about])
    if change.kind == LeftOut.LANGUAGE:
        return pgettext("friend", "Another language: %(language)s") % {"language": LANGUAGES.get(about, about)}
    if change.kind == LeftOut.PAUSED:
        return pgettext("friend", "The end of your pause")
    if change.kind == LeftOut.BUSY:
        return pgettext("friend", "Room for one more open job")
    if change.kind == LeftOut.PRO:
        return pgettext("friend", "A profile as a pro")
    return _community_words(about)


def _community_words(community: int) -> str:
    if community == SHARED_CROWD:
        return pgettext("friend", "The shared crowd of all partners")
    partner = partners().filter(pk=community).first()
    name = partner.name if partner else ""
    return pgettext("friend", "The community of %(name)s") % {"name": name}
