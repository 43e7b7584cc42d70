"""A friend changes the profile: crowd, user and photo (R9). Run on the platform."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from accounts.services import choose_language
from crowd.availability import pause_through
from crowd.profiles import change_photo
from crowd.profiles import change_profile as change_in_crowd
from crowd.selectors import friend_by_id
from places.countries import country_by_code
from places.selectors import Place


@transaction.atomic
def change_profile(
    *,
    friend_id: UUID,
    phone: str,
    about: str,
    language: str,
    languages: Sequence[str],
    radius_m: int,
    travel_mode: str,
    max_open_jobs: int,
    place: Place,
    skill_ids: Sequence[int],
    photo: bytes | None,
    removes_photo: bool,
) -> None:
    """Write what the friend has changed; no ``photo`` keeps the one they have unless it is removed.

    Raises JobLimitOutOfRange or LimitBelowOpenJobs.
    """
    change_in_crowd(
        friend_id=friend_id,
        phone=phone,
        about=about,
        language=language,
        languages=languages,
        radius_m=radius_m,
        travel_mode=travel_mode,
        max_open_jobs=max_open_jobs,
        place=place,
        skill_ids=skill_ids,
    )
    choose_language(uuid=friend_id, language=language)
    if photo or removes_photo:
        change_photo(friend_id=friend_id, photo=photo)


def pause_through_day(*, friend_id: UUID, last_day: date, now: datetime) -> datetime:
    """Offer the friend nothing up to and including the day, by the clock of their country; return when it ends.

    Raises PauseIsOver.
    """
    zone = country_by_code(friend_by_id(friend_id).country).time_zone
    return pause_through(friend_id=friend_id, last_day=last_day, time_zone=zone, now=now)


def photo_of_friend(friend_id: UUID) -> bytes | None:
    """Return the friend's photo as a JPEG, or None."""
    photo = friend_by_id(friend_id).photo
    if not photo:
        return None
    with default_storage.open(photo.name) as file:
        return bytes(file.read())
