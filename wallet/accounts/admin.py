"""The operators' view of wallet accounts: look, freeze, ask for a second pair of eyes.

Rows are read-only, even for a superuser; what may be done is done by use cases. Hashes
of passwords, PINs, tokens and identity numbers are never shown, phone numbers masked.
"""

import uuid
from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminTextareaWidget

from config.kernel.approvals.pages import operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.approvals.request import request_approval
from config.kernel.errors import SaomaError
from config.kernel.panel import FittingActions
from wallet.accounts import approvals, queries, rules
from wallet.accounts.models import (
    BankCallback,
    Device,
    KycApplication,
    Topup,
    WalletUser,
    Withdrawal,
)
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.review_withdrawal import reject_withdrawal
from wallet.accounts.usecases.suspend_kyc import suspend_kyc
from wallet.accounts.values import CURRENCY, Disposition, UserState, WithdrawalState
from wallet.ledger import queries as ledger
from wallet.money import format_amount

STATE_COLOURS = {
    "ACTIVE": "success",
    "FROZEN": "warning",
    "CLOSED": "danger",
    "PENDING": "info",
    "APPROVED": "success",
    "REJECTED": "danger",
    "CREATED": "info",
    "PROCESSING": "info",
    "SUCCEEDED": "success",
    "FAILED": "danger",
    "EXPIRED": "warning",
    "REVIEW": "warning",
    "SUBMITTED": "info",
    "PAID": "success",
    "RETURNED": "danger",
}


class ReasonForm(BaseDialogForm):
    """Why: kept in the audit, shown to the second pair of eyes."""

    reason = forms.CharField(min_length=10, max_length=500, widget=UnfoldAdminTextareaWidget)


def dialog(title: str, description: str, button: str) -> dict[str, Any]:
    """A dialog that asks for the reason of a deed."""
    return {
        "title": title,
        "description": description,
        "form_class": ReasonForm,
        "form_submit_text": button,
    }


class ReadOnlyAdmin(ModelAdmin):
    """Rows to look at: nobody adds, edits or deletes them here, superusers included."""

    compressed_fields = True
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def done(self, request: HttpRequest, object_id: str, deed: Callable[[], str]) -> HttpResponse:
        """Do it, tell the operator how it went, and show the row again."""
        try:
            messages.success(request, deed())
        except SaomaError as error:
            messages.error(request, str(error))
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_change"
        return HttpResponseClientRedirect(reverse(name, args=[object_id]))

    def ask(
        self, request: HttpRequest, object_id: str, action_name: str, reason: str
    ) -> HttpResponse:
        """Ask a second operator to approve an action on this row."""

        def deed() -> str:
            request_approval(
                action=action_name,
                parameters={"id": object_id},
                reason=reason,
                maker=cast("User", request.user),
            )
            return "Asked for approval; a second operator decides."

        return self.done(request, object_id, deed)


def _uuid(object_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(object_id)
    except ValueError as error:
        raise queries.ObjectUnknown() from error


def _money(amount_minor: int) -> str:
    return f"{format_amount(amount_minor, CURRENCY)} {CURRENCY}"


def operator(request: HttpRequest) -> str:
    """The operator as the audit names them."""
    return f"operator:{request.user.get_username()}"


class MovementAdmin(ReadOnlyAdmin):
    """What lists of bank movements share."""

    list_filter = ("state",)
    search_fields = ("id", "user__user_id", "user__phone", "user__name")
    list_select_related = ("user",)
    date_hierarchy = "created_at"

    @display(description="Amount", ordering="amount_minor")
    def amount(self, row: Topup | Withdrawal) -> str:
        return f"{format_amount(row.amount_minor, row.currency)} {row.currency}"

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Topup | Withdrawal) -> str:
        return row.state


