"""What an operator proposes about a correction."""

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget

from config.kernel.approvals.forms import ReasonForm
from healthcode.appeals.rules import MIN_TEXT
from healthcode.appeals.values import WORDS, Outcome

EFFECTS = {Outcome.UPHELD: "the colour stays", Outcome.OVERTURNED: "the person was right"}


class OutcomeForm(ReasonForm):
    """An outcome, and what the person is told."""

    outcome = forms.ChoiceField(
        choices=[
            (outcome.value, f"{WORDS[outcome].capitalize()}: {EFFECTS[outcome]}")
            for outcome in Outcome
        ],
        widget=UnfoldAdminSelectWidget,
    )
    text = forms.CharField(
        min_length=MIN_TEXT,
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Told to the person.",
    )
