"""The operators' view of wallet accounts: look, freeze, ask for a second pair of eyes.

Rows are read-only, even for a superuser; what may be done is done by use cases. Hashes
of passwords, PINs, tokens and identity numbers are never shown, phone numbers masked.
"""

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import action, display

from config.kernel import panel
from config.kernel.approvals.pages import operator_of
from config.kernel.approvals.queries import may_ask
from config.kernel.panel import LINK, FittingActions, ReadOnlyInline
from config.kernel.words import in_words
from wallet.accounts import approvals, queries, rules
from wallet.accounts.admin_base import (
    STATE_COLOURS,
    ReadOnlyAdmin,
    ReasonForm,
    as_uuid,
    dialog,
    money,
    operator,
)
from wallet.accounts.bank_leg_admin import BankLeg, SilentBankFilter, waits_for_bank
from wallet.accounts.models import (
    BankCallback,
    CustomerNote,
    Device,
    KycApplication,
    SessionToken,
    Topup,
    WalletUser,
    Withdrawal,
)
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.review_withdrawal import reject_withdrawal
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.accounts.usecases.suspend_kyc import suspend_kyc
from wallet.accounts.usecases.unlock_pin import unlock_pin
from wallet.accounts.usecases.write_note import write_note
from wallet.accounts.values import Disposition, UserState, WithdrawalState
from wallet.ledger import queries as ledger

HELP = "accounts.help_walletuser"


class MovementAdmin(ReadOnlyAdmin):
    """What lists of bank movements share."""

    list_filter = ("state", SilentBankFilter)
    search_fields = ("id", "user__user_number", "user__phone", "user__name")
    list_select_related = ("user",)
    date_hierarchy = "created_at"

    @display(description="Amount", ordering="amount_minor")
    def amount(self, row: Topup | Withdrawal) -> str:
        return panel.money(row.amount_minor, row.currency)

    @display(description="State", ordering="state", label=STATE_COLOURS)
    def state_label(self, row: Topup | Withdrawal) -> str:
        return row.state


class DeviceInline(ReadOnlyInline):
    """The customer's phones."""

    model = Device
    fields = ("opened", "key_version", "created_at", "last_seen_at", "revoked_at")
    readonly_fields = ("opened",)
    ordering = ("-created_at",)

    @display(description="label")
    def opened(self, device: Device) -> SafeString:
        """A link to the device's own page, where it is revoked."""
        address = reverse("admin:accounts_device_change", args=[device.id])
        return format_html('<a class="{}" href="{}">{}</a>', LINK, address, device.label)


class SessionInline(ReadOnlyInline):
    """Where the customer is, or was, signed in; tokens are never shown."""

    model = SessionToken
    verbose_name_plural = "sessions"
    fields = ("label", "created_at", "expires_at", "revoked_at")
    ordering = ("-created_at",)


class ApplicationInline(ReadOnlyInline):
    """The customer's verifications."""

    model = KycApplication
    fields = ("tier", "state", "reason", "created_at", "decided_at")
    ordering = ("-created_at",)


class NoteInline(ReadOnlyInline):
    """What operators wrote down."""

    model = CustomerNote
    verbose_name_plural = "notes"
    fields = ("written_at", "author", "text")


