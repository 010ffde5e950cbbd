"""Reads of payments: single payments and refunds, lists, and what falls due."""

import uuid
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q, QuerySet, Sum

from config.kernel.due_times import Earliest
from wallet.accounts.models import WalletUser
from wallet.payments.models import DepositBack, Payment, PaymentCode, Refund, Transfer
from wallet.payments.rules import PaymentUnknown, TransferUnknown
from wallet.payments.values import (
    Confirmation,
    ConfirmationKind,
    DepositBackState,
    DepositBackView,
    Method,
    Order,
    PaidSale,
    PayeeKind,
    Payer,
    PaymentStatus,
    PaymentView,
    RefundStatus,
    RefundView,
    TransferState,
    TransferView,
)

AT_ONCE = 500


def order_of(payment: Payment) -> Order:
    """What a repeat of a payment's order number must ask for, too."""
    return Order(
        payment.payee_account_id, payment.amount_minor, payment.currency, payment.description
    )


def view(payment: Payment, payer: WalletUser | Payer | None = None) -> PaymentView:
    """Show a payment as callers see it; without `payer` the payer is looked up."""
    if payer is None and payment.payer_id is not None:
        payer = WalletUser.objects.only("user_number", "phone").get(id=payment.payer_id)
    return PaymentView(
        id=payment.id,
        number=payment.number,
        status=PaymentStatus(payment.status),
        method=Method(payment.method),
        payer_id=payment.payer_id,
        payer_number=payer.user_number if payer else "",
        payer_phone=payer.phone if payer else "",
        payee_id=payment.payee_id,
        payee_kind=PayeeKind(payment.payee_kind),
        payee_account_id=payment.payee_account_id,
        payee_name=payment.payee_name,
        reference=payment.reference,
        description=payment.description,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
        refunded_minor=payment.refunded_minor,
        needs_pin=payment.needs_pin,
        created_at=payment.created_at,
        expires_at=payment.expires_at,
        paid_at=payment.paid_at,
        closed_at=payment.closed_at,
        close_reason=payment.close_reason,
        business_date=payment.business_date,
        journal_id=payment.journal_id,
        details=payment.details,
    )


def refund_view(refund: Refund) -> RefundView:
    """Show a refund as callers see it."""
    return RefundView(
        id=refund.id,
        payment_id=refund.payment_id,
        request_no=refund.request_no,
        amount_minor=refund.amount_minor,
        currency=refund.currency,
        reason=refund.reason,
        status=RefundStatus(refund.status),
        journal_id=refund.journal_id,
        created_at=refund.created_at,
        business_date=refund.business_date,
        details=refund.details,
    )


def transfer_view(transfer: Transfer) -> TransferView:
    """Show a transfer as callers see it."""
    return TransferView(
        id=transfer.id,
        number=transfer.number,
        payer_id=transfer.payer_id,
        payee_id=transfer.payee_id,
        payee_name=transfer.payee_name,
        amount_minor=transfer.amount_minor,
        currency=transfer.currency,
        note=transfer.note,
        journal_id=transfer.journal_id,
        created_at=transfer.created_at,
        state=TransferState(transfer.state),
        due_at=transfer.due_at,
    )


def payment(payment_id: uuid.UUID) -> PaymentView:
    """A payment by its id.

    Raises:
        PaymentUnknown: there is none.
    """
    row = Payment.objects.filter(id=payment_id).first()
    if row is None:
        raise PaymentUnknown()
    return view(row)


def payment_by_reference(*, payee_id: uuid.UUID, reference: str) -> PaymentView | None:
    """A payee's payment by the payee's own order number."""
    row = Payment.objects.filter(payee_id=payee_id, reference=reference).first()
    return view(row) if row else None


def payment_by_number(*, payee_id: uuid.UUID, number: str) -> PaymentView | None:
    """A payee's payment by its 28-digit number; another payee's is not found."""
    row = Payment.objects.filter(payee_id=payee_id, number=number).first()
    return view(row) if row else None


def payment_of_number(number: str) -> PaymentView | None:
    """Anybody's payment by its 28-digit number: for who shows the whole house, no payee."""
    row = Payment.objects.filter(number=number).first()
    return view(row) if row else None


def latest_payments(limit: int) -> list[PaymentView]:
    """The newest payments, newest first."""
    return views(Payment.objects.order_by("-created_at", "-id")[:limit])


