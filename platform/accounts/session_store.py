"""Sessions in the database, which say so where that is away."""

from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore
from django.db import InterfaceError, OperationalError


class SessionStore(DatabaseSessionStore):
    """Django's sessions, but for this: a database that is away is not taken for a session that was deleted."""

    def save(self, must_create: bool = False) -> None:
        """Write the session.

        Raises UpdateError where it was deleted meanwhile, and the database's own error where that is away.
        """
        try:
            super().save(must_create)
        except UpdateError as error:
            if isinstance(error.__context__, OperationalError | InterfaceError):
                raise error.__context__ from None
            raise
