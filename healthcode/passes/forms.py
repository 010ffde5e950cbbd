"""What the service centre's desk takes down."""

from django import forms
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel.approvals.forms import JsonField, ReasonForm
from healthcode.passes.usecases.agree_region import MAX_DAYS
from healthcode.passes.usecases.issue_paper import Request
from healthcode.passes.values import PaperGround
from healthcode.subjects.rules import normalised_number
from healthcode.subjects.values import DocumentType, Identity


class PaperForm(forms.Form):
    """Somebody with an identity card and without a phone."""

    name = forms.CharField(min_length=1, max_length=64, widget=UnfoldAdminTextInputWidget)
    document_type = forms.ChoiceField(
        choices=[(kind.value, kind.name) for kind in DocumentType], widget=UnfoldAdminSelectWidget
    )
    document_number = forms.CharField(
        min_length=4, max_length=40, widget=UnfoldAdminTextInputWidget
    )
    birth_date = forms.DateField(
        widget=UnfoldAdminTextInputWidget, help_text="As on the card, 1950-12-31."
    )
    region = forms.RegexField(
        r"^[1-9][0-9]{5}$", required=False, widget=UnfoldAdminTextInputWidget,
        help_text="Six digits of GB/T 2260.",
    )  # fmt: skip
    ground = forms.ChoiceField(
        choices=[(ground.value, ground.name) for ground in PaperGround],
        widget=UnfoldAdminSelectWidget,
    )
    well = forms.BooleanField(
        required=False,
        widget=UnfoldBooleanWidget,
        help_text="The person declares, here and now, to have no symptoms.",
    )
    card_seen = forms.BooleanField(
        widget=UnfoldBooleanWidget, help_text="I have compared the identity card with the person."
    )

    def request(self) -> Request:
        """What is asked for."""
        values = self.cleaned_data
        identity = Identity(
            name=values["name"],
            document_type=DocumentType(values["document_type"]),
            document_number=normalised_number(values["document_number"]),
            birth_date=values["birth_date"],
        )
        return Request(identity, PaperGround(values["ground"]), values["region"], values["well"])


class IssuerForm(ReasonForm):
    """A foreign issuer, and its keys in one of three forms."""

    name = forms.CharField(min_length=3, max_length=80, widget=UnfoldAdminTextInputWidget)
    certificate = forms.CharField(
        required=False,
        max_length=8000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text="PEM or base64. Give exactly one of these three.",
    )
    jwks = JsonField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))
    did_document = JsonField(required=False, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}))


class AgreementForm(ReasonForm):
    """Another region, its keys, what its colours mean here, and for how long."""

    issuer = forms.CharField(min_length=2, max_length=32, widget=UnfoldAdminTextInputWidget)
    name = forms.CharField(min_length=2, max_length=80, widget=UnfoldAdminTextInputWidget)
    keys = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}), help_text="A list of P-256 JWKs."
    )
    colours = JsonField(
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text='Their colour to ours, as {"GREEN": "GREEN"}; one left out is grey here.',
    )
    days = forms.IntegerField(min_value=1, max_value=MAX_DAYS, widget=UnfoldAdminIntegerFieldWidget)
