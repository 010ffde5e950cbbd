"""Reads of authorisations, their operations, arrears, and somebody's payment trust."""

import uuid
from dataclasses import replace
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel import clock
from config.kernel.due_times import Earliest
from wallet.accounts import queries as accounts
from wallet.accounts.models import Topup, WalletUser
from wallet.authorisations import rules
from wallet.authorisations.models import (
    Arrears,
    Authorisation,
    Operation,
    TrustChoice,
    TrustDispute,
)
from wallet.authorisations.rules import AuthorisationUnknown, OperationUnknown, TrustDisputeUnknown
from wallet.authorisations.values import (
    ArrearsState,
    AuthorisationStatus,
    AuthorisationView,
    Debt,
    OperationKind,
    OperationStatus,
    OperationView,
    Record,
    Trust,
    TrustConsent,
    TrustDisputeState,
)
from wallet.payments.models import PayerActivity, Payment
from wallet.payments.queries import payments_by_id
from wallet.payments.values import Confirmation, ConfirmationKind


def view(row: Authorisation) -> AuthorisationView:
    """Show an authorisation as callers see it."""
    payer = None
    if row.payer_id is not None:
        payer = WalletUser.objects.only("user_number", "phone").get(id=row.payer_id)
    return AuthorisationView(
        id=row.id,
        number=row.number,
        status=AuthorisationStatus(row.status),
        payer_id=row.payer_id,
        payer_number=payer.user_number if payer else "",
        payer_phone=payer.phone if payer else "",
        payee_id=row.payee_id,
        payee_name=row.payee_name,
        reference=row.reference,
        title=row.title,
        currency=row.currency,
        amount_minor=row.amount_minor,
        frozen_minor=row.frozen_funds_minor + row.frozen_credit_minor,
        frozen_funds_minor=row.frozen_funds_minor,
        frozen_credit_minor=row.frozen_credit_minor,
        held_minor=row.held_minor,
        waived_minor=row.waived_minor,
        captured_minor=row.captured_minor,
        captured_funds_minor=row.captured_funds_minor,
        created_at=row.created_at,
        authorised_at=row.authorised_at,
        expires_at=row.expires_at,
        closed_at=row.closed_at,
        close_reason=row.close_reason,
        details=row.details,
    )


def operation_view(row: Operation) -> OperationView:
    """Show an operation as callers see it."""
    return OperationView(
        id=row.id,
        number=row.number,
        kind=OperationKind(row.kind),
        status=OperationStatus(row.status),
        request_no=row.request_no,
        amount_minor=row.amount_minor,
        funds_minor=row.funds_minor,
        credit_minor=row.credit_minor,
        remark=row.remark,
        token=row.token,
        payment_id=row.payment_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        done_at=row.done_at,
        details=row.details,
    )


def authorisation(authorisation_id: uuid.UUID) -> AuthorisationView:
    """An authorisation by its id.

    Raises:
        AuthorisationUnknown: there is none.
    """
    row = Authorisation.objects.filter(id=authorisation_id).first()
    if row is None:
        raise AuthorisationUnknown()
    return view(row)


def row_of(*, payee_id: uuid.UUID, number: str = "", reference: str = "") -> Authorisation | None:
    """A payee's authorisation by our number or by its own; where both are given ours decides."""
    name_filter = Q(number=number) if number else Q(reference=reference)
    return Authorisation.objects.filter(name_filter, payee_id=payee_id).first()


def of_payee(*, payee_id: uuid.UUID, number: str = "", reference: str = "") -> AuthorisationView:
    """A payee's authorisation; one that no payer has come forward for is none yet.

    Raises:
        AuthorisationUnknown: there is none, or it is another payee's.
    """
    row = row_of(payee_id=payee_id, number=number, reference=reference)
    if row is None or row.payer_id is None:
        raise AuthorisationUnknown()
    return view(row)


def find(*, payee_id: uuid.UUID, number: str = "", reference: str = "") -> AuthorisationView:
    """As `of_payee`, and one that is offered in a code and nobody has scanned as well.

    Raises:
        AuthorisationUnknown: there is none, or it is another payee's.
    """
    row = row_of(payee_id=payee_id, number=number, reference=reference)
    if row is None:
        raise AuthorisationUnknown()
    return view(row)


def offered_hold(
    *, token: str = "", operation_id: uuid.UUID | None = None
) -> tuple[AuthorisationView, OperationView]:
    """A freeze that a code offers, by the token in the code or by its id.

    Raises:
        OperationUnknown: there is none.
    """
    name_filter = Q(token=token) if token else Q(id=operation_id)
    rows = Operation.objects.select_related("authorisation").exclude(token="")
    operation = rows.filter(name_filter).first()
    if operation is None:
        raise OperationUnknown()
    return view(operation.authorisation), operation_view(operation)