@admin.register(WalletUser)
class WalletUserAdmin(FittingActions, ReadOnlyAdmin):
    """Customers."""

    list_display = ("user_id", "name", "masked_phone", "kyc", "state_label", "created_at")
    list_filter = ("state", "kyc_tier")
    search_fields = ("user_id", "phone", "name")
    ordering = ("-created_at",)
    fieldsets = (
        (None, {"fields": ("user_id", "name", "masked_phone", "state_label", "created_at")}),
        ("Verification", {"fields": ("kyc", "paid_out", "remaining")}),
        ("Balance", {"fields": ("available", "held", "posted")}),
        ("Locks", {"fields": ("pin_strikes", "pin_locked_until")}),
    )
    actions_detail = ("freeze", "unfreeze", "suspend", "restore")
    action_fits = {
        "freeze": lambda user: user.state == UserState.ACTIVE,
        "unfreeze": lambda user: user.state == UserState.FROZEN,
        "suspend": lambda user: user.kyc_tier > 0,
        "restore": lambda user: user.kyc_suspended_tier is not None,
    }

    @display(description="Phone")
    def masked_phone(self, user: WalletUser) -> str:
        return rules.mask_phone(user.phone)

    @display(description="KYC")
    def kyc(self, user: WalletUser) -> str:
        return queries.kyc_state(user).value

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, user: WalletUser) -> str:
        return user.state

    @display(description="Available")
    def available(self, user: WalletUser) -> str:
        return _money(ledger.balance(user.available_account_id).available_minor)

    @display(description="Held")
    def held(self, user: WalletUser) -> str:
        return _money(ledger.balance(user.available_account_id).held_minor)

    @display(description="Posted")
    def posted(self, user: WalletUser) -> str:
        return _money(ledger.balance(user.available_account_id).posted_minor)

    @display(description="Paid out this year")
    def paid_out(self, user: WalletUser) -> str:
        return _money(queries.limits(user.id).yearly_used_minor)

    @display(description="Left of the limit")
    def remaining(self, user: WalletUser) -> str:
        remaining_minor = queries.limits(user.id).remaining_minor
        return "no limit" if remaining_minor is None else _money(remaining_minor)

    def has_freeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.freeze_walletuser")

    def has_unfreeze_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may_ask(operator_of(request), approvals.UNFREEZE)

    def has_suspend_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.suspend_kyc")

    def has_restore_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may_ask(operator_of(request), approvals.RESTORE_KYC)

    @action(
        description="Freeze",
        url_path="freeze",
        permissions=["freeze"],
        icon="ac_unit",
        dialog=dialog("Freeze this account", "Takes effect at once. Money may come in.", "Freeze"),
    )
    def freeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def deed() -> str:
            freeze_user(
                user_id=_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The account is frozen."

        return self.done(request, object_id, deed)

    @action(
        description="Ask to unfreeze",
        url_path="unfreeze",
        permissions=["unfreeze"],
        icon="sunny",
        dialog=dialog("Ask to unfreeze", "A second operator has to approve.", "Ask"),
    )
    def unfreeze(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        return self.ask(request, object_id, approvals.UNFREEZE, form.cleaned_data["reason"])

    @action(
        description="Suspend verification",
        url_path="suspend",
        permissions=["suspend"],
        icon="person_off",
        dialog=dialog("Suspend the verification", "The customer cannot pay until then.", "Suspend"),
    )
    def suspend(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def deed() -> str:
            suspend_kyc(
                user_id=_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The verification is suspended."

        return self.done(request, object_id, deed)

    @action(
        description="Ask to restore verification",
        url_path="restore",
        permissions=["restore"],
        icon="person_check",
        dialog=dialog("Ask to restore", "A second operator has to approve.", "Ask"),
    )
    def restore(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        return self.ask(request, object_id, approvals.RESTORE_KYC, form.cleaned_data["reason"])


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    """Phones that make payment codes."""

    list_display = ("label", "user", "key_version", "last_seen_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("id", "label", "user__user_id", "user__phone", "user__name")
    list_select_related = ("user",)
    fields = (
        "id",
        "label",
        "user",
        "key_version",
        "public_key",
        "created_at",
        "last_seen_at",
        "revoked_at",
    )


@admin.register(KycApplication)
class KycApplicationAdmin(ReadOnlyAdmin):
    """Applications for verification; the identity number is masked for ever."""

    list_display = ("user", "tier", "legal_name", "state_label", "reason", "created_at")
    list_filter = ("state", "tier")
    search_fields = ("id", "legal_name", "user__user_id", "user__phone")
    list_select_related = ("user",)
    fields = (
        "id",
        "user",
        "tier",
        "legal_name",
        "id_number_masked",
        "state",
        "reason",
        "created_at",
        "decided_at",
    )

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, row: KycApplication) -> str:
        return row.state


@admin.register(Topup)
class TopupAdmin(MovementAdmin):
    """Money from customers' banks."""

    list_display = ("id", "user", "amount", "state_label", "reason", "created_at")
    fields = (
        "id",
        "user",
        "amount",
        "state",
        "reason",
        "journal_id",
        "created_at",
        "expires_at",
        "finished_at",
    )


@admin.register(Withdrawal)
class WithdrawalAdmin(FittingActions, MovementAdmin):
    """Money to customers' banks; large ones wait here for a review."""

    list_display = ("id", "user", "amount", "state_label", "reason", "created_at", "overdue_at")
    fields = (
        "id",
        "user",
        "amount",
        "state",
        "reason",
        "created_at",
        "submitted_at",
        "overdue_at",
        "finished_at",
    )
    actions_detail = ("approve", "reject")
    action_fits = dict.fromkeys(
        ("approve", "reject"), lambda withdrawal: withdrawal.state == WithdrawalState.REVIEW
    )

    def has_ask_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may_ask(operator_of(request), approvals.APPROVE_WITHDRAWAL)

    def has_review_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm("accounts.review_withdrawal")

    @action(
        description="Ask to approve",
        url_path="approve",
        permissions=["ask"],
        icon="task_alt",
        dialog=dialog("Ask to approve", "A second operator has to approve.", "Ask"),
    )
    def approve(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        reason = form.cleaned_data["reason"]
        return self.ask(request, object_id, approvals.APPROVE_WITHDRAWAL, reason)

    @action(
        description="Reject",
        url_path="reject",
        permissions=["review"],
        icon="block",
        dialog=dialog("Reject the withdrawal", "The money returns to the wallet.", "Reject"),
    )
    def reject(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def deed() -> str:
            reject_withdrawal(
                withdrawal_id=_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The withdrawal is rejected; the money is back in the wallet."

        return self.done(request, object_id, deed)


@admin.register(BankCallback)
class BankCallbackAdmin(FittingActions, ReadOnlyAdmin):
    """What the bank told us and what became of it."""

    list_display = ("bank_reference", "amount", "result", "disposition", "received_at")
    list_filter = ("result", "disposition")
    search_fields = ("bank_reference", "instruction_id")
    date_hierarchy = "received_at"
    fields = (
        "bank_reference",
        "instruction_id",
        "amount",
        "result",
        "reason",
        "disposition",
        "journal_id",
        "received_at",
        "processed_at",
    )
    actions_detail = ("release",)
    action_fits = {"release": lambda callback: callback.disposition == Disposition.LATE}

    @display(description="Amount", ordering="amount_minor")
    def amount(self, row: BankCallback) -> str:
        return f"{format_amount(row.amount_minor, row.currency)} {row.currency}"

    def has_release_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return may_ask(operator_of(request), approvals.RELEASE_TOPUP)

    @action(
        description="Ask to release late money",
        url_path="release",
        permissions=["release"],
        icon="redo",
        dialog=dialog("Ask to release", "Suspense to wallet; a second operator decides.", "Ask"),
    )
    def release(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        return self.ask(request, object_id, approvals.RELEASE_TOPUP, form.cleaned_data["reason"])
