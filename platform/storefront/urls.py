"""Addresses of a brand site, below the language."""

from storefront.booking import urls as booking
from storefront.catalogue import urls as catalogue
from storefront.events import urls as events
from storefront.newsletter import urls as newsletter
from storefront.order import urls as order

app_name = "storefront"
urlpatterns = [
    *catalogue.urlpatterns,
    *booking.urlpatterns,
    *events.urlpatterns,
    *order.urlpatterns,
    *newsletter.urlpatterns,
]