@admin.register(WalletUser)
class WalletUserAdmin(FittingActions, ReadOnlyAdmin):
    """Customers."""

    list_display = ("user_number", "name", "masked_phone", "kyc", "state_label", "created_at")
    list_filter = ("state", "kyc_tier")
    search_fields = ("user_number", "phone", "name")
    ordering = ("-created_at",)
    fieldsets = (
        (None, {"fields": ("user_number", "name", "masked_phone", "state_label", "created_at")}),
        ("Verification", {"fields": ("kyc", "paid_out", "remaining")}),
        ("Balance", {"fields": ("available", "held", "posted")}),
        ("Locks", {"fields": ("pin_strikes", "pin_locked_until")}),
        ("What they did", {"fields": ("activity",)}),
    )
    inlines = (DeviceInline, SessionInline, ApplicationInline, NoteInline)
    actions_detail = ("freeze", "unfreeze", "suspend", "restore", "unlock", "note")
    action_fits = {
        "unlock": lambda user: user.pin_locked_until is not None,
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
        return money(ledger.balance(user.available_account_id).available_minor)

    @display(description="Held")
    def held(self, user: WalletUser) -> str:
        return money(ledger.balance(user.available_account_id).held_minor)

    @display(description="Posted")
    def posted(self, user: WalletUser) -> str:
        return money(ledger.balance(user.available_account_id).posted_minor)

    @display(description="Paid out this year")
    def paid_out(self, user: WalletUser) -> str:
        return money(queries.limits(user.id).yearly_used_minor)

    @display(description="Left of the limit")
    def remaining(self, user: WalletUser) -> str:
        remaining_minor = queries.limits(user.id).remaining_minor
        return in_words("no limit") if remaining_minor is None else money(remaining_minor)

    @display(description="Payments and money")
    def activity(self, user: WalletUser) -> SafeString:
        """Links to the lists that hold this customer's rows."""
        lists = (
            ("payments", "payments_payment", user.id),
            ("transfers", "payments_transfer", user.id),
            ("top-ups", "accounts_topup", user.user_number),
            ("withdrawals", "accounts_withdrawal", user.user_number),
        )
        return format_html_join(
            "",
            '<a class="{} mr-4" href="{}?q={}">{}</a>',
            (
                (LINK, reverse(f"admin:{name}_changelist"), key, in_words(text))
                for text, name, key in lists
            ),
        )

    def has_help_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(HELP)

    @action(
        description="Unlock the PIN",
        url_path="unlock",
        permissions=["help"],
        icon="lock_open",
        dialog=dialog("Unlock the PIN", "The customer may try again at once.", "Unlock"),
    )
    def unlock(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def operation() -> str:
            unlock_pin(
                user_id=as_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The PIN is unlocked."

        return self.done(request, object_id, operation)

    @action(
        description="Write a note",
        url_path="note",
        permissions=["help"],
        icon="edit_note",
        dialog=dialog("Write a note", "Kept for good, read by whoever helps next.", "Write"),
    )
    def note(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def operation() -> str:
            write_note(
                user_id=as_uuid(object_id),
                author=request.user.get_username(),
                text=form.cleaned_data["reason"],
            )
            return "The note is written."

        return self.done(request, object_id, operation)

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
        def operation() -> str:
            freeze_user(
                user_id=as_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The account is frozen."

        return self.done(request, object_id, operation)

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
        def operation() -> str:
            suspend_kyc(
                user_id=as_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The verification is suspended."

        return self.done(request, object_id, operation)

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
class DeviceAdmin(FittingActions, ReadOnlyAdmin):
    """Phones that make payment codes."""

    actions_detail = ("revoke",)
    action_fits = {"revoke": lambda device: device.revoked_at is None}

    list_display = ("label", "user", "key_version", "last_seen_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("id", "label", "user__user_number", "user__phone", "user__name")
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

    def has_help_permission(self, request: HttpRequest, object_id: str | None = None) -> bool:
        return request.user.has_perm(HELP)

    @action(
        description="Revoke",
        url_path="revoke",
        permissions=["help"],
        icon="phonelink_erase",
        dialog=dialog("Revoke this device", "Its payment codes are refused at once.", "Revoke"),
    )
    def revoke(self, request: HttpRequest, form: ReasonForm, object_id: str) -> HttpResponse:
        def operation() -> str:
            device = queries.own(Device.objects.filter(id=as_uuid(object_id)))
            revoke_device(
                user_id=device.user_id,
                device_id=device.id,
                operator=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The device is revoked."

        return self.done(request, object_id, operation)


@admin.register(KycApplication)
class KycApplicationAdmin(ReadOnlyAdmin):
    """Applications for verification; the identity number is masked for ever."""

    list_display = ("user", "tier", "legal_name", "state_label", "reason", "created_at")
    list_filter = ("state", "tier")
    search_fields = ("id", "legal_name", "user__user_number", "user__phone")
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
class TopupAdmin(FittingActions, BankLeg, MovementAdmin):
    """Money from customers' banks."""

    actions_detail = ("ask_the_bank", "force_end")
    action_fits = dict.fromkeys(actions_detail, waits_for_bank)

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
class WithdrawalAdmin(FittingActions, BankLeg, MovementAdmin):
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
    actions_detail = ("approve", "reject", "ask_the_bank", "force_end")
    action_fits = {
        **dict.fromkeys(
            ("approve", "reject"), lambda withdrawal: withdrawal.state == WithdrawalState.REVIEW
        ),
        **dict.fromkeys(("ask_the_bank", "force_end"), waits_for_bank),
    }

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
        def operation() -> str:
            reject_withdrawal(
                withdrawal_id=as_uuid(object_id),
                actor=operator(request),
                reason=form.cleaned_data["reason"],
            )
            return "The withdrawal is rejected; the money is back in the wallet."

        return self.done(request, object_id, operation)


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
        return panel.money(row.amount_minor, row.currency)

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
