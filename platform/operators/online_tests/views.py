"""Online tests as operators write them: the test, its pool with figures, publishing, a look at it as friends see it."""

import secrets
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.errors import NotReadyToPublish, UnableToKeepTest
from crowd.models import OnlineTest, PoolQuestion
from crowd.papers import draw_paper
from crowd.pools import (
    faults_of,
    figures_of,
    online_test,
    online_tests,
    publish_test,
    question_of,
    save_question,
    save_test,
    withdraw_test,
)
from kernel.clock import now
from kernel.errors import DomainError
from kernel.wording.texts import pick
from operators.access import OperatorRequest, operator_required
from operators.online_tests.forms import OnlineTestForm, QuestionForm
from skills.selectors import usable_skills

HERE = {"section": "crowd", "part": "tests"}


@operator_required
@require_safe
def test_list(request: OperatorRequest) -> HttpResponse:
    """List all tests."""
    return render(request, "operators/online_tests/online_tests.html", HERE | {"tests": list(online_tests())})


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: OperatorRequest) -> HttpResponse:
    """Write a new test; its questions come next."""
    return _edit(request, None, said=_("The test has been saved. Now write its questions."))


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def test(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show a test with its pool and figures, or save it."""
    return _edit(request, _test(slug), said=_("The test has been saved. Attempts in progress keep their questions."))


@operator_required
@require_POST
def publish(request: OperatorRequest, slug: str) -> HttpResponse:
    """Publish a test, or withdraw it."""
    found = _test(slug)
    try:
        if "withdraw" in request.POST:
            withdraw_test(test=found, who=str(request.operator), now=now())
            messages.success(request, _("The test has been withdrawn. Anyone who has started can finish."))
        else:
            publish_test(test=found, who=str(request.operator), now=now())
            messages.success(request, _("The test has been published. Friends can take it now."))
    except (NotReadyToPublish, UnableToKeepTest) as error:
        messages.error(request, str(error))
    return redirect("operators:online_test", found.slug)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_question(request: OperatorRequest, slug: str) -> HttpResponse:
    """Add a question to the pool."""
    return _edit_question(request, _test(slug), None)


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: OperatorRequest, slug: str, question_id: int) -> HttpResponse:
    """Change a question of the pool."""
    found = _test(slug)
    try:
        return _edit_question(request, found, question_of(found, question_id))
    except PoolQuestion.DoesNotExist as error:
        raise Http404 from error


@operator_required
@require_safe
def preview(request: OperatorRequest, slug: str) -> HttpResponse:
    """Show a paper as a friend could get it, in any language; the right choices where they are asked for."""
    found = _test(slug)
    wanted = request.GET.get("language", "")
    language = wanted if wanted in dict(settings.LANGUAGES) else (get_language() or "en")
    pool = list(found.questions.filter(is_active=True).order_by("id"))
    context = HERE | {
        "test": found,
        "title": pick(found.title, language),
        "intro": pick(found.intro, language),
        "language": language,
        "with_answers": "answers" in request.GET,
        "languages_of_tests": settings.LANGUAGES,
        "paper": [
            {
                "text": pick(question["text"], language),
                "choices": [(pick(one["text"], language), one["is_right"]) for one in question["choices"]],
                "is_single": sum(one["is_right"] for one in question["choices"]) == 1,
                "explanation": pick(question["explanation"], language),
            }
            for question in draw_paper(pool, draws=found.draws, chance=secrets.SystemRandom())
        ],
    }
    return render(request, "operators/online_tests/online_test_preview.html", context)


def _edit(request: OperatorRequest, found: OnlineTest | None, *, said: str) -> HttpResponse:
    kept = [found.skill.slug] if found and found.skill else []
    skills = [*usable_skills(kept=kept), *([found.skill] if found and found.skill and found.skill.owner else [])]
    form = OnlineTestForm(request.POST if request.method == "POST" else None, skills=skills, test=found)
    if form.is_bound and form.is_valid():
        try:
            saved = save_test(test=found, who=str(request.operator), now=now(), **form.values())
        except UnableToKeepTest as error:
            form.show_faults(error.fields)
        except NotReadyToPublish as error:
            form.add_error(None, error.faults)
        else:
            messages.success(request, said)
            return redirect("operators:online_test", saved.slug)
    # What was typed and refused is in the form only.
    present = _test(found.slug) if found else None
    context: dict[str, Any] = HERE | {"form": form, "test": present}
    if present is not None:
        context |= {"pool": figures_of(present), "faults": faults_of(present)}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/online_tests/online_test.html", context, status=status)


def _edit_question(request: OperatorRequest, found: OnlineTest, kept: PoolQuestion | None) -> HttpResponse:
    form = QuestionForm(request.POST if request.method == "POST" else None, question=kept)
    if form.is_bound and form.is_valid():
        try:
            save_question(test=found, question=kept, who=str(request.operator), now=now(), **form.values())
        except DomainError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The question has been saved."))
            if "another" in request.POST:
                return redirect("operators:new_question", found.slug)
            return redirect("operators:online_test", found.slug)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    context = HERE | {"form": form, "test": found, "question": kept}
    return render(request, "operators/online_tests/question.html", context, status=status)


def _test(slug: str) -> OnlineTest:
    try:
        return online_test(slug)
    except OnlineTest.DoesNotExist as error:
        raise Http404 from error
