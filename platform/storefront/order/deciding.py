"""While friends decide: the customer answers their questions, and chooses among other times (R18)."""

from collections.abc import Callable
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from dispatch.errors import NothingAnswered, QuestionClosed
from journeys.order.booking.change_times import change_times as save_times
from journeys.order.finding.accept_other_times import decline_other_times, pick_other_time
from journeys.order.talking.ask_customer import answer_friend, answer_photo_of_order, exchanges_of_order
from kernel.clock import now
from kernel.errors import DomainError
from kernel.web.limits import limited
from kernel.web.serving import as_jpeg
from orders.intake import known_windows, write_window
from orders.models import Order
from orders.permits import may_change_times
from storefront.booking.times import times_form
from storefront.order.answering import AnswerForm, rows_of
from storefront.order.page import order_context, order_of
from tenants.requests import Request, served_while_closed

# Each change tells friends, who should not be told all the time.
CHANGES, CHANGES_WITHIN_S = 20, 3600


@served_while_closed
@never_cache
@require_POST
def answer_question(request: Request, token: str, question_id: UUID) -> HttpResponse:
    """Answer a friend's question in words, with a photo or both."""
    found = order_of(request, token)
    form = AnswerForm(request.POST, request.FILES, auto_id=f"id_{question_id.hex}_%s")
    if form.is_valid():
        try:
            has_hidden = answer_friend(order=found, question_id=question_id, now=now(), **form.cleaned_data)
        except NothingAnswered as error:
            form.add_error("words", str(error))
        else:
            messages.success(request, _("Thank you. All friends who are asked see your answer."))
            if has_hidden:
                messages.info(
                    request,
                    _("We have hidden the contact details in it. The friend who takes your order gets yours from us."),
                )
            return redirect("storefront:order", token=token)
    rows = rows_of(exchanges_of_order(found), form, question_id)
    context = order_context(request.tenant, token, found) | {"answer_form": form, "rows": rows}
    return render(request, "storefront/order/order.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


@served_while_closed
@never_cache
@require_safe
@as_jpeg
def answer_photo(request: Request, token: str, question_id: UUID) -> bytes:
    """Show the customer the photo of an answer."""
    try:
        return answer_photo_of_order(order=order_of(request, token), question_id=question_id)
    except QuestionClosed as error:
        raise Http404 from error


@served_while_closed
@never_cache
@require_POST
def pick_time(request: Request, token: str, time_id: int) -> HttpResponse:
    """Choose one of the other times that friends propose."""
    return _decide(
        request,
        token,
        lambda found: pick_other_time(order=found, time_id=time_id, now=now()),
        _("The appointment is confirmed. We have sent you a calendar entry."),
    )


@served_while_closed
@never_cache
@require_POST
def decline_times(request: Request, token: str) -> HttpResponse:
    """Turn down all proposed times."""
    return _decide(
        request,
        token,
        lambda found: decline_other_times(order=found, now=now()),
        _("Noted: none of these times suits you. We'll keep looking."),
    )


@served_while_closed
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@limited(of="times", most=CHANGES, within_s=CHANGES_WITHIN_S)
def change_times(request: Request, token: str) -> HttpResponse:
    """Wish for other times, as long as nobody has accepted; where somebody has, the page of the order says so."""
    found = order_of(request, token)
    if not may_change_times(found.state):
        return redirect("storefront:order", token=token)
    form = times_form(request, {"windows": [write_window(window.day, window.part) for window in found.windows.all()]})
    if not form.is_valid():
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
        context = {"order": found, "token": token, "form": form}
        return render(request, "storefront/order/times.html", context, status=status)
    return _decide(
        request,
        token,
        lambda order: save_times(order=order, windows=known_windows(form.cleaned_data["windows"]), now=now()),
        _("We've saved your new times."),
    )


def _decide(request: Request, token: str, act: Callable[[Order], object], said: str) -> HttpResponse:
    """Decide about proposed times; where it is too late, say so on the page, which shows how things are now."""
    try:
        act(order_of(request, token))
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("storefront:order", token=token)
