"""The wallet's front door: all that merchants and the lab may use of it, besides `money`.

Amounts are in minor units, times aware. What each name does, refuses and locks is
written where it is defined; nothing here has behaviour of its own.
"""

from wallet.accounts.bank import moved as moved_by_bank
from wallet.accounts.bank import movements as bank_movements
from wallet.accounts.models import WalletUser
from wallet.accounts.queries import (
    UserUnknown,
    bank_order_ids,
    bank_orders,
    identity_digest_of,
    is_verified_as,
    live_session,
    messages_to,
    names_of,
    phones_of,
    user,
    user_by_number,
    user_by_phone,
)
from wallet.accounts.rules import PhoneInvalid, normalise_phone
from wallet.accounts.usecases.apply_for_kyc import apply_for_kyc
from wallet.accounts.usecases.check_pin import check_pin
from wallet.accounts.usecases.close_session import close_session
from wallet.accounts.usecases.close_user import keeps_wallet_open
from wallet.accounts.usecases.consume_limit import consume_limit, restore_limit
from wallet.accounts.usecases.freeze_user import freeze_user
from wallet.accounts.usecases.open_session import open_session
from wallet.accounts.usecases.register_device import register_device
from wallet.accounts.usecases.register_user import register_user
from wallet.accounts.usecases.request_topup import request_topup
from wallet.accounts.usecases.send_notice import send_notice
from wallet.accounts.values import BankMovement, BankWord, UserState
from wallet.agreements.queries import (
    agreement,
    agreement_by_facts,
    agreement_by_number,
    agreement_by_token,
)
from wallet.agreements.rules import (
    AgreementEnded,
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
from wallet.agreements.usecases.unsign_agreement import unsign_agreement
from wallet.agreements.values import (
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
    owes_arrears,
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
    AuthorisationConflict,
    AuthorisationFinished,
    AuthorisationUnknown,
    OperationUnknown,
    ProductMismatch,
)
from wallet.authorisations.usecases.cancel_hold import cancel_hold
from wallet.authorisations.usecases.capture import capture_authorisation
from wallet.authorisations.usecases.confirm_hold import confirm_hold
from wallet.authorisations.usecases.hold_by_code import hold_by_code
from wallet.authorisations.usecases.pay_guaranteed import pay_guaranteed
from wallet.authorisations.usecases.release_funds import release_funds
from wallet.authorisations.usecases.request_hold import claim_hold, request_hold
from wallet.authorisations.values import (
    AuthorisationStatus,
    AuthorisationView,
    HoldOutcome,
    HoldRequest,
    HoldResult,
    OperationKind,
    OperationStatus,
    OperationView,
    Trust,
)
from wallet.clearing.usecases.credit_transfers import directory_of_payees
from wallet.clearing.values import RefusalReason
from wallet.coupons.queries import movements as campaign_movements
from wallet.funding.queries import movements as partner_movements
from wallet.ledger.queries import (
    PostedEntry,
    account,
    account_id,
    balance,
    balance_at,
    balances,
    balances_at,
    credited_by,
    entries_between,
    is_open,
    journal,
    journals_for,
    latest_journals,
    posted_between,
    statement,
    trial_balance,
)
from wallet.ledger.rules import (
    AccountClosed,
    InsufficientFunds,
    UnknownAccount,
    UnknownJournal,
    earliest_value_at,
)
from wallet.ledger.usecases.open_account import open_account, open_system_account
from wallet.ledger.usecases.open_accounts import open_accounts
from wallet.ledger.usecases.post_journals import post_journal, post_journals
from wallet.ledger.usecases.roll_up_accounts import roll_up_accounts
from wallet.ledger.usecases.take_checkpoints import take_checkpoints
from wallet.ledger.values import (
    AccountKind,
    Balance,
    Draft,
    Line,
    Opening,
    Outcome,
    Side,
    credit,
    debit,
)
from wallet.payments.models import Payment as LockedPayment
from wallet.payments.models import Payment as PaymentRow
from wallet.payments.queries import (
    deposit_back,
    iter_refunds,
    latest_payments,
    locked_payment,
    locked_payment_of,
    paid_sales,
    payment,
    payment_by_number,
    payment_by_reference,
    payment_of_number,
    payments_by_id,
    payments_by_numbers,
    payments_of_pair,
    payments_with,
    refund,
    refunds_between,
    refunds_of,
)
from wallet.payments.queries.paid import paid_into, paid_to
from wallet.payments.queries.payee_sums import paid_groups, part_refunded, rate_of_unrefunded
from wallet.payments.rules import (
    PIN_DAY,
    AmountOutOfRange,
    PayeeFundsShort,
    PayeeIsPayer,
    PayerMismatch,
    PaymentAlreadyPaid,
    PaymentClosed,
    PaymentFinished,
    PaymentNotPaid,
    PaymentUnknown,
    PinRequired,
    RefundConflict,
    RefundExceedsPaid,
)
from wallet.payments.usecases.cancel_payment import cancel_payment
from wallet.payments.usecases.close_payment import close_payment
from wallet.payments.usecases.confirm_payment import confirm_payment
from wallet.payments.usecases.contest_payment import contest_payment, end_contest
from wallet.payments.usecases.create_payment import create_payment
from wallet.payments.usecases.issue_codes import issue_aliases, issue_fresh_code
from wallet.payments.usecases.pay_by_code import pay_by_code
from wallet.payments.usecases.refund_payment import refund_payment
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.payments.values import (
    CancelAction,
    CancelOutcome,
    CreateOutcome,
    DepositBackState,
    Method,
    PayeeKind,
    PaymentStatus,
    PaymentView,
    PayOutcome,
    PayRequest,
    PayResult,
    PresentedKind,
    RefundOutcome,
    RefundView,
    Take,
    payer_texts,
)
from wallet.risk.queries import decisions_of
from wallet.risk.usecases.hold_payouts import holds_payouts
from wallet.risk.usecases.refuse_movement import screen_movement
from wallet.risk.values import Movement, Subject

user_by_login = user_by_phone

__all__ = [
    "FREEZE_PAY_LIFE",
    "PIN_DAY",
    "TRUST_PAYMENTS",
    "AccountClosed",
    "AccountKind",
    "AgreementEnded",
    "AgreementStatus",
    "AgreementUnknown",
    "AgreementView",
    "AmountOutOfRange",
    "AuthorisationConflict",
    "AuthorisationFinished",
    "AuthorisationStatus",
    "AuthorisationUnknown",
    "AuthorisationView",
    "Balance",
    "BankMovement",
    "BankWord",
    "CancelAction",
    "CancelOutcome",
    "ChallengeMismatch",
    "CreateOutcome",
    "Debit",
    "DepositBackState",
    "Draft",
    "HoldOutcome",
    "HoldRequest",
    "HoldResult",
    "InsufficientFunds",
    "Line",
    "LockedPayment",
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
    "PayRequest",
    "PayResult",
    "PayeeFundsShort",
    "PayeeIsPayer",
    "PayeeKind",
    "PayerMismatch",
    "PaymentAlreadyPaid",
    "PaymentClosed",
    "PaymentFinished",
    "PaymentNotPaid",
    "PaymentRow",
    "PaymentStatus",
    "PaymentUnknown",
    "PaymentView",
    "PeriodType",
    "PhoneInvalid",
    "PinRequired",
    "PostedEntry",
    "PostponeInvalid",
    "PresentedKind",
    "ProductMismatch",
    "RefundConflict",
    "RefundExceedsPaid",
    "RefundOutcome",
    "RefundView",
    "RefusalReason",
    "Side",
    "Subject",
    "Take",
    "Terms",
    "TermsInvalid",
    "Trust",
    "UnknownAccount",
    "UnknownJournal",
    "UserState",
    "UserUnknown",
    "WalletUser",
    "account",
    "account_id",
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
    "balance",
    "balance_at",
    "balances",
    "balances_at",
    "bank_movements",
    "bank_order_ids",
    "bank_orders",
    "campaign_movements",
    "cancel_hold",
    "cancel_payment",
    "capture_authorisation",
    "check_pin",
    "claim_hold",
    "close_payment",
    "close_session",
    "confirm_hold",
    "confirm_payment",
    "consume_limit",
    "contest_payment",
    "convert_agreement",
    "create_payment",
    "credit",
    "credited_by",
    "debit",
    "debit_agreement",
    "debts_to",
    "decisions_of",
    "deposit_back",
    "directory_of_payees",
    "earliest_value_at",
    "end_contest",
    "entries_between",
    "find_authorisation",
    "freeze_user",
    "hold_by_code",
    "holds_payouts",
    "identity_digest_of",
    "is_open",
    "is_verified_as",
    "issue_aliases",
    "issue_fresh_code",
    "iter_refunds",
    "journal",
    "journals_for",
    "keeps_wallet_open",
    "latest_journals",
    "latest_payments",
    "live_session",
    "locked_payment",
    "locked_payment_of",
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
    "owes_arrears",
    "paid_groups",
    "paid_into",
    "paid_sales",
    "paid_to",
    "part_refunded",
    "partner_movements",
    "pay_by_code",
    "pay_guaranteed",
    "payees_request_no",
    "payer_texts",
    "payment",
    "payment_by_number",
    "payment_by_reference",
    "payment_of_number",
    "payments_by_id",
    "payments_by_numbers",
    "payments_of_pair",
    "payments_with",
    "phones_of",
    "post_journal",
    "post_journals",
    "posted_between",
    "postpone_debit",
    "rate_of_unrefunded",
    "refund",
    "refund_payment",
    "refunds_between",
    "refunds_of",
    "register_device",
    "register_user",
    "release_funds",
    "request_hold",
    "request_topup",
    "restore_limit",
    "roll_up_accounts",
    "screen_movement",
    "send_notice",
    "set_plan",
    "sign_agreement",
    "statement",
    "take_checkpoints",
    "transfer_money",
    "trial_balance",
    "trust_of",
    "unsign_agreement",
    "user",
    "user_by_login",
    "user_by_number",
    "user_by_phone",
]
