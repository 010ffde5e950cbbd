"""Keys and passes in the operators' panel: public halves and records only."""

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from unfold.admin import ModelAdmin
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import operator_of
from healthcode.passes.models import CodeGrant, Pass, RegionAgreement, SigningKey, TrustedIssuer
from healthcode.passes.usecases.rotate_signing_key import rotate_signing_key


@admin.register(SigningKey)
class SigningKeyAdmin(panel.Viewed):
    """Keys that sign passes."""

    list_display = ("kid", "state_label", "created_at", "retired_at")
    list_filter = ("state",)
    fields = ("kid", "state_label", "public_jwk", "created_at", "retired_at")
    readonly_fields = ("state_label",)
    actions_list = ("rotate",)

    @display(description="state", ordering="state", label=panel.STATE_COLOURS)
    def state_label(self, row: SigningKey) -> str:
        """The state as a coloured label."""
        return str(row.state)

    @action(description="Rotate the signing key", permissions=["change"], icon="autorenew")
    def rotate(self, request: HttpRequest) -> HttpResponse:
        """Put a new key in force; the old one goes on verifying."""
        key = rotate_signing_key(actor=f"operator:{operator_of(request).get_username()}")
        messages.success(request, f"Key {key.kid} signs from now on.")
        return redirect("admin:health_passes_signingkey_changelist")


@admin.register(Pass)
class PassAdmin(panel.ReadOnly):
    """Passes that were issued."""

    list_display = ("subject", "kind", "colour_label", "issued_at", "expires_at", "revoked_at")
    list_filter = ("kind", "colour")
    search_fields = ("=subject__id",)
    list_select_related = ("subject",)

    @display(description="colour", ordering="colour", label=panel.STATE_COLOURS)
    def colour_label(self, row: Pass) -> str:
        """The colour as a label with its word."""
        return str(row.colour)


@admin.register(RegionAgreement)
class RegionAgreementAdmin(panel.ReadOnly):
    """Regions whose passes are good here; agreed by three operators, with an end."""

    list_display = ("name", "issuer", "valid_from", "valid_until", "maker")
    search_fields = ("name", "issuer")


@admin.register(TrustedIssuer)
class TrustedIssuerAdmin(ModelAdmin):
    """Foreign issuers whose certificates count as evidence."""

    list_display = ("name", "active")
    list_filter = ("active",)
    search_fields = ("name",)


@admin.register(CodeGrant)
class CodeGrantAdmin(panel.ReadOnly):
    """What people have let apps do."""

    list_display = ("app", "purpose", "subject", "granted_at", "valid_until")
    search_fields = ("app", "=subject__id")
    list_select_related = ("subject",)
