"""The forms about ratings, in the informal words of friends."""

from django import forms
from django.utils.translation import pgettext_lazy

from kernel.web.stars import StarField, StarsForm
from orders.states import CustomerCriterion


class CustomerRatingForm(StarsForm):
    """Stars for the customer as a whole and by criterion, and words."""

    criteria = dict(CustomerCriterion.choices)
    message = pgettext_lazy("friend", "Please choose one to five stars.")
    stars = StarField(label=pgettext_lazy("friend", "How did it go with this customer?"), message=message)
    words = forms.CharField(
        label=pgettext_lazy("friend", "Your comment"),
        required=False,
        max_length=1000,
        widget=forms.Textarea({"rows": 3}),
    )


class ReplyForm(forms.Form):
    """What a friend says to a rating."""

    text = forms.CharField(
        label=pgettext_lazy("friend", "Your reply"),
        max_length=1000,
        widget=forms.Textarea({"rows": 4}),
        error_messages={"required": pgettext_lazy("friend", "Please write a few words.")},
    )


class ReportForm(forms.Form):
    """Why words do not belong there."""

    reason = forms.CharField(
        label=pgettext_lazy("friend", "What is wrong with this comment?"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": pgettext_lazy("friend", "Please give a reason.")},
    )
