"""The one shape of the operators' lists: searched, filtered, in pages, and as CSV."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.urls import reverse

from operators.access import OperatorRequest

A_PAGE = 50
Choices = list[tuple[str, Any]]


class ListForm(forms.Form):
    """What a list is searched for; of what makes no sense nothing is asked."""

    # A name of a choice, what stands for none of them.
    nones: ClassVar[dict[str, Any]] = {}

    def __init__(self, data: Any, **choices: Choices) -> None:
        super().__init__(data, label_suffix="")
        for name, found in choices.items():
            cast(forms.ChoiceField, self.fields[name]).choices = [("", self.nones[name]), *found]

    def said(self, name: str) -> str:
        """Return what is asked for."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    def number(self, name: str) -> int | None:
        """Return the number that is asked for."""
        return int(self.said(name)) if self.said(name) else None

    @property
    def is_searching(self) -> bool:
        """Say whether anything is asked for."""
        return any(self.said(name) for name in self.fields)


def listed(
    request: OperatorRequest,
    found: QuerySet[Any],
    form: ListForm,
    *,
    heading: str,
    csv: str,
    nothing: str,
    with_facts: Callable[[list[Any]], list[Any]] = list,
) -> dict[str, Any]:
    """Return what ``operators/list.html`` shows: one page of what was found, each row ``with_facts``.

    ``csv`` names the view that gives the same list as a file, ``nothing`` is said where there is nothing to list.
    """
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    return {
        "form": form,
        "page": page,
        "rows": with_facts(list(page)),
        "query": query.urlencode(),
        "is_searching": form.is_searching,
        "heading": heading,
        "csv": reverse(f"operators:{csv}"),
        "nothing": nothing,
    }
