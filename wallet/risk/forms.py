"""What an analyst says on the pages of the risk desk."""

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.kernel.approvals.forms import JsonField
from config.kernel.approvals.rules import REASON_CHARACTERS
from wallet.risk.values import CaseOutcome, ListedKind, ListKind


class ShortReasonForm(forms.Form):
    """Why something is done; the audit log keeps it."""

    reason = forms.CharField(
        min_length=REASON_CHARACTERS,
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
    )


class FindingForm(ShortReasonForm):
    """What an analyst found, and why."""

    outcome = forms.ChoiceField(
        choices=[(o.value, o.value.replace("_", " ").capitalize()) for o in CaseOutcome],
        widget=UnfoldAdminSelectWidget,
    )


class SnoozeForm(ShortReasonForm):
    """For how long a case is put aside."""

    hours = forms.IntegerField(min_value=1, max_value=720, widget=UnfoldAdminIntegerFieldWidget)


class ListForm(ShortReasonForm):
    """Who or what of a case goes on which list."""

    listed = forms.ChoiceField(
        choices=[(kind.value, kind.value.capitalize()) for kind in ListedKind],
        widget=UnfoldAdminSelectWidget,
    )
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.value.capitalize()) for kind in ListKind],
        widget=UnfoldAdminSelectWidget,
    )


class BacktestForm(forms.Form):
    """How many days of stored movements are judged again."""

    days = forms.IntegerField(
        min_value=1, max_value=90, initial=7, widget=UnfoldAdminIntegerFieldWidget
    )


class DraftForm(forms.Form):
    """A rule set, whole."""

    version = forms.CharField(
        max_length=32,
        widget=UnfoldAdminTextInputWidget,
        help_text="As 2026-03; written once.",
    )
    content = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 20}),
        help_text='{"review_score": 60, "rules": [...], "model": "...", "challenger": "..."}',
    )