def locked_payment(payment_id: uuid.UUID) -> Payment:
    """A payment, its row locked until the caller's transaction ends.

    Raises:
        PaymentUnknown: there is none.
    """
    row = Payment.objects.select_for_update().filter(id=payment_id).first()
    if row is None:
        raise PaymentUnknown()
    return row


def locked_payment_of(
    *, payee_id: uuid.UUID, number: str = "", reference: str = ""
) -> Payment | None:
    """A payee's payment, locked, by its 28-digit number, else by the payee's order number."""
    rows = Payment.objects.select_for_update().filter(payee_id=payee_id)
    return rows.filter(**({"number": number} if number else {"reference": reference})).first()


def payment_of_user(*, user_id: uuid.UUID, payment_id: uuid.UUID) -> Payment:
    """A payment the user pays or is paid by; other people's are not found.

    Raises:
        PaymentUnknown: there is none, or it is somebody else's.
    """
    row = payments_of_user(user_id).filter(id=payment_id).first()
    if row is None:
        raise PaymentUnknown()
    return row


def confirmation_of(payment: Payment) -> Confirmation:
    """What a payer agrees to by confirming a payment."""
    return Confirmation(
        kind=ConfirmationKind.PAYMENT,
        id=payment.id,
        number=payment.number,
        payee_id=payment.payee_id,
        payee_name=payment.payee_name,
        amount_minor=payment.amount_minor,
        currency=payment.currency,
    )


def payment_of_payer(*, user_id: uuid.UUID, payment_id: uuid.UUID) -> Payment:
    """A payment this user is to pay or has paid; other people's are not found.

    Raises:
        PaymentUnknown: there is none, or it is somebody else's.
    """
    row = Payment.objects.filter(id=payment_id, payer_id=user_id).first()
    if row is None:
        raise PaymentUnknown()
    return row


def payments_of_user(user_id: uuid.UUID) -> QuerySet[Payment]:
    """Payments a user pays or is paid by, newest first."""
    own = Q(payer_id=user_id) | Q(payee_id=user_id, payee_kind=PayeeKind.USER)
    return Payment.objects.filter(own).order_by("-created_at", "-id")


def transfers_of_user(user_id: uuid.UUID) -> QuerySet[Transfer]:
    """Transfers a user has sent or received, newest first."""
    own = Q(payer_id=user_id) | Q(payee_id=user_id)
    return Transfer.objects.filter(own).order_by("-created_at", "-id")


def transfer_of_user(*, user_id: uuid.UUID, transfer_id: uuid.UUID) -> Transfer:
    """A transfer the user has sent or received; other people's are not found.

    Raises:
        TransferUnknown: there is none, or it is somebody else's.
    """
    row = transfers_of_user(user_id).filter(id=transfer_id).first()
    if row is None:
        raise TransferUnknown()
    return row


def transfer_of_payer(*, payer_id: uuid.UUID, transfer_id: uuid.UUID) -> Transfer:
    """A transfer the user has sent, its row locked until the caller's transaction ends.

    Raises:
        TransferUnknown: there is none, or it is somebody else's.
    """
    sent = Transfer.objects.select_for_update().filter(payer_id=payer_id)
    row = sent.filter(id=transfer_id).first()
    if row is None:
        raise TransferUnknown()
    return row


def sent_to(*, payer_id: uuid.UUID, payee_id: uuid.UUID, after: datetime) -> tuple[int, bool]:
    """What a payer has sent a payee since `after`, and whether any of it arrived before that."""
    pair = Transfer.objects.filter(payer_id=payer_id, payee_id=payee_id)
    live_rows = pair.filter(state__in=(TransferState.SUCCEEDED, TransferState.DELAYED))
    sent_minor = live_rows.filter(created_at__gt=after).aggregate(sum=Sum("amount_minor"))["sum"]
    acquainted = pair.filter(state=TransferState.SUCCEEDED, created_at__lte=after).exists()
    return sent_minor or 0, acquainted


def due_transfers(now: datetime) -> QuerySet[Transfer]:
    """Delayed transfers whose pause is over, oldest first."""
    rows = Transfer.objects.filter(state=TransferState.DELAYED, due_at__lte=now)
    return rows.order_by("due_at", "id")


def views(payments: Iterable[Payment]) -> list[PaymentView]:
    """Show several payments with one look-up of their payers."""
    rows = list(payments)
    users = WalletUser.objects.only("user_number", "phone")
    payers = users.in_bulk({row.payer_id for row in rows if row.payer_id})
    return [view(row, payers.get(row.payer_id) if row.payer_id else None) for row in rows]


