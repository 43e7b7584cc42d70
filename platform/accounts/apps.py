"""App configuration: stamps every session with the schema that made it."""

from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in

from accounts.sessions import stamp_session


class AccountsConfig(AppConfig):
    """Users, sign-in, sessions."""

    name = "accounts"

    def ready(self) -> None:
        """Listen to every sign-in, Wagtail's included."""
        user_logged_in.connect(stamp_session, dispatch_uid="accounts.stamp_session")
