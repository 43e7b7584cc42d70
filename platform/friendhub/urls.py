"""Addresses of the friends' app, below the language."""

from friendhub.earnings import urls as earnings
from friendhub.fairness import urls as fairness
from friendhub.inbox import urls as inbox
from friendhub.jobs import urls as jobs
from friendhub.joining import urls as joining
from friendhub.offers import urls as offers
from friendhub.online_tests import urls as online_tests
from friendhub.payouts import urls as payouts
from friendhub.profile import urls as profile
from friendhub.pwa import urls as pwa
from friendhub.selling import urls as selling
from friendhub.tax import urls as tax

app_name = "friendhub"
urlpatterns = [
    *offers.urlpatterns,
    *joining.urlpatterns,
    *jobs.urlpatterns,
    *earnings.urlpatterns,
    *profile.urlpatterns,
    *payouts.urlpatterns,
    *tax.urlpatterns,
    *selling.urlpatterns,
    *fairness.urlpatterns,
    *inbox.urlpatterns,
    *pwa.urlpatterns,
    *online_tests.urlpatterns,
]
