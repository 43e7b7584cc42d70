"""What the sections ask for."""

from django.contrib.auth import get_permission_codename

from catalog.models import Package
from events.models import Event
from newsletters.models import Issue, Subscriber
from orders.models import Order

CHANGE_SETTINGS = "cms.change_settings"
CHANGE_PACKAGES = f"catalog.{get_permission_codename('change', Package._meta)}"
LOOK_AFTER_EVENTS = f"events.{get_permission_codename('change', Event._meta)}"
VIEW_ORDERS = f"orders.{get_permission_codename('view', Order._meta)}"
CHANGE_NEWSLETTERS = f"newsletters.{get_permission_codename('change', Issue._meta)}"
VIEW_SUBSCRIBERS = f"newsletters.{get_permission_codename('view', Subscriber._meta)}"
