"""Reads of agreements: single ones, lists, and what falls due."""

import uuid
from datetime import datetime

from django.db.models import Q, QuerySet

from config.kernel.due_times import Earliest
from wallet.accounts.models import WalletUser
from wallet.agreements.models import Agreement, Deduction
from wallet.agreements.rules import LIVE, OPEN, AgreementAmbiguous, AgreementUnknown
from wallet.agreements.values import AgreementStatus, AgreementView, PeriodType, Terms, Usage


def terms_of(agreement: Agreement) -> Terms:
    """An agreement's terms."""
    return Terms(
        period_type=PeriodType(agreement.period_type) if agreement.period_type else None,
        period=agreement.period,
        first_on=agreement.first_on,
        single_minor=agreement.single_minor,
        total_minor=agreement.total_minor,
        total_payments=agreement.total_payments,
        valid_until=agreement.valid_until,
    )


def usage_of(agreement: Agreement) -> Usage:
    """What has been taken under an agreement."""
    return Usage(
        debits=agreement.debits,
        debited_minor=agreement.debited_minor,
        next_on=agreement.next_on,
    )


def view(agreement: Agreement) -> AgreementView:
    """Show an agreement as callers see it."""
    payer = None
    if agreement.payer_id is not None:
        payer = WalletUser.objects.only("user_number", "phone").get(id=agreement.payer_id)
    return AgreementView(
        id=agreement.id,
        number=agreement.number,
        token=agreement.token,
        status=AgreementStatus(agreement.status),
        payee_id=agreement.payee_id,
        payee_name=agreement.payee_name,
        payee_zone=agreement.payee_zone,
        external_no=agreement.external_no,
        product=agreement.product,
        scene=agreement.scene,
        payer_id=agreement.payer_id,
        payer_number=payer.user_number if payer else "",
        payer_phone=payer.phone if payer else "",
        currency=agreement.currency,
        terms=terms_of(agreement),
        challenge=agreement.challenge,
        created_at=agreement.created_at,
        lapses_at=agreement.lapses_at,
        signed_at=agreement.signed_at,
        ended_at=agreement.ended_at,
        ended_by=agreement.ended_by,
        last_debit_at=agreement.last_debit_at,
        debits=agreement.debits,
        debited_minor=agreement.debited_minor,
        next_on=agreement.next_on,
        plan_minor=agreement.plan_minor,
        details=agreement.details,
    )


def agreement(agreement_id: uuid.UUID) -> AgreementView:
    """An agreement by its id.

    Raises:
        AgreementUnknown: there is none.
    """
    row = Agreement.objects.filter(id=agreement_id).first()
    if row is None:
        raise AgreementUnknown()
    return view(row)


def agreement_by_token(token: str) -> AgreementView:
    """An agreement by the capability in its offer's address.

    Raises:
        AgreementUnknown: there is none.
    """
    row = Agreement.objects.filter(token=token).first()
    if row is None:
        raise AgreementUnknown()
    return view(row)


def agreement_by_number(*, payee_id: uuid.UUID, number: str) -> AgreementView | None:
    """A payee's agreement by its 20-digit number; another payee's is not found."""
    row = Agreement.objects.filter(payee_id=payee_id, number=number).first()
    return view(row) if row else None


def agreement_by_facts(
    *,
    payee_id: uuid.UUID,
    product: str,
    scene: str = "",
    external_no: str = "",
    payer_number: str = "",
    payer_phone: str = "",
) -> AgreementView | None:
    """A payee's agreement by what it is about; one in force before one that is not.

    Of several that are not in force the newest is given. Without a number and a payer
    nothing is found.

    Raises:
        AgreementAmbiguous: several in force fit: a debit or an end could hit the wrong one.
    """
    if not (external_no or payer_number or payer_phone):
        return None
    rows = Agreement.objects.filter(payee_id=payee_id, product=product)
    if scene:
        rows = rows.filter(scene=scene)
    if external_no:
        rows = rows.filter(external_no=external_no)
    if payer_number or payer_phone:
        payer_filter = Q(user_number=payer_number) if payer_number else Q(phone=payer_phone)
        rows = rows.filter(payer_id__in=WalletUser.objects.filter(payer_filter).values("id"))
    live = list(rows.filter(status__in=LIVE)[:2])
    if len(live) > 1:
        raise AgreementAmbiguous(field="external_agreement_no")
    row = live[0] if live else rows.first()
    return view(row) if row else None


def locked_agreement(agreement_id: uuid.UUID) -> Agreement:
    """An agreement, its row locked until the caller's transaction ends.

    Raises:
        AgreementUnknown: there is none.
    """
    row = Agreement.objects.select_for_update().filter(id=agreement_id).first()
    if row is None:
        raise AgreementUnknown()
    return row


def agreements_of_user(user_id: uuid.UUID) -> QuerySet[Agreement]:
    """What a user has consented to, newest first."""
    return Agreement.objects.filter(payer_id=user_id, signed_at__isnull=False).order_by(
        "-created_at", "-id"
    )


def agreement_of_user(*, user_id: uuid.UUID, agreement_id: uuid.UUID) -> Agreement:
    """An agreement a user has signed; other people's are not found.

    Raises:
        AgreementUnknown: there is none, or it is somebody else's.
    """
    row = agreements_of_user(user_id).filter(id=agreement_id).first()
    if row is None:
        raise AgreementUnknown()
    return row


def deductions_of(agreement_id: uuid.UUID) -> QuerySet[Deduction]:
    """An agreement's deductions, made and to be made, newest first."""
    return Deduction.objects.filter(agreement_id=agreement_id)


def due_to_lapse(now: datetime) -> QuerySet[Agreement]:
    """Offers and agreements whose time is over."""
    waiting = Agreement.objects.filter(status__in=[AgreementStatus.TEMP, *LIVE])
    return waiting.filter(lapses_at__lte=now).order_by("lapses_at", "id")


def due_for_notice(now: datetime) -> QuerySet[Agreement]:
    """Agreements whose payer is to be told of the plan's next debit."""
    return Agreement.objects.filter(notice_at__lte=now).order_by("notice_at", "id")


def due_deductions(now: datetime) -> QuerySet[Deduction]:
    """Deductions that are to be tried."""
    return Deduction.objects.filter(due_at__lte=now).order_by("due_at", "id")


# When the next offer or agreement runs out.
next_lapse_at = Earliest(
    lambda: Agreement.objects.filter(status__in=[AgreementStatus.TEMP, *LIVE]), "lapses_at"
)


next_notice_at = Earliest(Agreement.objects.all, "notice_at")


# When the next deduction is to be tried.
next_deduction_at = Earliest(Deduction.objects.all, "due_at")


def open_deductions(agreement_id: uuid.UUID) -> QuerySet[Deduction]:
    """An agreement's deductions that are still to be made, oldest first."""
    return Deduction.objects.filter(agreement_id=agreement_id, status__in=OPEN).order_by("id")
