"""A form that asks once more whether something unusual is meant, with what was typed."""

from typing import Any

from django import forms
from django.utils.functional import Promise


class MeantForm(forms.Form):
    """A form with a box to tick that is there only after ``ask_whether_meant``. Subclasses say its label."""

    meant_label: str | Promise = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.data.get("is_meant"):
            self._add_box()

    def clean(self) -> dict[str, Any]:
        """Say that nothing is meant where the box is not there or not ticked."""
        cleaned = super().clean() or self.cleaned_data
        cleaned.setdefault("is_meant", False)
        return cleaned

    def ask_whether_meant(self, doubt: str) -> None:
        """Show the box beside what is unusual."""
        self._add_box()
        self.add_error("is_meant", doubt)

    def _add_box(self) -> None:
        self.fields["is_meant"] = forms.BooleanField(label=str(self.meant_label), required=False)
