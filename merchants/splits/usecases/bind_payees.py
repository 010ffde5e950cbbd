"""Say whom a merchant may pay from its trades."""

import uuid
from collections.abc import Sequence

from config.kernel import clock, transactions
from merchants.onboarding import queries as onboarding
from merchants.splits import queries, rules
from merchants.splits.models import SplitRelation
from merchants.splits.values import Named


@transactions.atomic_retry
def bind_payees(*, merchant_uuid: uuid.UUID, payees: Sequence[Named]) -> list[SplitRelation]:
    """Bind payees; one that is bound already stays as it is. All of them or none.

    Raises:
        PayeesInvalid: none or too many are named.
        SplitPayeeUnknown, SplitPayeeNameDiffers: one of them is not who can be paid.
        SplitPayeeIsPayer: one of them is the merchant or its owner.

    Locks: the merchant.
    """
    rules.check_payees(len(payees))
    merchant = onboarding.merchant_for_update(merchant_uuid)
    bound = []
    for named in payees:
        found = queries.payee(named)
        rules.check_other(
            merchant=(merchant.id, merchant.owner_id),
            payee=(found.merchant_uuid, found.owner_id),
            field="account",
        )
        rules.check_name(named.name, found.legal_name)
        relation, _ = SplitRelation.objects.get_or_create(
            merchant=merchant,
            payee_number=found.number,
            unbound_at=None,
            defaults={
                "named_by": named.named_by,
                "account": named.account,
                "name": named.name,
                "memo": named.memo,
                "bound_at": clock.now(),
            },
        )
        bound.append(relation)
    return bound


@transactions.atomic_retry
def unbind_payees(*, merchant_uuid: uuid.UUID, payees: Sequence[Named]) -> int:
    """End relations; one that is not there ends nothing. Returns how many ended.

    Raises:
        PayeesInvalid: none or too many are named.
        SplitPayeeUnknown: one of them is nobody.

    Locks: the merchant.
    """
    rules.check_payees(len(payees))
    onboarding.merchant_for_update(merchant_uuid)
    numbers = [queries.payee(named).number for named in payees]
    rows = queries.relations(merchant_uuid).filter(payee_number__in=numbers)
    return rows.update(unbound_at=clock.now())
