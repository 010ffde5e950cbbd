"""The wallet's front door: all that merchants and the lab may use of it, besides `money`.

Amounts are in minor units, times aware. What each name does, refuses and locks is
written where it is defined; nothing here has behaviour of its own.
"""

from wallet.accounts.bank import moved as moved_by_bank
from wallet.accounts.bank import movements as bank_movements
from wallet.accounts.models import Device, WalletUser
from wallet.accounts.queries import (
    UserUnknown,
    bank_order_ids,
    bank_orders,
    device_key,
    identity_digest_of,
    is_verified_as,
    limits,
    live_devices,
    live_session,
    messages_to,
    names_of,
    user,
    user_by_number,
    user_by_phone,
)
from wallet.accounts.rules import (
    KycLimit,
    KycRequired,
    PhoneInvalid,
    mask_phone,
    normalise_phone,
)
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.check_pin import PinLocked, PinWrong, check_pin
from wallet.accounts.usecases.close_session import close_session
from wallet.accounts.usecases.close_user import keeps_wallet_open
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.open_session import open_session
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.register_user import PhoneTaken, register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.request_withdrawal import request_withdrawal
from wallet.accounts.usecases.revoke_device import revoke_device
from wallet.accounts.usecases.see_device import see_device
from wallet.accounts.usecases.send_notice import send_notice
from wallet.accounts.usecases.settle_topup import settle_topup
from wallet.accounts.usecases.settle_withdrawal import settle_withdrawal
from wallet.accounts.usecases.unfreeze_user import unfreeze_user
from wallet.accounts.values import BankMovement, BankWord
from wallet.agreements.queries import (
    agreement,
    agreement_by_facts,
    agreement_by_number,
    agreement_by_token,
)
from wallet.agreements.rules import (
    AgreementConflict,
    AgreementEnded,
    AgreementNotInForce,
    AgreementSigned,
    AgreementTaken,
    AgreementUnknown,
    ChallengeMismatch,
    NoPeriod,
    PostponeInvalid,
    TermsInvalid,
)
from wallet.agreements.usecases.convert_agreement import convert_agreement
from wallet.agreements.usecases.debit_agreement import debit_agreement
from wallet.agreements.usecases.offer_agreement import offer_agreement
from wallet.agreements.usecases.plan_debits import set_plan
from wallet.agreements.usecases.postpone_debit import postpone_debit
from wallet.agreements.usecases.sign_agreement import sign_agreement
from wallet.agreements.usecases.suspend_agreement import suspend_agreement
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import (
    AgreementOutcome,
    AgreementStatus,
    AgreementView,
    Debit,
    Offer,
    Party,
    PeriodType,
    Terms,
)
from wallet.authorisations.queries import (
    authorisation,
    authorisation_of_payment,
    debts_to,
    offered_hold,
    offers_hold,
    payees_request_no,
    trust_of,
)
from wallet.authorisations.queries import find as find_authorisation
from wallet.authorisations.queries import of_payee as authorisation_of_payee
from wallet.authorisations.queries import operation as authorisation_operation
from wallet.authorisations.queries import operation_by_id as authorisation_operation_by_id
from wallet.authorisations.rules import PAID_COUNTED as TRUST_PAYMENTS
from wallet.authorisations.rules import PAY_LIFE as FREEZE_PAY_LIFE
from wallet.authorisations.rules import (
    AuthorisationClosed,
    AuthorisationConflict,
    AuthorisationExceeded,
    AuthorisationFinished,
    AuthorisationNotGiven,
    AuthorisationUnknown,
    OperationUnknown,
    ProductMismatch,
)
from wallet.authorisations.usecases.cancel_hold import cancel_hold
from wallet.authorisations.usecases.capture import capture_authorisation
from wallet.authorisations.usecases.confirm_hold import confirm_hold, refuse_hold
from wallet.authorisations.usecases.hold_by_code import hold_by_code
from wallet.authorisations.usecases.release_funds import release_funds
from wallet.authorisations.usecases.request_hold import claim_hold, request_hold
from wallet.authorisations.values import (
    AuthorisationStatus,
    AuthorisationView,
    CaptureRequest,
    HoldOutcome,
    HoldRequest,
    HoldResult,
    OperationKind,
    OperationStatus,
    OperationView,
    Trust,
)
from wallet.ledger.queries import (
    PostedEntry,
    account,
    account_id,
    accounts_of,
    balance,
    balance_at,
    entries_between,
    is_open,
    journal,
    journal_by_key,
    journals_for,
    latest_journals,
    posted_between,
    statement,
    trial_balance,
)
from wallet.ledger.rules import (
    AccountClosed,
    AccountFrozen,
    InsufficientFunds,
    JournalKeyConflict,
    UnknownAccount,
    earliest_value_at,
)
from wallet.ledger.usecases.capture_hold import capture_hold
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.open_accounts import open_accounts
from wallet.ledger.usecases.place_hold import place_hold
from wallet.ledger.usecases.post_journals import post_journal, post_journals
from wallet.ledger.usecases.release_hold import release_hold
from wallet.ledger.usecases.reverse_journal import reverse_journal
from wallet.ledger.usecases.roll_up_accounts import roll_up_account, roll_up_accounts
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
    deposit_back,
    iter_payments,
    iter_refunds,
    locked_payment,
    payment,
    payment_by_number,
    payment_by_reference,
    payments_between,
    payments_by_id,
    payments_by_numbers,
    payments_on,
    refund,
    refunds_between,
    refunds_of,
    views,
)
from wallet.payments.queries.payee_sums import paid_groups, part_refunded, rate_of_unrefunded
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
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.expire_payments import expire_payments
from wallet.payments.usecases.finish_payments import finish_payments
from wallet.payments.usecases.issue_codes import issue_aliases, issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import (
    CancelAction,
    CancelOutcome,
    Cover,
    CreateOutcome,
    DepositBackState,
    Method,
    PayeeKind,
    PaymentStatus,
    PaymentView,
    PayOutcome,
    PayResult,
    PresentedKind,
    RefundOutcome,
    RefundView,
    Take,
    TransferOutcome,
)
from wallet.risk.queries import decisions_of, is_payout_held, payees_held
from wallet.risk.rules import PaymentDeclined, PaymentDelayed
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject

