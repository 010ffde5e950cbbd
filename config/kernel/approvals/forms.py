"""What operators type in: a reason when they ask, a comment when they decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.kernel.approvals import thresholds
from config.kernel.approvals.rules import REASON_CHARACTERS
from config.kernel.strict_json import StrictDecoder


class JsonField(forms.JSONField):
    """JSON as an operator types it, read as strictly as a request's body."""

    def __init__(self, **options: Any) -> None:
        super().__init__(decoder=StrictDecoder, **options)


class ReasonForm(forms.Form):
    """Why something is asked for."""

    reason = forms.CharField(
        min_length=REASON_CHARACTERS,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        label=_("Reason"),
        help_text=_("At least ten characters. The approver reads it, and the audit log keeps it."),
    )


class CommentForm(forms.Form):
    """What an operator says with a decision."""

    comment = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        label=_("Comment"),
        help_text=_("Optional. Kept with the decision."),
    )


class VoteForm(CommentForm):
    """A comment, with a code of the second factor where none was given moments ago."""

    code = forms.CharField(
        required=True,
        max_length=24,
        widget=UnfoldAdminTextInputWidget(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}
        ),
        label=_("Code"),
        help_text=_("Of your authenticator, or a recovery code: a decision is yours alone."),
    )


def _choices() -> list[tuple[str, str]]:
    return [(entry.name, f"{entry.title} ({entry.unit})") for entry in thresholds.thresholds()]


class ThresholdForm(ReasonForm):
    """Which threshold, and what it is to be."""

    name = forms.ChoiceField(choices=_choices, widget=UnfoldAdminSelectWidget)
    value = forms.IntegerField(min_value=0, widget=UnfoldAdminIntegerFieldWidget)
