"""What an operator says to register a venue or a terminal."""

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget


class TerminalForm(forms.Form):
    """A terminal's name at its venue."""

    label = forms.CharField(min_length=1, max_length=40, widget=UnfoldAdminTextInputWidget)
