"""What an operator says to draft or publish rules."""

from django import forms
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from config.kernel.approvals.forms import JsonField, ReasonForm


class DraftForm(forms.Form):
    """A rule set, whole, with its tests."""

    content = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 20}),
        help_text="The rule set as JSON; a version is written once.",
    )


class PublicationForm(ReasonForm):
    """From when on a draft is to be in force."""

    valid_from = forms.CharField(
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text="At least 48 hours from now, as 2022-06-01T08:00+08:00.",
    )
