"""What the sections ask for."""

from django.contrib.auth import get_permission_codename

from catalog.models import Package
from orders.models import Order

CHANGE_PACKAGES = f"catalog.{get_permission_codename('change', Package._meta)}"
VIEW_ORDERS = f"orders.{get_permission_codename('view', Order._meta)}"
