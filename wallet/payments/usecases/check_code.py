"""Check that a scanned code may be spent, and keep count of those that may not."""

import uuid
from datetime import datetime

from config.kernel import transactions
from config.kernel.errors import SaomaError, required
from config.kernel.limits.ceilings import ceiling
from config.kernel.limits.rules import judge
from config.kernel.outbox import writes as outbox
from wallet.accounts import queries as accounts
from wallet.accounts.rules import KycLimit, KycRequired
from wallet.ledger.rules import AccountClosed, AccountFrozen, InsufficientFunds
from wallet.payments import rules
from wallet.payments.models import BadCodeCount, PaymentCode
from wallet.payments.queries.payment_context import PaymentContext
from wallet.payments.values import CodeFreshness, CodeState
from wallet.qr import paycode
from wallet.qr.paycode import CodeKind, ParsedCode
from wallet.risk.rules import PaymentDeclined, PaymentDelayed

# What a payment by code may be refused for once the code is spent on it.
REFUSALS: dict[str, type[SaomaError]] = {
    error.code: error
    for error in (
        InsufficientFunds,
        AccountFrozen,
        AccountClosed,
        KycLimit,
        KycRequired,
        rules.PayeeIsPayer,
        PaymentDeclined,
        PaymentDelayed,
    )
}


class BadCode(Exception):
    """The code is none, or not right any more."""

    def __init__(self, *, strike: bool = False) -> None:
        self.strike = strike


def check_code(
    *,
    parsed: ParsedCode | None,
    facts: PaymentContext,
    payee_id: uuid.UUID,
    reference: str,
    at: datetime,
) -> None:
    """Check that the code is live, unspent and right; strikes and bad codes are counted.

    Must not run inside the caller's transaction: a strike has to survive the refusal.

    Args:
        parsed: the code taken apart, None where its digits are no code.
        facts: what the look-up found.
        payee_id: who presents it.
        reference: for which order.
        at: now.

    Raises:
        PayeeCoolingDown: the payee has sent ten bad codes within a minute.
        CodeInvalid: unknown, burned, revoked or wrong: one answer for all.
        CodeExpired: right for one of the last ten steps, or a type 0 code just run out.
        CodeUsed: spent on another order.
        one of REFUSALS: spent on this very order, and refused then.
    """
    try:
        judge_code(parsed=parsed, facts=facts, payee_id=payee_id, reference=reference, at=at)
    except BadCode as bad:
        if bad.strike and facts.code_id is not None:
            strike_code(code_id=facts.code_id)
        count_bad_code(payee_id=payee_id, at=at)
        raise rules.CodeInvalid(field="code") from None


def judge_code(
    *,
    parsed: ParsedCode | None,
    facts: PaymentContext,
    payee_id: uuid.UUID,
    reference: str,
    at: datetime,
) -> None:
    """Judge a code as `check_code` does, and write nothing."""
    if facts.refusal and (facts.claim_payee_id, facts.claim_reference) == (payee_id, reference):
        raise REFUSALS[facts.refusal]()
    _check_not_cooling(facts, at)
    if parsed is None or facts.code_id is None:
        raise BadCode
    freshness = code_freshness(parsed, facts, at)
    wrong = freshness is CodeFreshness.WRONG
    dead = facts.code_state == CodeState.BURNED or facts.device_revoked_at is not None
    if wrong or dead:
        raise BadCode(strike=wrong and parsed.kind is CodeKind.OFFLINE)
    if facts.code_state == CodeState.CLAIMED:
        raise rules.CodeUsed(field="code")
    if freshness is CodeFreshness.EXPIRED:
        raise rules.CodeExpired(field="code")


def code_freshness(parsed: ParsedCode, facts: PaymentContext, at: datetime) -> CodeFreshness:
    """Say whether a known code is right now, was right a moment ago, or is wrong."""
    expires_at = required(facts.code_expires_at, "a known code has an end")
    now_s = at.timestamp()
    if parsed.kind is CodeKind.RANDOM:
        late_s = now_s - expires_at.timestamp()
        if late_s < 0:
            return CodeFreshness.RIGHT
        remembered_s = paycode.EXPIRED_STEPS * paycode.STEP_S
        return CodeFreshness.EXPIRED if late_s < remembered_s else CodeFreshness.WRONG
    key = accounts.device_key(
        required(facts.device_id, "an alias is lent to a device"),
        required(facts.key_version, "a device has a key"),
    )
    steps = paycode.current_steps(now_s)
    if paycode.matching_step(key, parsed.token, parsed.otp, steps) is not None:
        return CodeFreshness.RIGHT if at < expires_at else CodeFreshness.EXPIRED
    steps = tuple(paycode.expired_steps(now_s))
    if paycode.matching_step(key, parsed.token, parsed.otp, steps) is not None:
        return CodeFreshness.EXPIRED
    return CodeFreshness.WRONG


@transactions.atomic_retry
def strike_code(*, code_id: uuid.UUID) -> None:
    """Count a wrong password on a live alias; the third burns it and its owner is told.

    Locks: the code.
    """
    live = PaymentCode.objects.select_for_update().filter(id=code_id, state=CodeState.ISSUED)
    code = live.first()
    if code is None:
        return
    code.strikes += 1
    if code.strikes >= rules.CODE_STRIKES:
        code.state = CodeState.BURNED
        outbox.add(
            topic="code.burned",
            aggregate_id=code.id,
            payload={"code_id": str(code.id), "user_id": str(code.user_id)},
        )
    code.save(update_fields=["strikes", "state"])


@transactions.atomic_retry
def count_bad_code(*, payee_id: uuid.UUID, at: datetime) -> None:
    """Count a bad code against the payee; a minute after the first one the count starts anew.

    Raises:
        PayeeCoolingDown: others in this very moment have used the minute up.

    Locks: the payee's count.
    """
    BadCodeCount.objects.get_or_create(payee_id=payee_id, defaults={"since": at})
    row = BadCodeCount.objects.select_for_update().get(payee_id=payee_id)
    if at - row.since >= rules.COOL_DOWN:
        row.since, row.count = at, 0
    judge(
        rules.BAD_CODES,
        used=row.count,
        amount=1,
        ceiling=ceiling(rules.BAD_CODES),
        retry_after_s=_seconds_left(row.since, at),
    )
    row.count += 1
    row.save(update_fields=["since", "count"])


def spend_code(
    *, code_id: uuid.UUID, payee_id: uuid.UUID, reference: str, refusal: str, at: datetime
) -> bool:
    """Claim a code for an order, once; returns False where it was not free any more.

    Args:
        code_id: the code.
        payee_id: for whose order.
        reference: the order number.
        refusal: code of the refusal it ended in, "" for a payment.
        at: now.
    """
    free = PaymentCode.objects.filter(id=code_id, state=CodeState.ISSUED)
    claimed = free.update(
        state=CodeState.CLAIMED,
        claimed_at=at,
        claim_payee_id=payee_id,
        claim_reference=reference,
        refusal=refusal,
    )
    return claimed == 1


def _check_not_cooling(facts: PaymentContext, at: datetime) -> None:
    if facts.bad_since is None or (facts.bad_count or 0) < rules.COOL_DOWN_TRIES:
        return
    if at < facts.bad_since + rules.COOL_DOWN:
        raise rules.PayeeCoolingDown(retry_after_s=_seconds_left(facts.bad_since, at))


def _seconds_left(since: datetime, at: datetime) -> int:
    return max(1, round((since + rules.COOL_DOWN - at).total_seconds()))
