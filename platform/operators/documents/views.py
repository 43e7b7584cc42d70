"""What operators do about friends: documents that wait, and the countries in which pros are enabled (R9, R10)."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from crowd.documents import waiting_documents
from crowd.models import DocumentCheck
from crowd.pros import disable_pros, enable_pros, pro_countries, pro_of
from crowd.states import DocumentKind
from journeys.friend.check_documents import approve_document, document_to_check, file_to_check, refuse_document
from kernel.clock import now
from kernel.errors import DomainError
from operators.access import OperatorRequest, operator_required
from places.countries import COUNTRIES, country_by_code
from staffroom.documents import RefusalForm, document_response

DOCUMENTS_A_PAGE = 50


@operator_required
@require_safe
def documents(request: OperatorRequest) -> HttpResponse:
    """List the documents that wait, oldest first."""
    page = Paginator(waiting_documents(), DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "operators/documents/documents.html", {"section": "documents", "page": page})


@operator_required
@require_safe
def document(request: OperatorRequest, check_id: UUID) -> HttpResponse:
    """Show one document beside what the friend has said."""
    return _page(request, document_to_check(check_id), RefusalForm())


@operator_required
@require_safe
def file(request: OperatorRequest, check_id: UUID) -> HttpResponse:
    """Show a document's file."""
    return document_response(file_to_check(check_id))


@operator_required
@require_POST
def approve(request: OperatorRequest, check_id: UUID) -> HttpResponse:
    """Approve a document, which deletes it."""
    try:
        approve_document(check_id=check_id, who=str(request.operator), now=now())
    except DomainError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        messages.error(request, str(error))
    else:
        messages.success(request, _("Approved. The file has been deleted and the friend notified."))
    return redirect("operators:documents")


@operator_required
@require_POST
def refuse(request: OperatorRequest, check_id: UUID) -> HttpResponse:
    """Refuse a document with a reason, which deletes it."""
    form = RefusalForm(request.POST)
    if not form.is_valid():
        return _page(request, document_to_check(check_id), form)
    refuse_document(check_id=check_id, who=str(request.operator), now=now(), **form.cleaned_data)
    messages.success(request, _("Rejected. The file has been deleted and the friend told why."))
    return redirect("operators:documents")


@operator_required
@require_http_methods(["GET", "HEAD", "POST"])
def countries(request: OperatorRequest) -> HttpResponse:
    """Show where pros are enabled; switch one country on or off."""
    if request.method == "POST":
        country = country_by_code(request.POST.get("country", ""))
        if request.POST.get("is_on") == "yes":
            enable_pros(country=country.code, who=str(request.operator), now=now())
            messages.success(request, _("Pros are now available in %(country)s.") % {"country": country.name})
        else:
            disable_pros(country=country.code)
            messages.success(request, _("Pros are no longer available in %(country)s.") % {"country": country.name})
        return redirect("operators:pro_countries")
    enabled = {row.country: row for row in pro_countries()}
    rows = [(country, enabled.get(code)) for code, country in COUNTRIES.items()]
    return render(request, "operators/documents/pro_countries.html", {"section": "documents", "rows": rows})


def _page(request: OperatorRequest, check: DocumentCheck, form: RefusalForm) -> HttpResponse:
    pro = pro_of(check.friend_id) if check.kind == DocumentKind.INSURANCE else None
    context = {
        "section": "documents",
        "check": check,
        "form": form,
        "pro": pro,
        "country": country_by_code(pro.country) if pro else None,
        "is_picture": str(check.file.name).endswith(".jpg"),
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_bound else HTTPStatus.OK
    return render(request, "operators/documents/document.html", context, status=status)
