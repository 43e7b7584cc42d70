"""WSGI entry point. Sync Django is not served over ASGI: measured ten times slower here."""

import os

from django.core.wsgi import get_wsgi_application

from config.starting import refuse_or_leave
from kernel.web.inputs import ReadableRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.base")

application = get_wsgi_application()
application.request_class = ReadableRequest
refuse_or_leave()
