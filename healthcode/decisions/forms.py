"""What an operator says to ask for a colour by hand."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel.approvals.forms import JsonField, ReasonForm
from config.kernel.words import in_words
from healthcode.decisions.rules import MAX_LIST_DAYS, MAX_OVERRIDE_H
from healthcode.decisions.values import ListKind, OverrideReason
from healthcode.evidence.values import FINDINGS, RiskLevel
from healthcode.rules.values import Colour
from healthcode.subjects.queries import subject_by_document
from healthcode.subjects.rules import normalised_number
from healthcode.subjects.values import DocumentType, Identity

ISO = "As 2022-06-01T08:00+08:00."


class GroundsForm(ReasonForm):
    """A colour, one of the listed grounds, a legal basis, and an end."""

    colour = forms.ChoiceField(
        choices=[(c.value, c.name) for c in (Colour.GREEN, Colour.YELLOW, Colour.RED)],
        widget=UnfoldAdminSelectWidget,
    )
    reason_code = forms.ChoiceField(
        choices=[(reason.value, reason.name) for reason in OverrideReason],
        widget=UnfoldAdminSelectWidget,
    )
    hours = forms.IntegerField(
        min_value=1, max_value=MAX_OVERRIDE_H, widget=UnfoldAdminIntegerFieldWidget
    )
    legal_basis = forms.CharField(min_length=10, max_length=256, widget=UnfoldAdminTextInputWidget)


class OverrideForm(GroundsForm):
    """One person's colour, and the evidence it rests on."""

    evidence = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text="Ids of the evidence it rests on, separated by spaces.",
    )

    def evidence_ids(self) -> list[str]:
        """The ids as they were typed."""
        return str(self.cleaned_data["evidence"]).split()


def details_in_words() -> str:
    """The details of each kind of finding that has some, in the reader's language."""
    details = {kind: ", ".join(f'"{name}"' for name in FINDINGS[kind]) for kind in FINDINGS}
    words = [f"{in_words(kind.value)} {{{names}}}" for kind, names in details.items() if names]
    return f"{gettext('What belongs to each kind:')} {'; '.join(words)}"


class FindingForm(ReasonForm):
    """What an authority reports of one person."""

    kind = forms.ChoiceField(
        choices=[(kind.value, kind.name) for kind in sorted(FINDINGS)],
        widget=UnfoldAdminSelectWidget,
    )
    observed_at = forms.CharField(
        max_length=40, widget=UnfoldAdminTextInputWidget, help_text=f"Since when. {ISO}"
    )
    details = JsonField(
        required=False,
        initial=dict,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 2}),
        help_text=lazy(details_in_words, str)(),
    )

    def parameters(self, subject: str) -> dict[str, object]:
        """What is asked for."""
        values = self.cleaned_data
        return {
            "subject": subject,
            "kind": values["kind"],
            "observed_at": values["observed_at"],
            "details": values["details"] or {},
        }


class PlacementForm(ReasonForm):
    """Whose a report is that waits: the person at the desk, by the document in their hand."""

    document_type = forms.ChoiceField(
        choices=[(kind.value, kind.name) for kind in DocumentType], widget=UnfoldAdminSelectWidget
    )
    document_number = forms.CharField(
        min_length=4,
        max_length=40,
        widget=UnfoldAdminTextInputWidget,
        help_text="Of the document in the person's hand, whatever the report says.",
    )

    def subject(self) -> str:
        """The id of the person who has that document; empty where nobody we know has."""
        kind = DocumentType(self.cleaned_data["document_type"])
        number = normalised_number(self.cleaned_data["document_number"])
        subject = subject_by_document(Identity("", kind, number))
        return str(subject.id) if subject else ""


class AreaForm(ReasonForm):
    """A region at risk."""

    region = forms.CharField(
        min_length=6, max_length=6, widget=UnfoldAdminTextInputWidget, help_text="GB/T 2260 code."
    )
    level = forms.ChoiceField(
        choices=[(level.value, level.name) for level in RiskLevel], widget=UnfoldAdminSelectWidget
    )
    valid_from = forms.CharField(max_length=40, widget=UnfoldAdminTextInputWidget, help_text=ISO)
    valid_until = forms.CharField(
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget,
        help_text="Empty for until further notice.",
    )

    def parameters(self) -> dict[str, object]:
        """What is asked for."""
        values = self.cleaned_data
        names = ("region", "level", "valid_from")
        return {name: values[name] for name in names} | {
            "valid_until": values["valid_until"] or None
        }


class LaboratoryForm(ReasonForm):
    """A body that reports or signs off, and its key."""

    name = forms.CharField(min_length=3, max_length=80, widget=UnfoldAdminTextInputWidget)
    public_jwk = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="Its EC P-256 public key as a JWK.",
    )
    by_machine = forms.BooleanField(
        required=False, widget=UnfoldBooleanWidget, help_text="Its readings are preliminary."
    )


class OverridesForm(GroundsForm):
    """Several people, each with the evidence it rests on."""

    subjects = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text='Each person\'s id with the ids of the evidence: {"…": ["…"]}.',
    )


class ListForm(ReasonForm):
    """People of a case, what the list says of them, what it is for, and its end."""

    subjects = forms.CharField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        help_text="Ids of the people, separated by spaces.",
    )
    kind = forms.ChoiceField(
        choices=[(kind.value, kind.name) for kind in ListKind], widget=UnfoldAdminSelectWidget
    )
    case_reference = forms.CharField(min_length=3, max_length=64, widget=UnfoldAdminTextInputWidget)
    purpose = forms.CharField(min_length=10, max_length=256, widget=UnfoldAdminTextInputWidget)
    days = forms.IntegerField(
        min_value=1, max_value=MAX_LIST_DAYS, widget=UnfoldAdminIntegerFieldWidget
    )

    def clean_subjects(self) -> list[str]:
        """The ids as they were typed."""
        return str(self.cleaned_data["subjects"]).split()
