"""One to five stars in a form. The words of the messages are the form's, since friends are spoken to otherwise."""

from collections.abc import Mapping
from typing import Any

from django import forms

# A text or a lazy one, as forms take them.
Text = Any
# Five first: the stylesheet fills all stars behind the chosen one.
CHOICES = [(str(stars), str(stars)) for stars in range(5, 0, -1)]


class StarField(forms.TypedChoiceField):
    """A row of five stars."""

    def __init__(self, *, label: Text, message: Text, required: bool = True) -> None:
        super().__init__(
            label=label,
            required=required,
            coerce=int,
            empty_value=None,
            choices=CHOICES,
            widget=forms.RadioSelect,
            error_messages={"required": message, "invalid_choice": message},
        )


class StarsForm(forms.Form):
    """Stars for the whole, for each of ``criteria`` (name and label) where somebody has an opinion, and words.

    Subclasses add the fields ``stars`` and ``words`` with their labels.
    """

    criteria: Mapping[str, Text] = {}
    message: Text = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in self.criteria.items():
            self.fields[name] = StarField(label=label, message=self.message, required=False)
        self.order_fields(["stars", *self.criteria, "words"])

    def rows(self) -> list[forms.BoundField]:
        """Return the fields of the criteria."""
        return [self[name] for name in self.criteria]

    def rating(self) -> dict[str, Any]:
        """Return stars, criteria and words of a right form."""
        typed = self.cleaned_data
        criteria = {name: typed[name] for name in self.criteria if typed[name] is not None}
        return {"stars": typed["stars"], "criteria": criteria, "words": typed["words"]}
