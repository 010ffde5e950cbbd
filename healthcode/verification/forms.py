"""What an operator says to register a venue or a terminal, or to change a policy."""

from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from config.kernel.approvals.forms import JsonField
from config.kernel.approvals.rules import check_reason
from config.kernel.errors import SaomaError
from healthcode.rules.values import Colour
from healthcode.verification.models import VenuePolicy
from healthcode.verification.rules import check_terms
from healthcode.verification.values import TerminalMode


class TerminalForm(forms.Form):
    """A terminal's name at its venue."""

    label = forms.CharField(min_length=1, max_length=40, widget=UnfoldAdminTextInputWidget)


class InviteForm(TerminalForm):
    """Whom to invite."""

    mode = forms.ChoiceField(
        choices=[
            (TerminalMode.PHONE.value, "a guard's phone"),
            (TerminalMode.GATE.value, "a gate"),
        ],
        widget=UnfoldAdminSelectWidget,
    )


class PolicyForm(forms.ModelForm[VenuePolicy]):
    """What a kind of venue lets in."""

    admits = forms.MultipleChoiceField(
        choices=[(colour.value, colour.name) for colour in Colour],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )
    test_age_by_colour = JsonField(
        required=False,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text='hours for one colour, as {"YELLOW": 24}',
    )
    reason = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Asked for where red codes are let in: a second operator decides on that.",
    )

    class Meta:
        model = VenuePolicy
        fields = ("name", "admits", "max_test_age_h", "test_age_by_colour")

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be applied, in words, at its field."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            check_terms(
                values.get("admits", []),
                values.get("max_test_age_h"),
                values.get("test_age_by_colour") or {},
            )
        except SaomaError as error:
            raise forms.ValidationError({error.field or "admits": error.message}) from error
        if Colour.RED in values.get("admits", []):
            self._check_reason(str(values.get("reason") or ""))
        return values

    def _check_reason(self, reason: str) -> None:
        try:
            check_reason(reason)
        except SaomaError as error:
            raise forms.ValidationError({"reason": error.message}) from error
