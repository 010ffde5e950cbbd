"""Bind the payees whom a merchant may pay from its trades."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from merchants.onboarding import queries as onboarding
from merchants.onboarding.models import Merchant
from merchants.onboarding.usecases.find_payee import FoundPayee
from merchants.splits import queries, rules
from merchants.splits.models import SplitRelation
from merchants.splits.values import Named


@transactions.atomic_retry
def bind_payees(*, merchant_id: uuid.UUID, payees: Sequence[Named]) -> list[SplitRelation]:
    """Bind payees; one that is bound already stays as it is. All of them or none.

    Raises:
        PayeesInvalid: none or too many are named.
        SplitPayeeUnknown, SplitPayeeNameDiffers: one of them is not who can be paid; nobody who
            has closed their wallet or their shop is.
        SplitPayeeIsPayer: one of them is the merchant or its owner.

    Locks: the merchant.
    """
    rules.check_payees(len(payees))
    merchant = onboarding.merchant_for_update(merchant_id)
    people = [_payee(merchant, payee_name) for payee_name in payees]
    return [_bound(merchant, *pair) for pair in zip(payees, people, strict=True)]


def _payee(merchant: Merchant, payee_name: Named) -> FoundPayee:
    payee = queries.new_payee(payee_name)
    rules.check_other(
        merchant=(merchant.id, merchant.owner_id),
        payee=(payee.merchant_id, payee.owner_id),
        field="account",
    )
    rules.check_name(payee_name.name, payee.legal_name)
    return payee


def _bound(merchant: Merchant, payee_name: Named, payee: FoundPayee) -> SplitRelation:
    relation, _ = SplitRelation.objects.get_or_create(
        merchant=merchant,
        payee_number=payee.number,
        unbound_at=None,
        defaults={
            "named_by": payee_name.named_by,
            "account": payee_name.account,
            "name": payee_name.name,
            "memo": payee_name.memo,
            "bound_at": clock.now(),
        },
    )
    return relation


@transactions.atomic_retry
def unbind_payees(*, merchant_id: uuid.UUID, payees: Sequence[Named]) -> int:
    """End relations; one that is not there ends nothing. Returns how many ended.

    Raises:
        PayeesInvalid: none or too many are named.
        SplitPayeeUnknown: one of them is nobody.

    Locks: the merchant.
    """
    rules.check_payees(len(payees))
    onboarding.merchant_for_update(merchant_id)
    numbers = [queries.payee(payee_name).number for payee_name in payees]
    rows = queries.relations(merchant_id).filter(payee_number__in=numbers)
    return rows.update(unbound_at=clock.now())
