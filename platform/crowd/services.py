"""Writes about friends. Candidate rows are derived here and nowhere else."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least

from crowd.eligibility import FULL_AGE, years_before
from crowd.errors import ReplyClosed, TooManyOpenJobs, UnderAge
from crowd.models import SHARED_CROWD, Block, Candidate, Certificate, Friend, Membership, Rating
from kernel.geo import on_sphere

# What a friend has of whom only the first name is known.
UNKNOWN_BIRTH = date(1900, 1, 1)
NO_RADIUS_M = 1_000
REPLY_CHANGES_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Newcomer:
    """A friend who is not registered yet, with the communities (0 is the shared crowd) and skills they begin with."""

    friend: Friend
    communities: tuple[int, ...]
    skill_ids: tuple[int, ...]


@transaction.atomic
def join_crowd(
    *, friend_id: UUID, latitude: float, longitude: float, now: datetime, in_shared_crowd: bool = True, **fields: Any
) -> Friend:
    """Register a friend at a place given in degrees.

    Raises UnderAge below 18 years.
    """
    if fields["born_on"] > years_before(now.date(), FULL_AGE):
        raise UnderAge
    position = on_sphere(latitude, longitude)
    friend = Friend.objects.create(id=friend_id, position=position, waiting_since=now, joined_at=now, **fields)
    if in_shared_crowd:
        join_community(friend=friend, community=SHARED_CROWD)
    return friend


@transaction.atomic
def join_community(*, friend: Friend, community: int) -> None:
    """Make the friend a member of a partner's community (its tenant id), or of the shared crowd (0)."""
    Membership.objects.get_or_create(friend=friend, community=community)
    refresh_candidates([friend.id])


@transaction.atomic
def leave_community(*, friend: Friend, community: int) -> None:
    """End a membership; offers already made stay valid."""
    Membership.objects.filter(friend=friend, community=community).delete()
    refresh_candidates([friend.id])


@transaction.atomic
def move_friend(*, friend: Friend, latitude: float, longitude: float, **place: Any) -> None:
    """Give the friend another home; ``place`` holds country, postal code and town."""
    Friend.objects.filter(pk=friend.pk).update(position=on_sphere(latitude, longitude), **place)
    refresh_candidates([friend.id])


def block_friend(*, friend: Friend, tenant_id: int) -> None:
    """Keep friend and partner apart from now on, because the partner wants it, whatever the friend said before."""
    Block.objects.update_or_create(friend=friend, tenant_id=tenant_id, defaults={"is_by_friend": False})


def block_partner(*, friend: Friend, tenant_id: int) -> None:
    """Keep friend and partner apart from now on, because the friend wants it."""
    Block.objects.get_or_create(friend=friend, tenant_id=tenant_id, defaults={"is_by_friend": True})


def unblock_partner(*, friend_id: UUID, tenant_id: int) -> None:
    """Take back what the friend said; what the partner said stays."""
    Block.objects.filter(friend=friend_id, tenant_id=tenant_id, is_by_friend=True).delete()


def forget_friends(friend_ids: Iterable[UUID]) -> None:
    """Delete friends who never were active, with all that is theirs."""
    Friend.objects.filter(pk__in=list(friend_ids), is_active=False, first_job_at=None).delete()


def pause_friend(*, friend_id: UUID, until: datetime | None) -> None:
    """Offer the friend nothing until the moment; None ends the pause."""
    Friend.objects.filter(pk=friend_id).update(paused_until=until)


def take_slot(friend_id: UUID) -> None:
    """Count one more open job.

    Raises TooManyOpenJobs where the friend's limit is reached.
    """
    # The filter is the lock: counting first was over the limit in every round of 32 accepts at once.
    taken = Friend.objects.filter(pk=friend_id, open_jobs__lt=F("max_open_jobs")).update(open_jobs=F("open_jobs") + 1)
    if not taken:
        raise TooManyOpenJobs


def free_slot(friend_id: UUID) -> None:
    """Count one open job less."""
    Friend.objects.filter(pk=friend_id, open_jobs__gt=0).update(open_jobs=F("open_jobs") - 1)


def note_offers(friend_ids: Iterable[UUID], *, now: datetime) -> None:
    """Start the friends' waiting time anew, since they have just been offered a job.

    A friend who is accepting another job at this moment is left out: to wait for them could close a circle of locks.
    """
    idle = Friend.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=list(friend_ids)).values("pk")
    Friend.objects.filter(pk__in=idle).update(waiting_since=now)


def note_first_job(friend_id: UUID, *, now: datetime) -> None:
    """Record that a friend has their first job, after which they are no newcomer any more."""
    if Friend.objects.filter(pk=friend_id, first_job_at=None).update(first_job_at=now):
        Candidate.objects.filter(friend_id=friend_id).update(is_newcomer=False)


def change_open_jobs(changes: Mapping[UUID, int]) -> None:
    """Count so many open jobs more or less, within what a friend can have: their jobs came or went with a partner."""
    # In one order, as everybody who locks several friends.
    for friend_id in sorted(changes):
        counted = Greatest(0, Least(F("max_open_jobs"), F("open_jobs") + changes[friend_id]))
        Friend.objects.filter(pk=friend_id).update(open_jobs=counted)