def operation(
    *,
    authorisation_id: uuid.UUID,
    number: str = "",
    request_no: str = "",
    kind: OperationKind | None = None,
) -> OperationView:
    """An operation by our number or by the payee's; where both are given ours decides.

    A release that we made ourselves is found by what `payees_request_no` tells of it, where
    a release is asked for and the payee made none of that number.

    Raises:
        OperationUnknown: there is none.
    """
    rows = Operation.objects.filter(authorisation_id=authorisation_id).order_by("created_at", "id")
    if kind is not None:
        rows = rows.filter(kind=kind)
    row = (rows.filter(number=number) if number else rows.filter(request_no=request_no)).first()
    if row is not None:
        return operation_view(row)
    if kind is OperationKind.UNFREEZE and not number:
        for ours in map(operation_view, rows.filter(request_no__contains=":")):
            if payees_request_no(ours) == request_no:
                return ours
    raise OperationUnknown()


def payees_request_no(operation: OperationView) -> str:
    """The payee's own number for an operation.

    A release that a capture made when it completed has the capture's order number; one that a
    cancellation made that of the cancelled freeze; one at the end of its time that of the
    first freeze. All others have their own.
    """
    if operation.kind is not OperationKind.UNFREEZE:
        return operation.request_no
    beside = Operation.objects.filter(authorisation__operations__id=operation.id)
    number = operation.request_no.partition(":")[2]
    if operation.request_no.startswith(rules.COMPLETE):
        paid = Payment.objects.filter(number=number).values("id")
        cause = beside.filter(kind=OperationKind.PAY, payment_id__in=paid)
    elif operation.request_no.startswith(rules.CANCEL):
        cause = beside.filter(kind=OperationKind.FREEZE, number=number)
    elif operation.request_no == rules.EXPIRY:
        cause = beside.filter(kind=OperationKind.FREEZE).order_by("created_at", "id")
    else:
        return operation.request_no
    return cause.values_list("request_no", flat=True).first() or operation.request_no


def operation_by_id(operation_id: uuid.UUID) -> OperationView:
    """An operation by its id.

    Raises:
        OperationUnknown: there is none.
    """
    operation = Operation.objects.filter(id=operation_id).first()
    if operation is None:
        raise OperationUnknown()
    return operation_view(operation)


def operations_of(authorisation_id: uuid.UUID) -> list[OperationView]:
    """An authorisation's operations, oldest first."""
    rows = Operation.objects.filter(authorisation_id=authorisation_id)
    return [operation_view(row) for row in rows.order_by("created_at", "id")]


def authorisation_of_payment(payment_id: uuid.UUID) -> AuthorisationView | None:
    """The authorisation that a payment was captured from, None for one of another kind."""
    capture = Operation.objects.filter(payment_id=payment_id, kind=OperationKind.PAY)
    row = Authorisation.objects.filter(id__in=capture.values("authorisation_id")).first()
    return None if row is None else view(row)


def offers_hold(token: str) -> bool:
    """Whether a code's token offers a freeze."""
    return Operation.objects.filter(token=token).exclude(token="").exists()


def locked(authorisation_id: uuid.UUID) -> Authorisation:
    """An authorisation, its row locked until the caller's transaction ends.

    Raises:
        AuthorisationUnknown: there is none.
    """
    row = Authorisation.objects.select_for_update().filter(id=authorisation_id).first()
    if row is None:
        raise AuthorisationUnknown()
    return row


def locked_by_token(token: str) -> tuple[Authorisation, Operation]:
    """The freeze that a code offers, and its authorisation, locked.

    Raises:
        OperationUnknown: no code of ours offers a freeze with this token.
    """
    offered = Operation.objects.filter(token=token).exclude(token="").first()
    if offered is None:
        raise OperationUnknown()
    row = locked(offered.authorisation_id)
    offered.refresh_from_db()
    return row, offered


def confirmation_of(row: Authorisation, operation: Operation) -> Confirmation:
    """What a payer agrees to by confirming a freeze; `number` is that freeze's own."""
    return Confirmation(
        kind=ConfirmationKind.HOLD,
        id=row.id,
        number=operation.number,
        payee_id=row.payee_id,
        payee_name=row.payee_name,
        amount_minor=operation.amount_minor,
        currency=row.currency,
    )


def waiting_hold(row: Authorisation) -> Operation | None:
    """The freeze that waits for its payer; there is one at most."""
    return row.operations.filter(status=OperationStatus.INIT).first()


def of_user(user_id: uuid.UUID) -> QuerySet[Authorisation]:
    """Authorisations a user has been asked for or has given, newest first."""
    return Authorisation.objects.filter(payer_id=user_id).order_by("-created_at", "-id")


def one_of_user(*, user_id: uuid.UUID, authorisation_id: uuid.UUID) -> Authorisation:
    """An authorisation of this payer's; other people's are not found.

    Raises:
        AuthorisationUnknown: there is none, or it is somebody else's.
    """
    row = of_user(user_id).filter(id=authorisation_id).first()
    if row is None:
        raise AuthorisationUnknown()
    return row


def arrears_of(user_id: uuid.UUID) -> QuerySet[Arrears]:
    """What a user owes or has owed us, oldest first."""
    return Arrears.objects.filter(payer_id=user_id).order_by("created_at", "id")


def open_arrears(user_id: uuid.UUID) -> QuerySet[Arrears]:
    """What a user owes us now, oldest first."""
    return arrears_of(user_id).exclude(state=ArrearsState.CLEARED)


