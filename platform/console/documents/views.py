"""Proofs of age of those who came to the partner's community, as its managers decide about them (R9)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem

from console.permissions import VIEW_ORDERS
from crowd.models import DocumentCheck
from journeys.friend.check_documents import (
    approve_document,
    document_to_check,
    documents_of_partner,
    file_to_check,
    refuse_document,
)
from kernel.clock import now
from kernel.errors import DomainError
from staffroom.documents import RefusalForm, document_response
from tenants.models import Feature
from tenants.requests import Request
from tenants.selectors import has_feature

ON_A_PAGE = 50


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def documents(request: Request) -> HttpResponse:
    """List the documents that wait for this partner, oldest first."""
    asked = request.GET.get("p", "")
    number = max(int(asked), 1) if asked.isdecimal() and len(asked) < len(str(10**6)) else 1
    waiting, count = documents_of_partner(request.tenant, first=(number - 1) * ON_A_PAGE, most=ON_A_PAGE)
    pages = Paginator(range(count), ON_A_PAGE)
    context = {
        "page_title": _("Friends' documents"),
        "header_icon": "user",
        "documents": waiting,
        "items": pages.get_page(number),
        "page_range": pages.get_elided_page_range(pages.get_page(number).number),
    }
    return render(request, "console/documents/documents.html", context)


@never_cache
@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def document(request: Request, check_id: UUID) -> HttpResponse:
    """Show one document beside what the friend has said."""
    return _page(request, document_to_check(check_id, tenant=request.tenant), RefusalForm())


@require_safe
@permission_required(VIEW_ORDERS, raise_exception=True)
def file(request: Request, check_id: UUID) -> HttpResponse:
    """Show a document's file."""
    return document_response(file_to_check(check_id, tenant=request.tenant))


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def approve(request: Request, check_id: UUID) -> HttpResponse:
    """Approve a document, which deletes it."""
    try:
        approve_document(check_id=check_id, who=str(request.user), now=now(), tenant=request.tenant)
    except DomainError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. The file has been deleted and the friend notified."))
    return redirect("friend_documents")


@never_cache
@require_POST
@permission_required(VIEW_ORDERS, raise_exception=True)
def refuse(request: Request, check_id: UUID) -> HttpResponse:
    """Refuse a document with a reason, which deletes it."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, document_to_check(check_id, tenant=request.tenant), form)
    refuse_document(check_id=check_id, who=str(request.user), now=now(), tenant=request.tenant, **form.cleaned_data)
    messages.success(request, _("Rejected. The file has been deleted and the friend told why."))
    return redirect("friend_documents")


class DocumentsMenuItem(MenuItem):
    """A menu item for those who look after a community."""

    def is_shown(self, request: HttpRequest) -> bool:
        """Say whether there is a community here, and this user looks after it."""
        return has_feature(request.tenant, Feature.COMMUNITY) and request.user.has_perm(VIEW_ORDERS)  # type: ignore[attr-defined]  # of our middleware


def menu_item() -> MenuItem:
    """Return the entry of the main menu."""
    return DocumentsMenuItem(
        pgettext_lazy("menu", "Proofs of age"), reverse("friend_documents"), icon_name="user", order=110
    )


def _page(request: Request, check: DocumentCheck, form: RefusalForm) -> HttpResponse:
    context = {
        "page_title": f"{check.friend.first_name} {check.friend.last_name}",
        "header_icon": "user",
        "check": check,
        "form": form,
        "is_picture": str(check.file.name).endswith(".jpg"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "console/documents/document.html", context, status=status)


urlpatterns = [
    path("friends-documents/", documents, name="friend_documents"),
    path("friends-documents/<uuid:check_id>/", document, name="friend_document"),
    path("friends-documents/<uuid:check_id>/file/", file, name="friend_document_file"),
    path("friends-documents/<uuid:check_id>/approve/", approve, name="approve_friend_document"),
    path("friends-documents/<uuid:check_id>/refuse/", refuse, name="refuse_friend_document"),
]
