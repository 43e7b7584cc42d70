"""Becoming a friend: four short steps, a link by mail, and a page that says what is done and what waits (R9, R23).

What is typed is kept in the session until the last step, the password as its hash. Nothing is written before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth import login
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language, pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.errors import LinkIsVoid
from accounts.models import Kind
from crowd.attempts import onboarding_chance_of
from crowd.onboarding import EXPECTED_DAYS, METRES_A_KM, progress_of
from crowd.profiles import declarable_skills, skills_by_test
from dispatch.fairness.demand import LOOK_BACK, prospects_near
from friendhub.access import FriendRequest, friend_required
from friendhub.answering import accepted, status_of, typed
from friendhub.joining.forms import AccountForm, CommunitiesForm, DocumentForm, HomeForm, NewLinkForm, SkillsForm
from friendhub.joining.password_forms import NewPasswordForm
from friendhub.profile.forms import week_rows
from journeys.friend.choose_communities import joinable_partners
from journeys.friend.sign_up_friend import (
    Application,
    applicant_of,
    confirm_address,
    send_new_link,
    send_proof_of_age,
    sign_up_friend,
)
from kernel.clock import now
from kernel.geo import on_sphere
from kernel.slots import DAYS_A_WEEK, PARTS_A_DAY, Part
from kernel.web.answers import carries_secret
from kernel.web.limits import limited
from kernel.wording.texts import pick
from places.countries import country_by_code
from places.selectors import Place, find_place
from tenants.models import Tenant
from tenants.requests import Request

BACKEND = "django.contrib.auth.backends.ModelBackend"
KEPT, TOKEN, APPLICANT = "joining", "confirming", "applicant"
# Nobody fills in so many steps in ten minutes, a family behind one address included.
STEPS_A_WHILE, SIGN_UPS_A_WHILE, WHILE_S = 120, 20, 600


@dataclass(frozen=True)
class Step:
    """One page: its title, and how its form is made of what is typed and what is kept."""

    title: Promise
    form: Callable[[Request, dict[str, Any], Any], Form]


def _home(request: Request, kept: dict[str, Any], data: Any) -> Form:
    return HomeForm(data, initial=kept.get("home"))


def _account(request: Request, kept: dict[str, Any], data: Any) -> Form:
    return AccountForm(
        data,
        initial={"language": request.LANGUAGE_CODE} | kept.get("account", {}),
        country=kept.get("home", {}).get("country", ""),
        kept_hash=kept.get("password_hash", ""),
        today=now().date(),
    )


def _skills(request: Request, kept: dict[str, Any], data: Any) -> Form:
    return SkillsForm(
        data, initial={"languages": [request.LANGUAGE_CODE]} | kept.get("skills", {}), skills=declarable_skills()
    )


def _communities(request: Request, kept: dict[str, Any], data: Any) -> Form:
    came_by = kept.get("partner", "")
    # The partner by whose site they came stands first, for the community joined first is in charge of the documents.
    here = kept.get("home", {}).get("country", "")
    partners = sorted(
        (one for one in joinable_partners() if here in one.countries), key=lambda tenant: tenant.slug != came_by
    )
    initial = {"communities": [came_by]} | kept.get("communities", {})
    return CommunitiesForm(data, initial=initial, partners=[(one.slug, _introduced(one)) for one in partners])


def _introduced(partner: Tenant) -> str:
    """Return the partner's name with the sentence by which it introduces itself."""
    sentence = pick(partner.tagline, get_language() or "en") if partner.tagline else ""
    return (
        format_html('{}<br><span class="quiet small">{}</span>', partner.name, sentence) if sentence else partner.name
    )


STEPS = {
    "home": Step(pgettext_lazy("friend", "Where do you live?"), _home),
    "account": Step(pgettext_lazy("friend", "Who are you?"), _account),
    "skills": Step(pgettext_lazy("friend", "What can you do, and when?"), _skills),
    "communities": Step(pgettext_lazy("friend", "For whom do you want to work?"), _communities),
}


@never_cache
@require_safe
def start(request: Request) -> HttpResponse:
    """Begin to sign up, by way of a partner's site where the address names one."""
    if request.user.is_authenticated and request.user.kind == Kind.FRIEND:
        return redirect("friendhub:joining")
    if "partner" in request.GET:
        request.session[KEPT] = _kept(request) | {"partner": request.GET["partner"][:60]}
    return redirect("friendhub:join_step", next(iter(STEPS)))


@limited(of="sign-up", most=STEPS_A_WHILE, within_s=WHILE_S)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: Request, step: str) -> HttpResponse:
    """Show or take one step; the last one signs up."""
    kept, names = _kept(request), list(STEPS)
    missing = next((name for name in names if name not in kept), names[-1])
    if names.index(step) > names.index(missing):
        return redirect("friendhub:join_step", missing)
    form = STEPS[step].form(request, kept, typed(request))
    if not form.is_valid():
        return _page(request, step, form)
    kept = kept | {step: {name: form[name].value() for name in form.fields if name != "password"}}
    if step == "account":
        kept["password_hash"] = form.cleaned_data["password_hash"]
    request.session[KEPT] = kept
    if step != names[-1]:
        return redirect("friendhub:join_step", names[names.index(step) + 1])
    return _finish(request, kept)


