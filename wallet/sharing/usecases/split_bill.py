"""Split a bill among people."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from wallet.accounts import queries as accounts
from wallet.accounts.rules import normalise_phone
from wallet.accounts.usecases.look_up_phone import look_up_phone
from wallet.accounts.usecases.remind import Finding, plan_reminder
from wallet.accounts.values import CURRENCY
from wallet.money import format_amount
from wallet.payments.usecases.transfer_money import transfer_money
from wallet.sharing import queries, rules
from wallet.sharing.models import SplitBill, SplitShare
from wallet.sharing.values import SplitState

KIND = "split"


def split_bill(
    *, requester_id: uuid.UUID, key: str, total_minor: int, phones: Sequence[str], title: str = ""
) -> tuple[SplitBill, bool]:
    """Ask others for their equal shares of what the requester has paid; one split for a key.

    Returns the split, and whether the key had made it before.
    What does not divide is the requester's: 100.00 among three is 33.34 and twice 33.33.
    Call it outside a transaction: phones that are nobody's are counted.

    Raises:
        SharesInvalid: nobody or too many are named, somebody twice, or less than a fen each.
        SharingConflict: the key was used for other content.
        PhoneInvalid, UserUnknown: a phone number is nobody's.
        TooManyLookUps: twenty numbers that led to nobody within an hour.
    """
    earlier = SplitBill.objects.filter(requester_id=requester_id, key=key).first()
    if earlier is not None:
        return _again(earlier, total_minor, phones, title)
    parts = rules.equal_shares(total_minor, len(phones) + 1)
    others = [look_up_phone(phone, asked_by=requester_id).id for phone in phones]
    people = [requester_id, *others]
    if not others or len(set(people)) < len(people):
        raise rules.SharesInvalid(field="phones")
    split = SplitBill(requester_id=requester_id, key=key, total_minor=total_minor, title=title)
    try:
        return _keep(split, dict(zip(people, parts, strict=True))), False
    except IntegrityError:
        earlier = SplitBill.objects.get(requester_id=requester_id, key=key)
        return _again(earlier, total_minor, phones, title)


@transactions.atomic_retry
def _keep(split: SplitBill, parts: Mapping[uuid.UUID, int]) -> SplitBill:
    with transaction.atomic():
        split.save(force_insert=True)
    for user_id, part_minor in parts.items():
        paid_at = clock.now() if user_id == split.requester_id else None
        SplitShare.objects.create(
            split=split, user_id=user_id, amount_minor=part_minor, paid_at=paid_at
        )
    plan_reminder(KIND, split.id, due_at=split.created_at + rules.REMIND_AFTER)
    return split


def _again(
    split: SplitBill, total_minor: int, phones: Sequence[str], title: str
) -> tuple[SplitBill, bool]:
    """Answer a repeated key: the first split, if it is the same one.

    People are known by the numbers they had then; they may have left since.
    """
    others = split.shares.exclude(user_id=split.requester_id).values_list("user_id", flat=True)
    phones_then = {accounts.user(user_id).phone for user_id in others}
    same_people = phones_then == {normalise_phone(phone) for phone in phones}
    if not same_people or (split.total_minor, split.title) != (total_minor, title):
        raise rules.SharingConflict(field="key")
    return split, True


def pay_share(*, split_id: uuid.UUID, user_id: uuid.UUID, pin: str) -> SplitBill:
    """Pay one's share by a transfer to the requester; again pays nothing.

    A transfer that is delayed has not paid it yet, and one that came to nothing is made anew.
    Call it outside a transaction: PIN strikes must survive a refusal.

    Raises:
        SharingUnknown: the caller has no share.
        SplitClosed: it is not asked for any more.
        and what `transfer_money` refuses.

    Locks: as `transfer_money`, then the split.
    """
    share = queries.share_of(split_id, user_id=user_id)
    if share.paid_at is None:
        if share.split.state == SplitState.CLOSED:
            raise rules.SplitClosed(field="split_id")
        transfer_money(
            key=queries.transfer_key(split_id, user_id=user_id),
            payer_id=user_id,
            payee_phone=accounts.user(share.split.requester_id).phone,
            amount_minor=share.amount_minor,
            pin=pin,
            note=share.split.title,
        )
    return see_split(split_id=split_id, user_id=user_id)


@transactions.atomic_retry
def see_split(*, split_id: uuid.UUID, user_id: uuid.UUID) -> SplitBill:
    """A split as it stands, with what has arrived meanwhile: no event wakes it, who looks does.

    Raises:
        SharingUnknown: the caller has no share.

    Locks: the split, where something has arrived.
    """
    split = queries.split_of(split_id, user_id=user_id)
    if not queries.arrived(split):
        return split
    split = SplitBill.objects.select_for_update().get(id=split_id)
    split.shares.filter(user_id__in=queries.arrived(split)).update(paid_at=clock.now())
    if not split.shares.filter(paid_at__isnull=True).exists():
        split.state = SplitState.SETTLED
    elif split.state != SplitState.CLOSED:
        split.state = SplitState.PART_PAID
    split.save(update_fields=["state"])
    return split


@transactions.atomic_retry
def close_split(*, split_id: uuid.UUID, requester_id: uuid.UUID) -> SplitBill:
    """Ask nobody for a share any more; again changes nothing. A share that is on its way arrives.

    Raises:
        SharingUnknown: the caller has no share.
        SplitClosed: all have paid, or somebody else asked for the shares.

    Locks: the split.
    """
    queries.share_of(split_id, user_id=requester_id)
    split = SplitBill.objects.select_for_update().get(id=split_id)
    if split.requester_id != requester_id or split.state == SplitState.SETTLED:
        raise rules.SplitClosed(field="split_id")
    split.state = SplitState.CLOSED
    split.save(update_fields=["state"])
    return split


def look_at_split(split_id: uuid.UUID, _at: datetime) -> Finding:
    """What those are told who have not sent their share; nobody of a split that is closed."""
    split = SplitBill.objects.get(id=split_id)
    if split.state == SplitState.CLOSED:
        return {}
    requester, title = accounts.user(split.requester_id).name, split.title
    return {
        user_id: f"{title or 'A bill'}: your share of {format_amount(amount_minor, CURRENCY)}"
        f" {CURRENCY} waits; {requester} has paid it for you."
        for user_id, amount_minor in queries.owing(split).items()
    }
