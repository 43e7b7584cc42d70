"""What only the database's owner does: how far it is, and how it ended."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from operators.access import OperatorRequest, operator_required
from tenants.models import Operation, OperationKind, OperationState
from tenants.selectors import operation_by_id, tenant_url


@operator_required
@require_safe
def operation(request: OperatorRequest, operation_id: UUID) -> HttpResponse:
    """Show an operation; the page follows it while it runs, and without JavaScript has a link to look again."""
    found = operation_or_404(operation_id)
    context = {
        "section": "partners",
        "operation": found,
        "is_open": found.state in {OperationState.WAITING, OperationState.RUNNING},
        "is_creation": found.kind == OperationKind.CREATE,
        "site_url": tenant_url(found.tenant) if found.tenant else "",
    }
    template = "operators/partners/parts/operation.html" if request.htmx else "operators/partners/operation.html"
    return render(request, template, context)


def operation_or_404(operation_id: UUID | str) -> Operation:
    """Return an operation."""
    try:
        return operation_by_id(UUID(str(operation_id)))
    except (Operation.DoesNotExist, ValueError) as error:
        raise Http404 from error