@never_cache
@require_safe
def sent(request: Request) -> HttpResponse:
    """Ask to look into the mailbox; the same page for addresses that are known here and for those that are not."""
    return render(request, "friendhub/joining/join_sent.html", {"email": request.session.get("joined", "")})


@carries_secret
@limited(of="confirm-address", most=SIGN_UPS_A_WHILE, within_s=WHILE_S)
@require_safe
def follow_link(request: Request, token: str) -> HttpResponse:
    """Keep the link's token in the session and lead to an address without it.

    A form on this very page could not be sent: where no referrer is told, browsers name no origin either.
    """
    request.session[TOKEN] = token
    return redirect("friendhub:confirm")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: Request) -> HttpResponse:
    """Confirm the address by pressing a button, since mail programs follow links by themselves; sign in.

    In the browser that signed up that is all; in any other a password is chosen. A link that is over offers a new one.
    """
    token = request.session.get(TOKEN, "")
    try:
        applicant = applicant_of(token=token)
    except LinkIsVoid as error:
        return render(request, "friendhub/joining/join_link_void.html", {"form": NewLinkForm()}, status=error.status)
    data = typed(request)
    # Somebody else may have signed up with this address. Who reads its mail in another browser chooses the password.
    is_same_browser = request.session.get(APPLICANT) == str(applicant.uuid)
    form = Form(data) if is_same_browser else NewPasswordForm(data, user=applicant)
    if not form.is_valid():
        context = {"form": form, "email": applicant.email}
        return render(request, "friendhub/joining/join_confirm.html", context, status=status_of(form))
    del request.session[TOKEN]
    user = confirm_address(token=token, password=form.cleaned_data.get("password"))
    login(request, user, backend=BACKEND)
    return redirect("friendhub:joining")


@limited(of="new-link", most=SIGN_UPS_A_WHILE, within_s=WHILE_S)
@never_cache
@require_POST
def new_link(request: Request) -> HttpResponse:
    """Send another link; the answer is the same for every address."""
    form = NewLinkForm(request.POST)
    if not form.is_valid():
        return render(request, "friendhub/joining/join_link_void.html", {"form": form}, status=status_of(form))
    send_new_link(email=form.cleaned_data["email"], now=now())
    request.session["joined"] = form.cleaned_data["email"]
    return redirect("friendhub:join_sent")


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def joining(request: FriendRequest) -> HttpResponse:
    """Show what is done and what waits on the way to the first offer; take a proof of age."""
    form = DocumentForm(request.POST, request.FILES) if request.method == "POST" else DocumentForm()
    if form.is_bound and accepted(form, send_proof_of_age, {}, friend_id=request.friend_id, now=now()):
        messages.success(request, pgettext("friend", "Thank you. Somebody looks at your document soon."))
        return redirect("friendhub:joining")
    context = {
        "section": "profile",
        "form": form,
        "progress": progress_of(request.friend_id),
        "days": EXPECTED_DAYS,
        "chance": onboarding_chance_of(request.friend_id, now=now()),
    }
    return render(request, "friendhub/joining/joining.html", context, status=status_of(form))


def _kept(request: Request) -> dict[str, Any]:
    return dict(request.session.get(KEPT, {}))


def _finish(request: Request, kept: dict[str, Any]) -> HttpResponse:
    """Judge all steps once more, for days may lie between them, and sign up."""
    said: dict[str, Any] = {}
    for name, one in STEPS.items():
        form = one.form(request, kept, kept[name] | {"password": ""})
        if not form.is_valid():
            return _page(request, name, form)
        said |= form.cleaned_data
    for name in ("country", "postal_code", "radius_km"):
        del said[name]
    came_by = kept.get("partner", "")
    said["communities"] = tuple(sorted(said.get("communities", ()), key=lambda slug: slug != came_by))
    said["languages"], said["skill_ids"] = tuple(said["languages"]), tuple(said["skill_ids"])
    applicant = sign_up_friend(application=Application(**said), now=now())
    del request.session[KEPT]
    request.session[APPLICANT] = str(applicant)
    request.session["joined"] = said["email"]
    return redirect("friendhub:join_sent")


def _page(request: Request, name: str, form: Form) -> HttpResponse:
    names = list(STEPS)
    place = names.index(name)
    context: dict[str, Any] = {
        "form": form,
        "step": name,
        "title": STEPS[name].title,
        "names": names,
        "place": place + 1,
        "before": names[place - 1] if place else "",
        "is_last": place == len(names) - 1,
    }
    home = _kept(request).get("home", {})
    if name != names[0]:
        context["home"] = find_place(home["country"], home["postal_code"])
    if name == names[1]:
        context |= _demand(context["home"], int(home["radius_km"]))
    if name == "skills":
        ticked = {str(at) for at in form["free_week"].value() or []}
        context |= {
            "after_a_test": skills_by_test(),
            "week": week_rows({at: str(at) in ticked for at in range(DAYS_A_WEEK * PARTS_A_DAY)}),
            "part_names": [part.label for part in Part],
        }
    return render(request, "friendhub/joining/join.html", context, status=status_of(form))


def _demand(place: Place, reach_km: int) -> dict[str, Any]:
    """Return what was asked for around a place."""
    prospects = prospects_near(
        on_sphere(place.latitude, place.longitude),
        currency=country_by_code(place.country).currency,
        reach_m=reach_km * METRES_A_KM,
        now=now(),
    )
    return {"reach_km": reach_km, "look_back_days": LOOK_BACK.days, "prospects": prospects}