def hold_friend(friend_id: UUID) -> None:
    """Lock the friend until the transaction ends; who locks several things locks a job before and the order after.

    The key stays free: rows that name the friend may be written meanwhile. With the whole row locked, two waves that
    looked at the same friends waited for each other at COMMIT, where the foreign keys are checked.
    """
    Friend.objects.select_for_update(no_key=True).get(pk=friend_id)


def hold_friends(friend_ids: Collection[UUID]) -> list[Friend]:
    """Lock friends in the order of their ids, as ``hold_friend`` does, and return them."""
    return list(Friend.objects.select_for_update(no_key=True).filter(pk__in=friend_ids).order_by("pk"))


def offer_only_cashless(*, friend: Friend, currencies: Collection[str], near: Collection[str]) -> None:
    """Offer the friend no jobs that are paid in cash in these currencies; in those that are ``near``, the app warns."""
    friend.cashless_in, friend.cash_limit_near_in = sorted(currencies), sorted(near)
    friend.save(update_fields=["cashless_in", "cash_limit_near_in"])


@transaction.atomic
def publish_rating(*, friend_id: UUID, stars: int, now: datetime, **fields: Any) -> Rating:
    """Publish a customer's rating and count it. Once for each job; the database refuses a second one."""
    rating = Rating.objects.create(friend_id=friend_id, stars=stars, published_at=now, **fields)
    Friend.objects.filter(pk=friend_id).update(
        ratings_count=F("ratings_count") + 1, ratings_sum=F("ratings_sum") + stars
    )
    return rating


@transaction.atomic
def reply_to_rating(*, job_id: UUID, friend_id: UUID, text: str, now: datetime) -> bool:
    """Reply to a rating, or change the reply within a day; say whether it is the first.

    Raises ReplyClosed where there is no such rating of the friend or the day is over.
    """
    mine = Rating.objects.filter(job_id=job_id, friend_id=friend_id)
    if mine.filter(replied_at=None).update(reply=text, replied_at=now):
        return True
    # A reply that was hidden is empty and stays so.
    if mine.filter(replied_at__gt=now - REPLY_CHANGES_FOR).exclude(reply="").update(reply=text):
        return False
    raise ReplyClosed


def hide_rating_words(*, job_id: UUID, reason: str, who: str, now: datetime) -> None:
    """Take the words off a published rating; the stars stay."""
    Rating.objects.filter(job_id=job_id).update(words="", hidden_at=now, hidden_by=who, hidden_reason=reason)


def hide_reply(*, job_id: UUID) -> None:
    """Take a friend's reply off a rating for good."""
    Rating.objects.filter(job_id=job_id).update(reply="")


def refresh_candidates(friend_ids: Iterable[UUID]) -> None:
    """Derive the candidate rows of the friends from their memberships, certificates and positions."""
    ids = [str(friend_id) for friend_id in friend_ids]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM public.crowd_candidate WHERE friend_id = ANY(%s::uuid[])", [ids])
        cursor.execute(
            """
            INSERT INTO public.crowd_candidate
                   (community, skill_id, friend_id, grade, valid_until, is_newcomer, position)
            SELECT m.community, c.skill_id, f.id, c.grade, c.valid_until, f.first_job_at IS NULL, f.position
              FROM public.crowd_friend f
              JOIN public.crowd_membership m ON m.friend_id = f.id
              JOIN public.crowd_certificate c ON c.friend_id = f.id
             WHERE f.id = ANY(%s::uuid[])
            """,
            [ids],
        )


def derive_candidates(*, community: int) -> None:
    """Derive the candidate rows of all members of a community."""
    refresh_candidates(Membership.objects.filter(community=community).values_list("friend_id", flat=True))


def ensure_friend_rows(friends: Sequence[Mapping[str, str]], *, now: datetime) -> set[str]:
    """See to it that each friend, given by ``id`` and ``first_name``, has a row; return the ids that had one already.

    Who is unknown gets a first name and nothing else, and is never asked: jobs of a partner that came from elsewhere
    must point to somebody.
    """
    ids = [friend["id"] for friend in friends]
    known = {str(friend_id) for friend_id in Friend.objects.filter(pk__in=ids).values_list("pk", flat=True)}
    Friend.objects.bulk_create(
        Friend(
            id=friend["id"],
            first_name=friend["first_name"],
            languages=[],
            born_on=UNKNOWN_BIRTH,
            position=on_sphere(0, 0),
            radius_m=NO_RADIUS_M,
            is_active=False,
            free_week=0,
            waiting_since=now,
            joined_at=now,
        )
        for friend in friends
        if friend["id"] not in known
    )
    return known


@transaction.atomic
def join_in_bulk(newcomers: Iterable[Newcomer], *, now: datetime) -> int:
    """Register many friends at a moment, with a fixed number of queries; return how many. All must be of full age.

    Raises UnderAge.
    """
    rows = list(newcomers)
    if any(row.friend.born_on > years_before(now.date(), FULL_AGE) for row in rows):
        raise UnderAge
    friends = [row.friend for row in rows]
    for friend in friends:
        friend.joined_at = now
    Friend.objects.bulk_create(friends)
    Membership.objects.bulk_create(
        [Membership(friend=row.friend, community=community) for row in rows for community in row.communities]
    )
    Certificate.objects.bulk_create(
        [Certificate(friend=row.friend, skill_id=skill_id) for row in rows for skill_id in row.skill_ids]
    )
    refresh_candidates([friend.id for friend in friends])
    return len(friends)
