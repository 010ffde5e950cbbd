"""What operators type in: a reason when they ask, a comment when they decide."""

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget

from config.kernel.approvals.rules import REASON_CHARACTERS


class ReasonForm(forms.Form):
    """Why something is asked for."""

    reason = forms.CharField(
        min_length=REASON_CHARACTERS,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="At least ten characters. The approver reads it, and the audit log keeps it.",
    )


class CommentForm(forms.Form):
    """What an operator says with a decision."""

    comment = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Optional. Kept with the decision.",
    )