def owes_arrears(user_id: uuid.UUID) -> bool:
    """Whether a user owes us anything now."""
    return open_arrears(user_id).exists()


def debts_to(*, payee_id: uuid.UUID, payer_id: uuid.UUID) -> list[Debt]:
    """What a payer still owes us for one payee's captures, oldest first."""
    rows = list(open_arrears(payer_id))
    payments = {
        payment.id: payment
        for payment in payments_by_id({row.payment_id for row in rows})
        if payment.payee_id == payee_id
    }
    return [
        Debt(
            payment_number=row.payment_number,
            reference=payments[row.payment_id].reference,
            owed_minor=row.amount_minor - row.collected_minor,
        )
        for row in rows
        if row.payment_id in payments
    ]


def record_of(user_id: uuid.UUID, *, at: datetime) -> Record:
    """How a user has kept their word up to a moment; debts of their other wallets count too."""
    person_id = accounts.user(user_id).person_id
    wallets = accounts.wallets_of_person(person_id).values("id")
    owed = Arrears.objects.filter(payer_id__in=wallets)
    paid = PayerActivity.objects.filter(payer_id=user_id).values_list("payments", flat=True)
    broken = Operation.objects.filter(
        kind=OperationKind.PAY, payment_id__in=owed.values("payment_id")
    )
    authorisations = of_user(user_id).filter(status=AuthorisationStatus.FINISHED)
    return Record(
        paid=paid.first() or 0,
        kept=authorisations.exclude(id__in=broken.values("authorisation_id")).count(),
        late=owed.filter(late=True, created_at__gt=at - rules.LATE_FOR)
        .exclude(trust_dispute__state=TrustDisputeState.UPHELD)
        .count(),
        open=owed.exclude(state=ArrearsState.CLEARED).count(),
    )


def trust_without_mark(arrears: Arrears) -> Trust:
    """The debtor's trust as it would be now, had these arrears never counted as late."""
    now = clock.now()
    record = record_of(arrears.payer_id, at=now)
    counted = arrears.late and arrears.created_at > now - rules.LATE_FOR
    return rules.trust(replace(record, late=record.late - counted), consent_of(arrears.payer_id))


def trust_of(user_id: uuid.UUID) -> Trust:
    """A user's payment-trust figure now, with everything it is made of."""
    return rules.trust(record_of(user_id, at=clock.now()), consent_of(user_id))


def trust_disputes_of(user_id: uuid.UUID) -> QuerySet[TrustDispute]:
    """What a user has said against marks in their trust, newest first."""
    return TrustDispute.objects.filter(user_id=user_id).select_related("arrears")


def trust_dispute(dispute_id: uuid.UUID) -> TrustDispute:
    """A dispute of a mark by its id, with its arrears.

    Raises:
        TrustDisputeUnknown: there is none.
    """
    row = TrustDispute.objects.select_related("arrears").filter(id=dispute_id).first()
    if row is None:
        raise TrustDisputeUnknown()
    return row


def locked_trust_dispute(dispute_id: uuid.UUID) -> TrustDispute:
    """A dispute of a mark, its row locked until the caller's transaction ends.

    Raises:
        TrustDisputeUnknown: there is none.
    """
    row = TrustDispute.objects.select_for_update().filter(id=dispute_id).first()
    if row is None:
        raise TrustDisputeUnknown()
    return row


def consent_of(user_id: uuid.UUID) -> TrustConsent:
    """Whether a user lets deposits be waived on their figure; so until they say otherwise."""
    row = TrustChoice.objects.filter(user_id=user_id).first()
    return TrustConsent.GIVEN if row is None else TrustConsent(row.consent)


def owner_of_topup(topup_id: uuid.UUID) -> uuid.UUID:
    """Whose top-up it is."""
    return Topup.objects.values_list("user_id", flat=True).get(id=topup_id)


def due_waiting(now: datetime) -> QuerySet[Authorisation]:
    """Authorisations with a freeze whose payer did not agree in time."""
    return Authorisation.objects.filter(
        operations__status=OperationStatus.INIT, operations__expires_at__lte=now
    ).order_by("operations__expires_at", "id")


def due_for_expiry(now: datetime) -> QuerySet[Authorisation]:
    """Authorisations whose life is over; `expires_at` itself is already too late."""
    return Authorisation.objects.filter(
        status=AuthorisationStatus.AUTHORISED, expires_at__lte=now
    ).order_by("expires_at", "id")


def due_arrears(now: datetime) -> QuerySet[Arrears]:
    """Arrears whose grace is over, or whose next reminder falls."""
    return Arrears.objects.filter(due_at__lte=now).order_by("due_at", "id")


# When the next freeze runs out that waits for its payer.
next_waiting_at = Earliest(
    lambda: Operation.objects.filter(status=OperationStatus.INIT), "expires_at"
)


# When the next authorisation's life ends.
next_expiry_at = Earliest(
    lambda: Authorisation.objects.filter(status=AuthorisationStatus.AUTHORISED), "expires_at"
)


# When the next arrears are to be looked at.
next_arrears_at = Earliest(Arrears.objects.all, "due_at")