user_by_login = user_by_phone

__all__ = [
    "FREEZE_PAY_LIFE",
    "TRUST_PAYMENTS",
    "AccountClosed",
    "AccountFrozen",
    "AccountKind",
    "AgreementConflict",
    "AgreementEnded",
    "AgreementNotInForce",
    "AgreementOutcome",
    "AgreementSigned",
    "AgreementStatus",
    "AgreementTaken",
    "AgreementUnknown",
    "AgreementView",
    "AmountOutOfRange",
    "AuthorisationClosed",
    "AuthorisationConflict",
    "AuthorisationExceeded",
    "AuthorisationFinished",
    "AuthorisationNotGiven",
    "AuthorisationStatus",
    "AuthorisationUnknown",
    "AuthorisationView",
    "Balance",
    "BankMovement",
    "BankWord",
    "CancelAction",
    "CancelNotAllowed",
    "CancelOutcome",
    "CaptureRequest",
    "ChallengeMismatch",
    "CodeExpired",
    "CodeInvalid",
    "CodeUsed",
    "Cover",
    "CreateOutcome",
    "CurrencyUnsupported",
    "Debit",
    "DepositBackState",
    "Device",
    "DeviceNotOwned",
    "Draft",
    "HoldOutcome",
    "HoldRequest",
    "HoldResult",
    "InsufficientFunds",
    "JournalKeyConflict",
    "KycLimit",
    "KycRequired",
    "LimitExceeded",
    "Line",
    "Method",
    "Movement",
    "NoPeriod",
    "Offer",
    "Opening",
    "OperationKind",
    "OperationStatus",
    "OperationUnknown",
    "OperationView",
    "Outcome",
    "Party",
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
    "PaymentDelayed",
    "PaymentFinished",
    "PaymentNotPaid",
    "PaymentStatus",
    "PaymentUnknown",
    "PaymentView",
    "PeriodType",
    "PhoneInvalid",
    "PhoneTaken",
    "PinLocked",
    "PinRequired",
    "PinWrong",
    "PostedEntry",
    "PostponeInvalid",
    "PresentedKind",
    "ProductMismatch",
    "ReferenceInvalid",
    "RefundConflict",
    "RefundExceedsPaid",
    "RefundOutcome",
    "RefundView",
    "Result",
    "Side",
    "Subject",
    "Take",
    "Terms",
    "TermsInvalid",
    "TextInvalid",
    "TransferConflict",
    "TransferOutcome",
    "Trust",
    "UnknownAccount",
    "UserUnknown",
    "WalletUser",
    "account",
    "account_id",
    "accounts_of",
    "agreement",
    "agreement_by_facts",
    "agreement_by_number",
    "agreement_by_token",
    "apply_for_kyc",
    "authorisation",
    "authorisation_of_payee",
    "authorisation_of_payment",
    "authorisation_operation",
    "authorisation_operation_by_id",
    "awaiting_of_user",
    "balance",
    "balance_at",
    "bank_movements",
    "bank_order_ids",
    "bank_orders",
    "cancel_hold",
    "cancel_payment",
    "capture_authorisation",
    "capture_hold",
    "check_pin",
    "claim_hold",
    "close_payment",
    "close_session",
    "confirm_hold",
    "confirm_payment",
    "convert_agreement",
    "create_payment",
    "credit",
    "debit",
    "debit_agreement",
    "debts_to",
    "decisions_of",
    "deposit_back",
    "device_key",
    "earliest_value_at",
    "entries_between",
    "expire_payments",
    "find_authorisation",
    "finish_payments",
    "freeze_user",
    "hold_by_code",
    "identity_digest_of",
    "is_open",
    "is_payout_held",
    "is_verified_as",
    "issue_aliases",
    "issue_fresh_code",
    "iter_payments",
    "iter_refunds",
    "journal",
    "journal_by_key",
    "journals_for",
    "keeps_wallet_open",
    "latest_journals",
    "limits",
    "live_devices",
    "live_session",
    "locked_payment",
    "mask_phone",
    "messages_to",
    "moved_by_bank",
    "names_of",
    "normalise_phone",
    "offer_agreement",
    "offered_hold",
    "offers_hold",
    "open_account",
    "open_accounts",
    "open_session",
    "open_system_account",
    "paid_groups",
    "part_refunded",
    "pay_by_code",
    "payees_held",
    "payees_request_no",
    "payment",
    "payment_by_number",
    "payment_by_reference",
    "payments_between",
    "payments_by_id",
    "payments_by_numbers",
    "payments_on",
    "place_hold",
    "post_journal",
    "post_journals",
    "posted_between",
    "postpone_debit",
    "rate_of_unrefunded",
    "refund",
    "refund_payment",
    "refunds_between",
    "refunds_of",
    "refuse_hold",
    "refuse_payment",
    "register_device",
    "register_user",
    "release_funds",
    "release_hold",
    "request_hold",
    "request_topup",
    "request_withdrawal",
    "reverse_journal",
    "revoke_device",
    "roll_up_account",
    "roll_up_accounts",
    "screen_movement",
    "see_device",
    "send_notice",
    "set_plan",
    "settle_topup",
    "settle_withdrawal",
    "sign_agreement",
    "statement",
    "suspend_agreement",
    "transfer_money",
    "trial_balance",
    "trust_of",
    "unfreeze_user",
    "unsign_agreement",
    "user",
    "user_by_login",
    "user_by_number",
    "user_by_phone",
    "views",
]
