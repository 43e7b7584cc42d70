"""Addresses of a brand site, below the language."""

from storefront.booking import urls as booking
from storefront.catalogue import urls as catalogue
from storefront.newsletter import urls as newsletter
from storefront.order import urls as order

app_name = "storefront"
urlpatterns = [
    *catalogue.urlpatterns,
    *booking.urlpatterns,
    *order.urlpatterns,
    *newsletter.urlpatterns,
]
