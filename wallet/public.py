"""The wallet's front door: all that merchants and the lab may use of it, besides `money`.

Amounts are in minor units, times aware. What each name does, refuses and locks is
written where it is defined; nothing here has behaviour of its own.
"""

from wallet.accounts.models import Device, WalletUser
from wallet.accounts.queries import (
    UserUnknown,
    device_key,
    limits,
    live_devices,
    live_session,
    user,
    user_by_number,
    user_by_phone,
)
from wallet.accounts.rules import KycLimit, KycRequired, PhoneInvalid, mask_phone
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong, check_pin
from wallet.accounts.usecases.close_session import close_session
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.open_session import open_session
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.register_user import PhoneTaken, register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.accounts.usecases.see_device import see_device
from wallet.accounts.usecases.settle_topup import settle_topup
from wallet.accounts.usecases.settle_withdrawal import settle_withdrawal
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.ledger.queries import (
    account,
    account_id,
    accounts_of,
    balance,
    balance_at,
    entries_between,
    journal,
    journal_by_key,
    journals_for,
    latest_journals,
    statement,
    trial_balance,
)
from wallet.ledger.rules import (
    AccountClosed,
    AccountFrozen,
    InsufficientFunds,
    JournalKeyConflict,
    UnknownAccount,
)
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.fold_accounts import fold_account, fold_accounts
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.open_accounts import open_accounts
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal, post_journals
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.values import (
    AccountKind,
    Balance,
    Draft,
    Line,
    Opening,
    Outcome,
    Result,
    Side,
    credit,
    debit,
)
from wallet.payments.queries import (
    awaiting_of_user,
    payment,
    payment_by_number,
    payment_by_reference,
    payments_between,
    payments_of_user,
    payments_on,
    refund,
    refunds_between,
    refunds_of,
    transfers_of_user,
    views,
)
from wallet.payments.rules import (
    AmountOutOfRange,
    CancelNotAllowed,
    CodeExpired,
    CodeInvalid,
    CodeUsed,
    CurrencyUnsupported,
    DeviceNotOwned,
    LimitExceeded,
    PayeeCoolingDown,
    PayeeFundsShort,
    PayeeIsPayer,
    PayeeUnknown,
    PayerMismatch,
    PaymentAlreadyPaid,
    PaymentClosed,
    PaymentConflict,
    PaymentDeclined,
    PaymentFinished,
    PaymentNotPaid,
    PaymentUnknown,
    PinRequired,
    ReferenceInvalid,
    RefundConflict,
    RefundExceedsPaid,
    TextInvalid,
    TransferConflict,
)
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.close_payment import close_payment, refuse_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.create_payment import create_payment, default_expiry
from wallet.payments.usecases.expire_payments import expire_payments
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.usecases.issue_codes import issue_aliases, issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import (
    AliasGrant,
    CancelAction,
    CancelOutcome,
    CloseReason,
    CreateOutcome,
    FreshCode,
    Method,
    PayeeKind,
    PaymentStatus,
    PaymentView,
    PayOutcome,
    PayResult,
    PresentedKind,
    RefundOutcome,
    RefundStatus,
    RefundView,
    TransferOutcome,
    TransferView,
)
from wallet.risk.queries import decisions_of

user_by_login = user_by_phone

__all__ = [
    "AccountClosed",
    "AccountFrozen",
    "AccountKind",
    "AliasGrant",
    "AmountOutOfRange",
    "Balance",
    "CancelAction",
    "CancelNotAllowed",
    "CancelOutcome",
    "CloseReason",
    "CodeExpired",
    "CodeInvalid",
    "CodeUsed",
    "CreateOutcome",
    "CurrencyUnsupported",
    "Device",
    "DeviceNotOwned",
    "Draft",
    "FreshCode",
    "InsufficientFunds",
    "JournalKeyConflict",
    "KycLimit",
    "KycRequired",
    "LimitExceeded",
    "Line",
    "Method",
    "Opening",
    "Outcome",
    "PayOutcome",
    "PayResult",
    "PayeeCoolingDown",
    "PayeeFundsShort",
    "PayeeIsPayer",
    "PayeeKind",
    "PayeeUnknown",
    "PayerMismatch",
    "PaymentAlreadyPaid",
    "PaymentClosed",
    "PaymentConflict",
    "PaymentDeclined",
    "PaymentFinished",
    "PaymentNotPaid",
    "PaymentStatus",
    "PaymentUnknown",
    "PaymentView",
    "PhoneInvalid",
    "PhoneTaken",
    "PinLocked",
    "PinRequired",
    "PinWrong",
    "PresentedKind",
    "ReferenceInvalid",
    "RefundConflict",
    "RefundExceedsPaid",
    "RefundOutcome",
    "RefundStatus",
    "RefundView",
    "Result",
    "Side",
    "TextInvalid",
    "TransferConflict",
    "TransferOutcome",
    "TransferView",
    "UnknownAccount",
    "UserUnknown",
    "WalletUser",
    "account",
    "account_id",
    "accounts_of",
    "apply_for_kyc",
    "awaiting_of_user",
    "balance",
    "balance_at",
    "cancel_payment",
    "capture_hold",
    "check_pin",
    "close_payment",
    "close_session",
    "confirm_payment",
    "create_payment",
    "credit",
    "debit",
    "decisions_of",
    "default_expiry",
    "device_key",
    "entries_between",
    "expire_payments",
    "finish_payments",
    "fold_account",
    "fold_accounts",
    "freeze_user",
    "issue_aliases",
    "issue_fresh_code",
    "journal",
    "journal_by_key",
    "journals_for",
    "latest_journals",
    "limits",
    "live_devices",
    "live_session",
    "mask_phone",
    "open_account",
    "open_accounts",
    "open_session",
    "open_system_account",
    "pay_by_code",
    "payment",
    "payment_by_number",
    "payment_by_reference",
    "payments_between",
    "payments_of_user",
    "payments_on",
    "place_hold",
    "post_journal",
    "post_journals",
    "refund",
    "refund_payment",
    "refunds_between",
    "refunds_of",
    "refuse_payment",
    "register_device",
    "register_user",
    "release_hold",
    "request_topup",
    "request_withdrawal",
    "reverse_journal",
    "revoke_device",
    "see_device",
    "settle_topup",
    "settle_withdrawal",
    "statement",
    "transfer_money",
    "transfers_of_user",
    "trial_balance",
    "unfreeze_user",
    "user",
    "user_by_login",
    "user_by_number",
    "user_by_phone",
    "views",
]
