"""A series of events: an event is repeated on other days, in all its languages, each with guests of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from cms.events.pages import EventPage
from events.selectors import find_event, keys_of_series
from events.services import join_in_series
from kernel.errors import FieldsNotRight
from tenants.requests import Request

MOST_TIMES = 26


class Every(models.TextChoices):
    """How far apart the dates of a series are."""

    WEEK = "week", gettext_lazy("Every week")
    TWO_WEEKS = "two_weeks", gettext_lazy("Every two weeks")
    FOUR_WEEKS = "four_weeks", gettext_lazy("Every four weeks")


WEEKS = {Every.WEEK: 1, Every.TWO_WEEKS: 2, Every.FOUR_WEEKS: 4}


class RepeatForm(forms.Form):
    """How often an event takes place again; always on the same day of the week, at the same local time."""

    every = forms.ChoiceField(label=gettext_lazy("How often"), choices=Every.choices)
    times = forms.IntegerField(label=gettext_lazy("How many more dates"), min_value=1, max_value=MOST_TIMES, initial=3)


@dataclass(frozen=True)
class Shifted:
    """The days of one more date."""

    start_day: date
    end_day: date | None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def repeat(request: Request, page_id: int) -> HttpResponse:
    """Ask how often, and publish the other dates."""
    page, user = EventPage.objects.live().filter(pk=page_id).first(), request.user
    if (
        page is None
        or not isinstance(user, User)
        or not page.get_parent().permissions_for_user(user).can_publish_subpage()
    ):
        raise Http404
    form = RepeatForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            count = repeat_event(page=page, user=user, **form.cleaned_data)
        except FieldsNotRight as error:
            form.add_error(None, str(error))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            said = ngettext("%(count)s more date is public.", "%(count)s more dates are public.", count)
            messages.success(request, said % {"count": count})
            return redirect("wagtailadmin_explore", page.get_parent().pk)
    context = {"page_title": _("Repeat: %(event)s") % {"event": page.title}, "header_icon": "repeat", "form": form}
    return render(request, "cms/repeat_event.html", context, status=422 if form.is_bound else 200)


@transaction.atomic
def repeat_event(*, page: EventPage, every: str, times: int, user: User) -> int:
    """Publish an event again on other days, in all the languages in which it is public; return on how many.

    A day that has a date of the series already is left out. Raises FieldsNotRight where the clock skips its hour on one
    of them, or ValidationError where another page has the address of one; then none is made.
    """
    translations = list(EventPage.objects.live().filter(translation_key=page.translation_key).order_by("pk"))
    keys, taken = [page.translation_key], _days_of_series(page)
    for shifted in _dates(page, WEEKS[Every(every)], times):
        if shifted.start_day in taken:
            continue
        keys.append(key := uuid4())
        for one in translations:
            changed: dict[str, Any] = {"translation_key": key, "slug": f"{one.slug[:200]}-{shifted.start_day}"}
            changed |= vars(shifted)
            copied = one.copy(
                update_attrs=changed, copy_revisions=False, keep_live=False, reset_translation_key=False, user=user
            )
            copied.facts()
            copied.save_revision(user=user).publish(user=user)
    join_in_series(keys)
    return len(keys) - 1


def _days_of_series(page: EventPage) -> set[date]:
    """Return the days on which pages of an event's series have it, those that are not public too."""
    event = find_event(page.translation_key)
    keys = keys_of_series(event) if event else []
    return {page.start_day, *EventPage.objects.filter(translation_key__in=keys).values_list("start_day", flat=True)}


def _dates(page: EventPage, weeks: int, times: int) -> Iterator[Shifted]:
    for number in range(1, times + 1):
        later = timedelta(weeks=weeks * number)
        yield Shifted(page.start_day + later, page.end_day + later if page.end_day else None)