def payments_of_pair(
    *, payer_id: uuid.UUID, payee_id: uuid.UUID, after: datetime, most: int
) -> list[PaymentView]:
    """What a payer has paid a payee since a moment, newest first; refunded ones included."""
    paid = Payment.objects.filter(payer_id=payer_id, payee_id=payee_id, paid_at__gte=after)
    return views(paid.order_by("-paid_at", "-id")[:most])


def iter_refunds(*, payee_id: uuid.UUID, after: datetime, until: datetime) -> Iterator[RefundView]:
    """What `refunds_between` gives, a few hundred at a time."""
    refunds = Refund.objects.filter(payee_id=payee_id, created_at__gte=after, created_at__lt=until)
    for refund in refunds.order_by("created_at", "id").iterator(chunk_size=AT_ONCE):
        yield refund_view(refund)


def payments_by_id(ids: Collection[uuid.UUID]) -> list[PaymentView]:
    """Payments by their ids, in no order; unknown ids are passed over."""
    return views(Payment.objects.filter(id__in=ids))


def paid_sales(ids: Collection[uuid.UUID]) -> list[PaidSale]:
    """Those of some payments that merchants were paid by, in no order."""
    paid = Payment.objects.filter(id__in=ids, payee_kind=PayeeKind.MERCHANT, paid_at__isnull=False)
    names = ("id", "payee_id", "payee_account_id", "currency", "paid_at")
    return [PaidSale(*row) for row in paid.values_list(*names)]


def payments_with(ids: Collection[uuid.UUID], *, detail: str) -> set[uuid.UUID]:
    """The ids of those of some payments that carry a detail."""
    rows = Payment.objects.filter(id__in=ids, details__has_key=detail)
    return set(rows.values_list("id", flat=True))


def payments_by_numbers(*, payee_id: uuid.UUID, numbers: Collection[str]) -> list[PaymentView]:
    """A payee's payments by their numbers, in no order; unknown numbers are passed over."""
    return views(Payment.objects.filter(payee_id=payee_id, number__in=numbers))


def refunds_between(*, payee_id: uuid.UUID, after: datetime, until: datetime) -> list[RefundView]:
    """A payee's refunds made in [after, until), oldest first."""
    refunds = Refund.objects.filter(payee_id=payee_id, created_at__gte=after, created_at__lt=until)
    return [refund_view(refund) for refund in refunds.order_by("created_at", "id")]


def refund(*, payment_id: uuid.UUID, request_no: str) -> RefundView | None:
    """A refund by the payee's own request number."""
    row = Refund.objects.filter(payment_id=payment_id, request_no=request_no).first()
    return refund_view(row) if row else None


def deposit_back(refund_id: uuid.UUID) -> DepositBackView | None:
    """How a refund stands that goes on to the buyer's bank; None for one that does not."""
    row = DepositBack.objects.filter(refund_id=refund_id).first()
    if row is None:
        return None
    return DepositBackView(
        refund_id=refund_id,
        amount_minor=row.amount_minor,
        state=DepositBackState(row.state),
        ended_at=row.ended_at,
    )


def refunds_of(payment_id: uuid.UUID) -> list[RefundView]:
    """A payment's refunds, oldest first."""
    refunds = Refund.objects.filter(payment_id=payment_id).order_by("created_at", "id")
    return [refund_view(refund) for refund in refunds]


def due_for_expiry(now: datetime) -> QuerySet[Payment]:
    """Unpaid payments whose time is over; `expires_at` itself is already too late.

    The time of a contested one stands still.
    """
    rows = Payment.objects.filter(status=PaymentStatus.PENDING, contested_at__isnull=True)
    return rows.filter(expires_at__lte=now).order_by("expires_at", "id")


def due_to_finish(now: datetime) -> QuerySet[Payment]:
    """Paid payments whose refund window is over."""
    return Payment.objects.filter(status=PaymentStatus.PAID, finish_at__lte=now).order_by(
        "finish_at", "id"
    )


# When the next unpaid payment runs out, the contested ones aside.
next_expiry_at = Earliest(
    lambda: Payment.objects.filter(status=PaymentStatus.PENDING, contested_at__isnull=True),
    "expires_at",
)


# When the next refund window ends.
next_finish_at = Earliest(lambda: Payment.objects.filter(status=PaymentStatus.PAID), "finish_at")


# When the oldest payment code runs out.
next_code_expiry_at = Earliest(PaymentCode.objects.all, "expires_at")


# When the next delayed transfer arrives.
next_transfer_at = Earliest(lambda: Transfer.objects.filter(state=TransferState.DELAYED), "due_at")
