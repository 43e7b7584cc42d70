"""Online tests and certificates as a friend meets them: what there is, the rules, the paper, the result."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from crowd.attempts import (
    HandedIn,
    attempt_of,
    chance_at,
    chances_of,
    keep_answers,
    retry_since,
    start_attempt,
    was_late,
)
from crowd.certificates import history_of, standings
from crowd.errors import MayNotStartYet, NothingToProve
from crowd.models import Attempt, Certificate, OnlineTest
from crowd.papers import Answers, Question, read_answers, right_places, score
from crowd.states import OnlineTestKind
from friendhub.access import FriendRequest, friend_required
from journeys.friend.certify_friend import hand_in_test
from kernel.clock import now
from kernel.wording.texts import pick
from tenants.selectors import partner_names

EVENTS = 20


class PaperForm(forms.Form):
    """All questions of a paper: one choice where one is right, else as many as one likes."""

    def __init__(self, paper: list[Question], data: QueryDict | None = None, *, answers: Answers | None = None) -> None:
        self.paper = paper
        super().__init__(data, label_suffix="", initial=_initial(paper, answers or {}))
        language = get_language() or "en"
        for place, question in enumerate(paper):
            choices = [(at, pick(choice["text"], language)) for at, choice in enumerate(question["choices"])]
            label = f"{place + 1}. {pick(question['text'], language)}"
            if _has_one_answer(question):
                words = {"required": pgettext("friend", "Please choose an answer.")}
                field: forms.Field = forms.ChoiceField(
                    label=label, choices=choices, widget=forms.RadioSelect, error_messages=words
                )
            else:
                words = {"required": pgettext("friend", "Please tick at least one answer.")}
                field = forms.MultipleChoiceField(
                    label=label,
                    help_text=pgettext("friend", "More than one answer may be right. Tick all of them."),
                    choices=choices,
                    widget=forms.CheckboxSelectMultiple,
                    error_messages=words,
                )
            self.fields[_name(place)] = field

    def answers(self) -> Answers:
        """Return what is ticked, whether all of it is answered or not."""
        data = self.data
        assert isinstance(data, QueryDict)
        return read_answers(self.paper, {place: data.getlist(_name(place)) for place in range(len(self.paper))})


@never_cache
@friend_required
@require_safe
def overview(request: FriendRequest) -> HttpResponse:
    """Show what the friend holds, which tests there are, and what happened so far."""
    moment = now()
    held = standings(request.friend_id, today=moment.date())
    context = {
        "section": "profile",
        "held": _with_issuers(held),
        "chances": chances_of(request.friend_id, now=moment),
        "events": history_of(request.friend_id)[:EVENTS],
        "onboarding": OnlineTestKind.ONBOARDING,
    }
    return render(request, "friendhub/online_tests/tests.html", context)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: FriendRequest, slug: str) -> HttpResponse:
    """Show the rules of a test before it begins, or begin."""
    try:
        if request.method == "POST":
            attempt = start_attempt(slug=slug, friend_id=request.friend_id, now=now())
            return redirect("friendhub:paper", attempt.pk)
        chance = chance_at(request.friend_id, slug, now=now())
    except OnlineTest.DoesNotExist as error:
        raise Http404 from error
    except (MayNotStartYet, NothingToProve) as error:
        messages.warning(request, str(error))
        return redirect("friendhub:test", slug)
    if chance.attempt is not None:
        return redirect("friendhub:paper", chance.attempt.pk)
    context = {"section": "profile", "chance": chance, "test": chance.test, "onboarding": OnlineTestKind.ONBOARDING}
    return render(request, "friendhub/online_tests/test.html", context)


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def paper(request: FriendRequest, attempt_id: UUID) -> HttpResponse:
    """Show a paper, keep its answers for another language, take it in, or show its result."""
    try:
        attempt = attempt_of(request.friend_id, attempt_id)
    except Attempt.DoesNotExist as error:
        raise Http404 from error
    if request.method == "POST":
        return _answer(request, attempt)
    if attempt.ended_at is not None:
        return _result(request, attempt)
    return _paper(request, attempt, PaperForm(attempt.paper, answers=attempt.answers))


def _answer(request: FriendRequest, attempt: Attempt) -> HttpResponse:
    """Do what the pressed button says."""
    form = PaperForm(attempt.paper, request.POST)
    answers, moment = form.answers(), now()
    if "language" in request.POST and attempt.ended_at is None:
        keep_answers(attempt_id=attempt.pk, friend_id=request.friend_id, answers=answers, now=moment)
        return redirect(_in_language(request.POST["language"], attempt))
    is_complete = form.is_valid() or "anyway" in request.POST
    if not is_complete and attempt.ended_at is None and moment <= attempt.due_at:
        keep_answers(attempt_id=attempt.pk, friend_id=request.friend_id, answers=answers, now=moment)
        return _paper(request, attempt, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    done = hand_in_test(attempt_id=attempt.pk, friend_id=request.friend_id, answers=answers, now=moment)
    _say(request, done)
    return redirect("friendhub:paper", attempt.pk)


def _say(request: FriendRequest, done: HandedIn) -> None:
    if not done.is_first:
        words = pgettext("friend", "This test has already been submitted. The first result counts.")
        messages.info(request, words)
    elif done.is_active_now:
        messages.success(request, pgettext("friend", "You are ready: from now on you'll get offers near you."))


def _paper(
    request: FriendRequest, attempt: Attempt, form: PaperForm, *, status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "section": "profile",
        "attempt": attempt,
        "test": attempt.test,
        "form": form,
        "is_over": now() > attempt.due_at,
        "tongues": [
            (code, translation.get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES
        ],
    }
    return render(request, "friendhub/online_tests/paper.html", context, status=status)


def _result(request: FriendRequest, attempt: Attempt) -> HttpResponse:
    """Show what was right and why; the right choices only to who has passed, for the pool is used again."""
    right = score(attempt.paper, attempt.answers).right
    since = retry_since(attempt)
    context = {
        "section": "profile",
        "attempt": attempt,
        "test": attempt.test,
        "lines": [
            _line(question, attempt, place, is_right)
            for place, (question, is_right) in enumerate(zip(attempt.paper, right, strict=True))
        ],
        "is_late": was_late(attempt),
        "since": since,
        "may_retry": since is not None and since <= now() and attempt.test.is_published,
    }
    return render(request, "friendhub/online_tests/result.html", context)


def _line(question: Question, attempt: Attempt, place: int, is_right: bool) -> dict[str, Any]:
    ticked = attempt.answers.get(str(place), [])
    rights = right_places(question) if attempt.has_passed else set()
    return {
        "text": question["text"],
        "is_right": is_right,
        "ticked": [question["choices"][at]["text"] for at in ticked],
        "right": [question["choices"][at]["text"] for at in sorted(rights)] if not is_right else [],
        "explanation": question["explanation"],
    }


def _with_issuers(held: list[Certificate]) -> list[tuple[Certificate, str]]:
    names = partner_names({one.issuer for one in held if one.issuer})
    return [(one, names.get(one.issuer or 0, "")) for one in held]


def _in_language(code: str, attempt: Attempt) -> str:
    known = code if code in dict(settings.LANGUAGES) else (get_language() or "en")
    with translation.override(known):
        return reverse("friendhub:paper", args=[attempt.pk])


def _initial(paper: list[Question], answers: Answers) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for place, question in enumerate(paper):
        ticked = answers.get(str(place), [])
        found[_name(place)] = (ticked[0] if ticked else None) if _has_one_answer(question) else ticked
    return found


def _has_one_answer(question: Question) -> bool:
    return len(right_places(question)) == 1


def _name(place: int) -> str:
    return f"q{place}"
