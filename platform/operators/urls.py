"""Addresses of the operators' pages, below the language."""

from operators.bank import urls as bank
from operators.certificates import urls as certificates
from operators.contracts import urls as contracts
from operators.decisions import urls as decisions
from operators.delivery import urls as delivery
from operators.documents import urls as documents
from operators.ledger import urls as ledger
from operators.online_tests import urls as online_tests
from operators.partners import urls as partners
from operators.payments import urls as payments
from operators.payouts import urls as payouts
from operators.reconciliation import urls as reconciliation
from operators.skills import urls as skills
from operators.start import urls as start
from operators.tax import urls as tax

app_name = "operators"
urlpatterns = [
    *start.urlpatterns,
    *partners.urlpatterns,
    *decisions.urlpatterns,
    *delivery.urlpatterns,
    *documents.urlpatterns,
    *skills.urlpatterns,
    *online_tests.urlpatterns,
    *certificates.urlpatterns,
    *contracts.urlpatterns,
    *ledger.urlpatterns,
    *bank.urlpatterns,
    *payments.urlpatterns,
    *payouts.urlpatterns,
    *reconciliation.urlpatterns,
    *tax.urlpatterns,
]
