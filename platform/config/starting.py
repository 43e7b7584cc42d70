"""What a serving process looks at before it serves."""

from django.core.exceptions import ImproperlyConfigured

from tenants.isolation import checks


def refuse_or_leave() -> None:
    """End the process with one clear line where its database would mix tenants up."""
    try:
        checks.refuse_unsafe_server()
    except ImproperlyConfigured as error:
        raise SystemExit(f"Quartett does not start: {error}") from error
