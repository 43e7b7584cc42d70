"""Rows for people whose sign-in is elsewhere: a friend in a community, an operator at a partner. Run in the tenant.

They have no password and an address that takes no mail, so the one-time hand-over is their only way in.
"""

from uuid import UUID

from django.contrib.auth.hashers import make_password

from accounts.models import Kind, User


def admit_local_user(*, uuid: UUID, kind: Kind, mail_host: str, first_name: str, last_name: str, language: str) -> User:
    """Return the person's local user, made at the first entry; open it and refresh the name."""
    user, _created = User.objects.update_or_create(
        uuid=uuid,
        kind=kind,
        defaults={
            "first_name": first_name[:150],
            "last_name": last_name[:150],
            "language": language,
            "is_active": True,
        },
        create_defaults={
            "email": f"{uuid}@{mail_host}",
            "password": make_password(None),
            "first_name": first_name[:150],
            "last_name": last_name[:150],
            "language": language,
        },
    )
    return user


def end_local_sessions(*, uuid: UUID) -> None:
    """End the person's sessions here: they hold a hash of the password, and another one that nobody has ends them."""
    User.objects.filter(uuid=uuid).exclude(kind=Kind.STAFF).update(password=make_password(None))


def close_local_user(*, uuid: UUID) -> bool:
    """Close the person's local user, which ends their sessions at once; say whether it was open."""
    return bool(User.objects.filter(uuid=uuid, is_active=True).exclude(kind=Kind.STAFF).update(is_active=False))
