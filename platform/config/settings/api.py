"""The partner API: how often it may be called, and what its schema says."""

from config.settings.core import DEMO, env

# So many calls a minute: by one key, and by all keys of a partner together.
API_CALLS_OF_KEY = env.int("QUARTETT_API_CALLS_OF_KEY", default=600)
API_CALLS_OF_PARTNER = env.int("QUARTETT_API_CALLS_OF_PARTNER", default=1800)

# Networks beside the public ones in which endpoints of partners may be, over http too; the demo allows this machine.
WEBHOOK_NETWORKS = env.list("QUARTETT_WEBHOOK_NETWORKS", default=["127.0.0.0/8"] if DEMO else [])

# All else stays as it is by default: Wagtail's admin uses Django REST framework too.
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema"}
SPECTACULAR_SETTINGS = {
    "OAS_VERSION": "3.1.0",
    "TITLE": "Partner API",
    "DESCRIPTION": "A partner's own systems place orders and follow them. The guide is docs/api/first-order.md.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "OrderState": "api.v1.order_bodies.STATES",
        "PartOfDay": "api.serializers.PARTS",
        "SideEnum": "api.v1.order_bodies.SIDES",
    },
}
