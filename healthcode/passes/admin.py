"""Keys and passes in the operators' panel: public halves and records only."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.actors import operator_actor
from config.kernel.approvals.forms import ReasonForm
from config.kernel.approvals.pages import ask_form_page, ask_page, operator_of, step_page
from config.kernel.approvals.queries import may_ask
from config.kernel.errors import SaomaError
from healthcode.codec.sh1 import peek
from healthcode.decisions.pages import withdraw_page
from healthcode.passes.forms import AgreementForm, IssuerForm, PaperForm
from healthcode.passes.models import CodeGrant, Pass, RegionAgreement, SigningKey, TrustedIssuer
from healthcode.passes.qr import svg
from healthcode.passes.registrations import REGISTER_ISSUER
from healthcode.passes.rotation import ROTATE, active_kid
from healthcode.passes.tasks import AGREE
from healthcode.passes.usecases.agree_region import end_agreement
from healthcode.passes.usecases.issue_paper import issue_paper
from healthcode.passes.usecases.mint_code import Minted

AT_THE_DESK = "health_passes.add_pass"


@admin.register(SigningKey)
class SigningKeyAdmin(panel.ReadOnly):
    """Keys that sign passes."""

    list_display = ("kid", "state_label", "created_at", "retired_at")
    list_filter = ("state",)
    fields = ("kid", "state_label", "public_jwk", "created_at", "retired_at")
    readonly_fields = ("state_label",)
    actions_list = ("ask_rotation",)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: SigningKey) -> str:
        """The state as a coloured label."""
        return str(row.state)

    def has_rotation_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for another key, while one signs."""
        return may_ask(operator_of(request), ROTATE)

    @action(description="Ask to rotate the key", permissions=["rotation"], icon="autorenew")
    def ask_rotation(self, request: HttpRequest) -> HttpResponse:
        """Ask a second operator to put another key in force."""
        return ask_page(
            request,
            action=ROTATE,
            parameters={"kid": active_kid()},
            back=reverse("admin:health_passes_signingkey_changelist"),
        )


@admin.register(Pass)
class PassAdmin(panel.ReadOnly):
    """Passes that were issued; and the desk at which paper is."""

    list_display = ("subject", "kind", "colour_label", "issued_at", "expires_at", "revoked_at")
    list_filter = ("kind", "colour")
    search_fields = ("=subject__id",)
    list_select_related = ("subject",)

    actions_list = ("issue_paper",)

    def has_desk_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who sits at the desk."""
        return request.user.has_perm(AT_THE_DESK)

    @action(description="Code on paper", permissions=["desk"], icon="print")
    def issue_paper(self, request: HttpRequest) -> HttpResponse:
        """Take somebody's card down and print their code; the page is shown this once."""
        back = reverse("admin:health_passes_pass_changelist")
        form = PaperForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                minted = issue_paper(
                    request=form.request(),
                    actor=operator_actor(operator_of(request).get_username()),
                )
            except SaomaError as error:
                messages.error(request, error.message)
                return redirect(back)
            return _paper_page(request, minted, back)
        return step_page(
            request,
            title="Issue a code on paper",
            button="Issue and print",
            form=form,
            facts={},
            parameters={},
            back=back,
            run=lambda _: back,
        )

    @display(description="colour", ordering="colour", label=panel.STATE_COLOURS)
    def colour_label(self, row: Pass) -> str:
        """The colour as a label with its word."""
        return str(row.colour)


def _paper_page(request: HttpRequest, minted: Minted, back: str) -> HttpResponse:
    """The page to print, with the name as it is known; no copy of the code stays anywhere."""
    claims = peek(minted.text)
    context = {
        # The picture is drawn by us from a code in an alphabet without markup.
        "svg": mark_safe(svg(minted.text)),  # noqa: S308
        "name_hint": claims.name_hint,
        "birth": claims.birth,
        "expires_at": minted.record.expires_at,
        "back": back,
    }
    return TemplateResponse(
        request, "passes/paper.html", context, headers={"Cache-Control": "no-store"}
    )


@admin.register(RegionAgreement)
class RegionAgreementAdmin(panel.ReadOnly):
    """Regions whose passes are good here; agreed by three operators, with an end."""

    list_display = ("name", "issuer", "valid_from", "valid_until", "maker")
    search_fields = ("name", "issuer")
    actions_list = ("ask_agreement",)
    actions_detail = ("end",)

    def has_agree_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for an agreement."""
        return may_ask(operator_of(request), AGREE)

    @action(description="Ask for an agreement", permissions=["agree"], icon="handshake")
    def ask_agreement(self, request: HttpRequest) -> HttpResponse:
        """Ask two other operators to recognise another region's passes."""
        return ask_form_page(
            request,
            action=AGREE,
            form=AgreementForm(request.POST or None),
            back=reverse("admin:health_passes_regionagreement_changelist"),
        )

    @action(description="End", permissions=["agree"], icon="block", variant="danger")
    def end(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take the region's passes no longer, at once."""
        row = RegionAgreement.objects.get(pk=object_id)

        def run(filled: Any) -> str:
            end_agreement(
                issuer=row.issuer,
                actor=operator_actor(operator_of(request).get_username()),
                reason=filled.cleaned_data["reason"],
            )
            messages.success(request, gettext("Ended."))
            return back

        back = reverse("admin:health_passes_regionagreement_change", args=[object_id])
        return step_page(
            request,
            title="End an agreement",
            button="End",
            form=ReasonForm(request.POST or None),
            facts={},
            parameters={},
            back=back,
            run=run,
        )


@admin.register(TrustedIssuer)
class TrustedIssuerAdmin(panel.Viewed):
    """Foreign issuers whose certificates count as evidence: three operators decide."""

    list_display = ("name", "registered")
    list_select_related = ("registration",)
    search_fields = ("name",)
    fields = ("name", "certificate", "jwks", "did_document", "registration", "registered")
    readonly_fields = ("registered",)
    actions_list = ("ask_registration",)
    actions_detail = ("withdraw",)

    @display(description="its certificates count", boolean=True)
    def registered(self, row: TrustedIssuer) -> bool:
        """Whether its registration stands."""
        return row.registration is not None and row.registration.withdrawn_at is None

    def has_register_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        """Who may ask for a registration, or end one; nobody registers alone."""
        return may_ask(operator_of(request), REGISTER_ISSUER)

    @action(description="Ask for an issuer", permissions=["register"], icon="verified_user")
    def ask_registration(self, request: HttpRequest) -> HttpResponse:
        """Ask two other operators to take an issuer's certificates as evidence."""
        return ask_form_page(
            request,
            action=REGISTER_ISSUER,
            form=IssuerForm(request.POST or None),
            back=reverse("admin:health_passes_trustedissuer_changelist"),
        )

    @action(description="Withdraw", permissions=["register"], icon="block", variant="danger")
    def withdraw(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Take its certificates no longer, at once."""
        back = reverse("admin:health_passes_trustedissuer_change", args=[object_id])
        return withdraw_page(request, TrustedIssuer.objects.get(pk=object_id).registration, back)


@admin.register(CodeGrant)
class CodeGrantAdmin(panel.ReadOnly):
    """What people have let apps do."""

    list_display = ("app", "purpose", "subject", "granted_at", "valid_until")
    search_fields = ("app", "=subject__id")
    list_select_related = ("subject",)
