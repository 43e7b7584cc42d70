"""A friend on site proposes extra work or another price; the customer answers on the page of their order."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from friendhub.access import FriendRequest, friend_required
from friendhub.answering import ask, typed
from friendhub.jobs.page import context_of, job_of
from journeys.order.working.extra_work import Listed, price_list, propose_extra, take_extra_back
from kernel.clock import now
from kernel.money import Money, format_money
from kernel.typed.amounts import read_amount
from kernel.wording.texts import pick
from orders.errors import ExtraIsOpen, IllegalOrderMove
from orders.permits import may_propose_extra
from places.countries import country_by_code

MORE, LESS = "+", "-"


class ExtraForm(forms.Form):
    """What more is to be done, or what it costs instead."""

    words = forms.CharField(
        label=pgettext_lazy("friend", "What is it about?"),
        help_text=pgettext_lazy("friend", "The customer reads it before they decide."),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": pgettext_lazy("friend", "Please say what you would do, or why the price changes.")},
    )
    price = forms.ChoiceField(
        label=pgettext_lazy("friend", "What does it cost?"),
        error_messages={"required": pgettext_lazy("friend", "Please choose what it costs.")},
    )
    amount = forms.CharField(
        label=pgettext_lazy("friend", "Amount"),
        help_text=pgettext_lazy("friend", "Only for an amount of your own: with VAT, as the customer pays it."),
        required=False,
        max_length=20,
        widget=forms.TextInput({"inputmode": "decimal"}),
    )
    minutes = forms.IntegerField(
        label=pgettext_lazy("friend", "How many minutes longer does it take?"),
        min_value=0,
        max_value=600,
        error_messages={"required": pgettext_lazy("friend", "Please enter the minutes, or 0.")},
    )

    def __init__(self, *args: Any, prices: Sequence[Listed], language: str, country: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._currency = country_by_code(country).currency
        listed = [
            (one.slug, f"{pick(one.name, language)} · {_written(one.price, language, country)}") for one in prices
        ]
        field = self.fields["price"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (MORE, pgettext("friend", "An amount of my own, on top")),
            (LESS, pgettext("friend", "An amount of my own, off the price")),
            *([(pgettext("friend", "From the price list, on top"), listed)] if listed else []),
        ]

    def clean(self) -> dict[str, Any]:
        """Return what the service takes: a package of the price list, or by how much the price changes."""
        cleaned = super().clean() or {}
        price, amount = cleaned.pop("price", None), cleaned.pop("amount", "")
        if price is None:
            return cleaned
        if price not in {MORE, LESS}:
            return cleaned | {"package_slug": price}
        try:
            minor = read_amount(amount, self._currency).minor
        except ValueError:
            self.add_error("amount", pgettext("friend", "Please enter an amount like 25 or 25.50."))
            return cleaned
        return cleaned | {"change_minor": minor if price == MORE else -minor}


@never_cache
@friend_required
@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Ask the customer for extra work or another price."""
    found = job_of(request, job_id)
    if not may_propose_extra(found.order_state):
        raise IllegalOrderMove
    if found.extra is not None:
        raise ExtraIsOpen
    form = ExtraForm(
        typed(request), prices=price_list(found.job), language=request.LANGUAGE_CODE, country=found.job.country
    )

    def send(**values: Any) -> None:
        propose_extra(job_id=job_id, friend_id=request.friend_id, now=now(), **values)

    said = pgettext("friend", "Sent. You see here as soon as the customer has answered.")
    return ask(request, form, send, template="friendhub/jobs/extra.html", context=context_of(found), said=said)


@never_cache
@friend_required
@require_POST
def take_back(request: FriendRequest, job_id: UUID) -> HttpResponse:
    """Take back what waits for the customer's answer."""
    take_extra_back(job_id=job_id, friend_id=request.friend_id, now=now())
    messages.success(request, pgettext("friend", "Taken back. The job goes on as agreed."))
    return redirect("friendhub:job", job_id)


def _written(price: Money, language: str, country: str) -> str:
    return format_money(price.minor, price.currency, language=language, country=country)
