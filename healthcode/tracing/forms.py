"""What an operator says to have contacts traced."""

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.kernel.approvals.forms import ReasonForm
from healthcode.tracing.rules import LONGEST_OVERLAP_MIN, SHORTEST_OVERLAP_MIN
from healthcode.tracing.values import TracePurpose

ISO = "As 2022-06-01T08:00+08:00."


class TraceForm(ReasonForm):
    """A case, whom it is about and what shows it, a window, and how long counts."""

    case_ref = forms.CharField(min_length=3, max_length=40, widget=UnfoldAdminTextInputWidget)
    purpose = forms.ChoiceField(
        choices=[(purpose.value, purpose.name) for purpose in TracePurpose],
        widget=UnfoldAdminSelectWidget,
        help_text="Everybody who is found reads it.",
    )
    subject = forms.UUIDField(widget=UnfoldAdminTextInputWidget)
    evidence = forms.UUIDField(
        widget=UnfoldAdminTextInputWidget, help_text="The final positive result or the open case."
    )
    begins_at = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget, help_text=ISO)
    ends_at = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget, help_text=ISO)
    minutes = forms.IntegerField(
        min_value=SHORTEST_OVERLAP_MIN,
        max_value=LONGEST_OVERLAP_MIN,
        initial=15,
        widget=UnfoldAdminIntegerFieldWidget,
    )

    def parameters(self) -> dict[str, object]:
        """The wish in JSON's terms."""
        names = ("case_ref", "purpose", "begins_at", "ends_at", "minutes")
        values = self.cleaned_data
        people = {name: str(values[name]) for name in ("subject", "evidence")}
        return {**people, **{name: values[name] for name in names}}


class ContactsForm(ReasonForm):
    """Who were close contacts."""

    matches = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Ids of the matches, separated by spaces.",
    )
