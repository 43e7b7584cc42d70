"""What the sections ask for."""

from django.contrib.auth import get_permission_codename

from orders.models import Order

CHANGE_SETTINGS = "cms.change_settings"
VIEW_ORDERS = f"orders.{get_permission_codename('view', Order._meta)}"
