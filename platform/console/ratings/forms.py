"""What a manager decides about words, and what came of a low rating."""

from django import forms
from django.utils.translation import gettext_lazy as _

from orders.states import CaseOutcome

AREA = {"rows": 3}


class DecisionForm(forms.Form):
    """Hide words or let them stand, and why."""

    decision = forms.CharField(
        label=_("Reason, which both sides read"),
        max_length=300,
        widget=forms.Textarea(AREA),
        error_messages={"required": _("Please give a reason.")},
    )


class NoteForm(forms.Form):
    """What a manager has found out."""

    text = forms.CharField(
        label=_("Note, for managers only"),
        max_length=1000,
        widget=forms.Textarea(AREA),
        error_messages={"required": _("Please write a few words.")},
    )


class OutcomeForm(forms.Form):
    """What came of a case."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=CaseOutcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose an outcome.")},
    )
    words = forms.CharField(
        label=_("In a few words"),
        max_length=1000,
        widget=forms.Textarea(AREA),
        error_messages={"required": _("Please write a few words.")},
    )
