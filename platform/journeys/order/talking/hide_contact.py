"""What friend and customer write to each other before acceptance names nobody: the known data of both is hidden."""

from crowd.models import Friend
from kernel.hiding.masking import Masked, Person, mask
from orders.models import BookingDraft, Order


def hide_contact(words: str, *, order: Order, friend: Friend | None = None) -> Masked:
    """Hide what tells who the customer is, and who the friend is where one writes."""
    people = [Person(names=(order.name,), email=order.email, phone=order.phone, street=order.street)]
    if friend is not None:
        people.append(Person(names=(friend.first_name, friend.last_name), email=friend.email, phone=friend.phone))
    return mask(words.strip(), people=people)


def hide_in_draft(words: str, *, draft: BookingDraft) -> Masked:
    """Hide in an answer what friends do not read before they accept, by what the draft knows of the customer."""
    contact = draft.data.get("contact", {})
    person = Person(
        names=(contact.get("name", ""),),
        email=contact.get("email", ""),
        phone=contact.get("phone", ""),
        street=contact.get("street", ""),
    )
    return mask(words.strip(), people=[person])


def hide_in_profile(words: str) -> Masked:
    """Hide the ways around the platform in what a friend says of themselves; their customers know their name."""
    return mask(words.strip())
