"""What friend and customer write to each other before acceptance names nobody: the known data of both is hidden."""

from crowd.models import Friend
from kernel.masking import Masked, Person, mask
from orders.models import Order


def hide_contact(words: str, *, order: Order, friend: Friend | None = None) -> Masked:
    """Hide what tells who the customer is, and who the friend is where one writes."""
    people = [Person(names=(order.name,), email=order.email, phone=order.phone, street=order.street)]
    if friend is not None:
        people.append(Person(names=(friend.first_name, friend.last_name), email=friend.email, phone=friend.phone))
    return mask(words.strip(), country=order.country, people=people)
