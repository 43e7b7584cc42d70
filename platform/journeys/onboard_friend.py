"""A neighbour becomes a friend: user, profile, certificates, communities in one transaction. Run on the platform."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.models import Kind, User
from crowd.models import Friend
from crowd.services import certify_friend, join_community, join_crowd
from skills.models import Skill


@transaction.atomic
def onboard_friend(
    *,
    email: str,
    password: str | None,
    skills: Iterable[Skill],
    communities: Iterable[int] = (),
    in_shared_crowd: bool = True,
    now: datetime,
    **profile: Any,
) -> Friend:
    """Register a friend whose age and ability somebody vouches for; ``profile`` is what ``join_crowd`` takes.

    Raises UnderAge.
    """
    user = User.objects.create_user(
        email,
        password,
        kind=Kind.FRIEND,
        language=profile["language"],
        first_name=profile["first_name"],
        last_name=profile["last_name"],
    )
    friend = join_crowd(
        friend_id=user.uuid,
        email=user.email,
        in_shared_crowd=in_shared_crowd,
        now=now,
        age_checked_at=now,
        onboarded_at=now,
        **profile,
    )
    for community in communities:
        join_community(friend=friend, community=community)
    certify_friend(friend=friend, skills=skills)
    return friend
