"""A neighbour signs up as a friend, and confirms the mail address (R9, R23). Run on the platform.

Whether an address is known here is told to its owner alone, by mail; who signs up reads the same in every case.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from accounts.errors import LinkIsVoid
from accounts.models import User
from accounts.selectors import long_unconfirmed, unconfirmed_friend, unconfirmed_friends, user_by_email
from accounts.services import confirm_friend_user, forget_unconfirmed, register_friend_user
from crowd.documents import DocumentFile, send_document
from crowd.models import DocumentCheck
from crowd.onboarding import begin_onboarding
from crowd.services import forget_friends
from crowd.states import DocumentKind
from journeys.friend.check_documents import tell_of_document
from journeys.friend.choose_communities import joinable_partners
from journeys.links import read_welcome_token
from journeys.posting import tell
from journeys.topics import ToFriend
from kernel.web.limits import Limit
from places.selectors import Place

# By the address that is typed, whether it is known or not: nobody's mailbox is flooded by strangers who sign up.
MAILS = Limit("sign-up-mails", most=5, within_s=24 * 3600)


@dataclass(frozen=True)
class Application:
    """All that somebody says who wants to become a friend; the password is hashed already.

    ``communities`` are slugs of partners, first the one by whose site they came.
    """

    first_name: str
    last_name: str
    email: str
    phone: str
    password_hash: str
    language: str
    born_on: date
    place: Place
    radius_m: int
    travel_mode: str
    free_week: int
    languages: tuple[str, ...]
    skill_ids: tuple[int, ...]
    communities: tuple[str, ...]
    in_shared_crowd: bool


@transaction.atomic
def sign_up_friend(*, application: Application, now: datetime) -> UUID | None:
    """Register somebody who is no friend yet, mail the link that confirms the address, and return who they are.

    None where the address is somebody's already. Raises BornInFuture, BornTooLongAgo, UnderAge or RadiusOutOfRange, and
    TooManyAttempts where the address was signed up with so often that its owner would be flooded.
    """
    said = application
    MAILS.count(said.email.strip().lower())
    registered = register_friend_user(
        email=said.email,
        password_hash=said.password_hash,
        first_name=said.first_name,
        last_name=said.last_name,
        language=said.language,
    )
    if registered is None:
        _tell_owner(said.email, now=now)
        return None
    user = registered.user
    if registered.replaced:
        forget_friends([registered.replaced])
    ids = {tenant.slug: tenant.pk for tenant in joinable_partners()}
    begin_onboarding(
        friend_id=user.uuid,
        first_name=said.first_name,
        last_name=said.last_name,
        email=user.email,
        phone=said.phone,
        language=said.language,
        languages=list(said.languages),
        born_on=said.born_on,
        country=said.place.country,
        postal_code=said.place.code,
        town=said.place.name,
        latitude=said.place.latitude,
        longitude=said.place.longitude,
        radius_m=said.radius_m,
        travel_mode=said.travel_mode,
        free_week=said.free_week,
        skill_ids=said.skill_ids,
        communities=[ids[slug] for slug in said.communities if slug in ids],
        in_shared_crowd=said.in_shared_crowd,
        now=now,
    )
    _send_link(user, once="1", now=now)
    return user.uuid


@transaction.atomic
def send_new_link(*, email: str, now: datetime) -> None:
    """Mail another link to who has signed up and not confirmed the address yet, once an hour at most.

    Who has an account is told so by mail; for a stranger's address nothing happens.
    """
    user = unconfirmed_friends(email).first()
    if user is None:
        _tell_owner(email, now=now)
        return
    _send_link(user, once=f"{now:%Y-%m-%dT%H}", now=now)


def applicant_of(*, token: str) -> User:
    """Return who signed up and is to confirm the address by this link.

    Raises LinkIsVoid where the link was used or is older than a week.
    """
    user = unconfirmed_friend(read_welcome_token(token))
    if user is None:
        raise LinkIsVoid
    return user


def confirm_address(*, token: str, password: str | None = None) -> User:
    """Let the friend of the link sign in from now on, and return the user.

    ``password`` takes the place of the one that whoever signed up has chosen, who need not own the address. Raises
    LinkIsVoid where the link was used or is older than a week.
    """
    return confirm_friend_user(read_welcome_token(token), password=password)


def send_proof_of_age(*, friend_id: UUID, file: DocumentFile, now: datetime) -> DocumentCheck:
    """Send the document that shows the friend's date of birth, and tell who looks at it.

    Raises AgeIsChecked.
    """
    with transaction.atomic():
        check = send_document(friend_id=friend_id, kind=DocumentKind.IDENTITY, file=file, now=now)
        tell_of_document(check, now=now)
    return check


@transaction.atomic
def forget_unconfirmed_friends(*, now: datetime, older_than: timedelta) -> int:
    """Delete what those have typed who signed up and never confirmed the address; return how many they were."""
    uuids = long_unconfirmed(before=now - older_than)
    forgotten = forget_unconfirmed(uuids)
    forget_friends(uuids)
    return forgotten


def _send_link(user: User, *, once: str, now: datetime) -> None:
    tell(ToFriend.SIGNED_UP, user.uuid, once, now=now, user=str(user.uuid))


def _tell_owner(email: str, *, now: datetime) -> None:
    """Tell the owner that somebody signed up with their address; once a day, so that nobody can be flooded."""
    owner = user_by_email(email)
    if owner is not None:
        tell(ToFriend.ADDRESS_KNOWN, owner.uuid, now.date().isoformat(), now=now, user=str(owner.uuid))
