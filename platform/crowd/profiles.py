"""What friends say about themselves, and change at any time (R9, R11)."""

from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet

from crowd.errors import JobLimitOutOfRange, LimitBelowOpenJobs, NotAPortrait, PictureHasTooManyPixels
from crowd.models import Certificate, Friend, Membership
from crowd.services import move_friend, refresh_candidates
from crowd.states import Grade
from kernel.files.pictures import PictureTooLarge, UnreadablePicture, as_jpeg
from places.selectors import Place
from skills.models import Skill
from tenants.context import on_commit_in_this_schema

LEAST_JOBS, MOST_JOBS = 1, 20
PHOTO_SIDE = 640
PHOTO_FORMATS = ("JPEG", "PNG", "WEBP")


def clean_portrait(upload: UploadedFile) -> bytes:
    """Return the upload as a square JPEG without metadata.

    Raises NotAPortrait or PictureHasTooManyPixels.
    """
    try:
        return as_jpeg(upload, formats=PHOTO_FORMATS, longest_side=PHOTO_SIDE, is_square=True)  # type: ignore[arg-type]  # a file in all but name
    except PictureTooLarge as error:
        raise PictureHasTooManyPixels from error
    except UnreadablePicture as error:
        raise NotAPortrait from error


def check_job_limit(most: int) -> None:
    """Refuse a limit of open jobs that is none.

    Raises JobLimitOutOfRange.
    """
    if not LEAST_JOBS <= most <= MOST_JOBS:
        raise JobLimitOutOfRange


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
    skill_ids: Iterable[int],
) -> None:
    """Write what the friend has changed; the search knows of it at once.

    Raises JobLimitOutOfRange, or LimitBelowOpenJobs where they have more open jobs than that.
    """
    check_job_limit(max_open_jobs)
    # The filter is the lock: a job that is accepted at this moment is counted or waits.
    changed = Friend.objects.filter(pk=friend_id, open_jobs__lte=max_open_jobs).update(
        phone=phone,
        about=about,
        language=language,
        languages=list(languages),
        radius_m=radius_m,
        travel_mode=travel_mode,
        max_open_jobs=max_open_jobs,
    )
    if not changed:
        raise LimitBelowOpenJobs
    friend = Friend.objects.get(pk=friend_id)
    if (friend.country, friend.postal_code) != (place.country, place.code):
        move_friend(
            friend=friend,
            latitude=place.latitude,
            longitude=place.longitude,
            country=place.country,
            postal_code=place.code,
            town=place.name,
        )
    declare_skills(friend_id=friend_id, skill_ids=skill_ids)


def change_photo(*, friend_id: UUID, photo: bytes | None) -> None:
    """Show another photo of the friend, or none; the earlier one is deleted. Run on the platform."""
    name = default_storage.save(f"friends/{uuid4()}.jpg", ContentFile(photo)) if photo else ""
    with transaction.atomic():
        former = Friend.objects.select_for_update(no_key=True).get(pk=friend_id).photo.name
        Friend.objects.filter(pk=friend_id).update(photo=name)
        if former:
            on_commit_in_this_schema(lambda: default_storage.delete(former))


@transaction.atomic
def declare_skills(*, friend_id: UUID, skill_ids: Iterable[int]) -> None:
    """Declare exactly these skills of those that need no certificate; what is certified stays as it is."""
    wanted = set(skill_ids)
    # The friend's row is what two of their own windows share.
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)
    open_to_all = set(declarable_skills(friend_id).values_list("pk", flat=True))
    declared = Certificate.objects.filter(friend=friend_id, grade=Grade.DECLARED, skill__in=open_to_all)
    declared.exclude(skill__in=wanted).delete()
    Certificate.objects.bulk_create(
        [
            Certificate(friend_id=friend_id, skill_id=skill_id, grade=Grade.DECLARED)
            for skill_id in sorted(wanted & open_to_all)
        ],
        ignore_conflicts=True,
    )
    refresh_candidates([friend_id])


def declarable_skills(friend_id: UUID | None = None) -> QuerySet[Skill]:
    """Return the skills that a friend may simply declare: leaves of the tree that need no certificate."""
    return offered_skills(friend_id).filter(needs_certificate=False)


def skills_by_test(friend_id: UUID | None = None) -> QuerySet[Skill]:
    """Return the skills that a friend gets by a test."""
    return offered_skills(friend_id).filter(needs_certificate=True)


def offered_skills(friend_id: UUID | None = None) -> QuerySet[Skill]:
    """Return the leaves of the tree by their branch: those for all, and those of the friend's own communities."""
    mine = Membership.objects.filter(friend=friend_id).values("community")
    leaves = Skill.objects.filter(Q(owner=None) | Q(owner__in=mine), children=None, is_retired=False)
    return leaves.select_related("parent").order_by("parent__slug", "slug", "id")


def declared_skill_ids(friend_id: UUID) -> list[int]:
    """Return the skills that the friend has declared and not certified."""
    mine = Certificate.objects.filter(friend=friend_id, grade=Grade.DECLARED)
    return list(mine.order_by("skill_id").values_list("skill_id", flat=True))
