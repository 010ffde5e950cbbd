"""Sliding windows over past movements: from Redis by one script, or from the database.

Redis holds 30 days of movements by payer, payee and device, at most KEPT of each; a worker
feeds it. Where Redis does not answer, or has been emptied, the stored decisions are counted
instead: slower, and never wrong. `wallet.risk.rules.history` defines the figures.
"""

import logging
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import connection, transaction

from wallet.risk.models import PayeeRefund, RiskDecision
from wallet.risk.rules.history import (
    DAY,
    HOUR,
    MEAN_OF,
    MINUTE,
    MONTH,
    SMALL_MINOR,
    TEN_MINUTES,
    WEEK,
    History,
    Move,
)
from wallet.risk.values import Stage, Subject, Value

log = logging.getLogger(__name__)
KEPT = 400
PREFIX = "saoma:risk"
EPOCH = f"{PREFIX}:epoch"
# A payer waits for the one, nobody but a worker for the other.
TIMEOUT_S = 0.05
WORKERS_TIMEOUT_S = 2.0
AT_ONCE = 50
ANSWERS_KEPT = 1_000
REBUILT_MAXIMUM = 200_000

# KEYS: epoch, out of payer, into payee, into payer, payers of device, refunds of payee,
# first payment of payee. ARGV: now (ms), movement, payer, payee, amount, device or "".
_COUNT = f"""
if redis.call('EXISTS', KEYS[1]) == 0 then return false end
local now, own, payer, payee = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local function each(key, age, see)
  local rows = redis.call('ZRANGEBYSCORE', key, '(' .. (now - age), now, 'WITHSCORES')
  for i = 1, #rows, 2 do
    local other, amount, id = string.match(rows[i], '^([^|]*)|([^|]*)|(.*)$')
    if id ~= own then see(tonumber(rows[i + 1]), other, tonumber(amount)) end
  end
end
local sent, hour, sum, all, pair, pair_week = 0, 0, 0, 0, 0, 0
local payees, payees_n = {{}}, 0
each(KEYS[2], {int(MONTH.total_seconds()) * 1000}, function(at, other, amount)
  sent, all = sent + 1, all + amount
  if at > now - {int(DAY.total_seconds()) * 1000} then sum = sum + amount end
  if at > now - {int(HOUR.total_seconds()) * 1000} then
    hour = hour + 1
    if not payees[other] then payees[other], payees_n = true, payees_n + 1 end
  end
  if other == payee then
    pair = pair + 1
    if at > now - {int(WEEK.total_seconds()) * 1000} then pair_week = pair_week + 1 end
  end
end)
local week, minute, small, day_n, hour_n = 0, 0, 0, 0, 0
local day_payers, hour_payers = {{}}, {{}}
each(KEYS[3], {int(WEEK.total_seconds()) * 1000}, function(at, other, amount)
  week = week + 1
  if at > now - {int(DAY.total_seconds()) * 1000} and not day_payers[other] then
    day_payers[other], day_n = true, day_n + 1
  end
  if at > now - {int(HOUR.total_seconds()) * 1000} and not hour_payers[other] then
    hour_payers[other], hour_n = true, hour_n + 1
  end
  if at > now - {int(MINUTE.total_seconds()) * 1000} then minute = minute + 1 end
  if at > now - {int(TEN_MINUTES.total_seconds()) * 1000} and amount <= {SMALL_MINOR} then
    small = small + 1
  end
end)
local received, senders, senders_n = 0, {{}}, 0
each(KEYS[4], {int(DAY.total_seconds()) * 1000}, function(at, other, amount)
  received = received + 1
  if not senders[other] then senders[other], senders_n = true, senders_n + 1 end
end)
local on_device, is_new = -1, -1
if ARGV[6] ~= '' then
  local since = '(' .. (now - {int(MONTH.total_seconds()) * 1000})
  on_device = redis.call('ZCOUNT', KEYS[5], since, now)
  local seen = redis.call('ZSCORE', KEYS[5], payer)
  is_new = (not seen or tonumber(seen) <= now - {int(MONTH.total_seconds()) * 1000}) and 1 or 0
  on_device = on_device + is_new
end
local since_week = '(' .. (now - {int(WEEK.total_seconds()) * 1000})
local refunds = redis.call('ZCOUNT', KEYS[6], since_week, now)
local first = redis.call('GET', KEYS[7])
return {{hour, payees_n, tostring(sum), received, senders_n, minute, small, hour_n, day_n, refunds,
        week, pair_week, pair, sent, tostring(all), on_device, is_new, first or ''}}
"""
_ADD = f"""
local now, life = tonumber(ARGV[1]), {int(MONTH.total_seconds()) * 1000}
local function put(key, score, member)
  redis.call('ZADD', key, score, member)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now - life)
  redis.call('ZREMRANGEBYRANK', key, 0, -{KEPT + 1})
  redis.call('PEXPIRE', key, life)
end
put(KEYS[1], now, ARGV[4] .. '|' .. ARGV[5] .. '|' .. ARGV[2])
put(KEYS[2], now, ARGV[3] .. '|' .. ARGV[5] .. '|' .. ARGV[2])
if ARGV[6] ~= '' then put(KEYS[3], now, ARGV[3]) end
redis.call('SET', KEYS[4], now, 'NX', 'PX', life)
redis.call('PEXPIRE', KEYS[4], life)
return 1
"""


# What Redis said of the movements that this process has counted last.
_answers: dict[uuid.UUID, dict[str, Value]] = {}


@cache
def _client(url: str, timeout_s: float = TIMEOUT_S) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s)


@cache
def _script(url: str, text: str) -> Any:
    return _client(url).register_script(text)


def read_windows(subject: Subject, *, at: datetime) -> dict[str, Value]:
    """What the windows hold at a movement, itself left out."""
    if settings.REDIS_URL:
        try:
            windows = _from_redis(subject, at)
        except redis.RedisError as error:
            log.warning("risk counters from the database, Redis says: %s", error)
        else:
            if windows is not None:
                return windows
    # Inside the caller's transaction a failure must leave the rest of it usable.
    with transaction.atomic() if connection.in_atomic_block else nullcontext():
        return from_database(subject, at=at)


def read_and_count(moves: Sequence[tuple[Subject, datetime]]) -> list[dict[str, Value]] | None:
    """Read the windows at each of some movements and feed it to Redis, in this order.

    Each sees those before it. All is one round to Redis or a few. None where Redis is away,
    not in use or emptied: then the database is asked, by one movement after the other. A
    movement that is read again, because its transaction was rolled back, is answered as at
    first.
    """
    if not settings.REDIS_URL:
        return None
    if len(_answers) > ANSWERS_KEPT:
        _answers.clear()
    try:
        for start in range(0, len(moves), AT_ONCE):
            if not _read_and_count(moves[start : start + AT_ONCE]):
                return None
    except redis.RedisError as error:
        log.warning("risk counters from the database, Redis says: %s", error)
        return None
    return [_answers[subject.payment_id] for subject, _ in moves]


def _read_and_count(moves: Sequence[tuple[Subject, datetime]]) -> bool:
    url = settings.REDIS_URL
    new_moves = [move for move in moves if move[0].payment_id not in _answers]
    pipe = _client(url, WORKERS_TIMEOUT_S).pipeline(transaction=False)
    for subject, at in new_moves:
        arguments = _arguments(subject, at)
        _script(url, _COUNT)(keys=_keys_read(subject), args=arguments, client=pipe)
        _script(url, _ADD)(keys=_keys_fed(subject), args=arguments, client=pipe)
    answers = pipe.execute()[::2] if new_moves else []
    if None in answers:
        return False
    for (subject, at), answer in zip(new_moves, answers, strict=True):
        _answers[subject.payment_id] = _named(answer, subject, at)
    return True


def count_movement(subject: Subject, *, at: datetime) -> None:
    """Feed Redis a movement that has happened; again changes nothing. Redis may be away."""
    if not settings.REDIS_URL:
        return
    try:
        if not _client(settings.REDIS_URL).exists(EPOCH):
            rebuild(at)
        _add(subject, at)
    except redis.RedisError as error:
        log.warning("risk counters not fed: %s", error)


def count_refund(*, refund_id: uuid.UUID, payee_id: uuid.UUID, at: datetime) -> None:
    """Feed Redis a refund of a payee; again changes nothing."""
    if not settings.REDIS_URL:
        return
    key, now = f"{PREFIX}:r:{payee_id}", _ms(at)
    try:
        with _client(settings.REDIS_URL).pipeline() as pipe:
            pipe.zadd(key, {str(refund_id): now})
            pipe.zremrangebyscore(key, "-inf", now - _age(WEEK))
            pipe.pexpire(key, _age(WEEK))
            pipe.execute()
    except redis.RedisError as error:
        log.warning("risk counters not fed: %s", error)


def rebuild(at: datetime) -> int:
    """Fill an emptied Redis from the stored decisions; returns how many movements."""
    url = settings.REDIS_URL
    if not _client(url).set(f"{EPOCH}:lock", "1", nx=True, ex=60):
        return 0
    movements = 0
    for decision in _stored(at).iterator(chunk_size=2000):
        _add(_subject_of(decision), decision.decided_at)
        movements += 1
    for refund in PayeeRefund.objects.filter(at__gt=at - WEEK).iterator(chunk_size=2000):
        count_refund(refund_id=refund.refund_id, payee_id=refund.payee_id, at=refund.at)
    _client(url).set(EPOCH, at.isoformat())
    return movements


def from_database(subject: Subject, *, at: datetime) -> dict[str, Value]:
    """The same figures from the stored decisions."""
    history = History()
    rows = RiskDecision.objects.filter(
        stage=Stage.AFTER, decided_at__gt=at - MONTH, decided_at__lte=at
    ).exclude(payment_id=subject.payment_id)
    parts = [
        rows.filter(payer_id=subject.payer_id),
        rows.filter(payee_id=subject.payee_id),
        rows.filter(payee_id=subject.payer_id),
    ]
    if subject.device_id is not None:
        parts.append(rows.filter(device_id=subject.device_id))
    names = ("id", "decided_at", "payer_id", "payee_id", "device_id", "amount_minor")
    seen = {row[0]: row for part in parts for row in part.values_list(*names)[:KEPT]}
    for row in sorted(seen.values(), key=lambda row: (row[1], row[0])):
        history.add(Move(*row[1:]))
    refunds = PayeeRefund.objects.filter(payee_id=subject.payee_id, at__gt=at - WEEK, at__lte=at)
    for refund_at in refunds.order_by("at").values_list("at", flat=True):
        history.add_refund(subject.payee_id, at=refund_at)
    return history.features(move_of(subject, at=at))


def move_of(subject: Subject, *, at: datetime) -> Move:
    """A movement as the windows see it."""
    return Move(at, subject.payer_id, subject.payee_id, subject.device_id, subject.amount_minor)


def _stored(at: datetime) -> Any:
    rows = RiskDecision.objects.filter(stage=Stage.AFTER, decided_at__gt=at - MONTH)
    return rows.order_by("decided_at")[:REBUILT_MAXIMUM]


def _subject_of(decision: RiskDecision) -> Subject:
    return Subject(
        payment_id=decision.payment_id,
        payer_id=decision.payer_id,
        payee_id=decision.payee_id,
        device_id=decision.device_id,
        amount_minor=decision.amount_minor,
        currency=decision.currency,
    )


def _from_redis(subject: Subject, at: datetime) -> dict[str, Value] | None:
    script = _script(settings.REDIS_URL, _COUNT)
    answer = script(keys=_keys_read(subject), args=_arguments(subject, at))
    return None if answer is None else _named(answer, subject, at)


def _keys_read(subject: Subject) -> list[str]:
    return [
        EPOCH,
        f"{PREFIX}:o:{subject.payer_id}",
        f"{PREFIX}:i:{subject.payee_id}",
        f"{PREFIX}:i:{subject.payer_id}",
        f"{PREFIX}:d:{subject.device_id}",
        f"{PREFIX}:r:{subject.payee_id}",
        f"{PREFIX}:f:{subject.payee_id}",
    ]


def _named(answer: Sequence[Any], subject: Subject, at: datetime) -> dict[str, Value]:
    (hour, payees, day_sum, received, senders, minute, small, hour_payers, day_payers,
     refunds, week, pair_week, pair, sent, total, on_device, is_new, first) = answer  # fmt: skip
    count, mean = int(sent), float(total) / int(sent) if int(sent) else 0.0
    first_ms = float(first) if first else None
    return {
        "payer_payments_1h": hour,
        "payer_payees_1h": payees,
        "payer_sum_24h_minor": int(float(day_sum)),
        "payer_received_24h": received,
        "payer_senders_24h": senders,
        "payee_payments_60s": minute,
        "payee_small_10m": small,
        "payee_payers_1h": hour_payers,
        "payee_payers_24h": day_payers,
        "payee_refunds_7d": refunds,
        "payee_refund_share_7d": refunds / week if week else 0.0,
        "pair_payments_7d": pair_week,
        "first_to_payee": pair == 0,
        "payee_seen_d": (
            min((_ms(at) - first_ms) / _age(DAY), 30.0) if first_ms is not None else 0.0
        ),
        "amount_to_mean_30d": subject.amount_minor / mean if mean and count >= MEAN_OF else None,
        "device_payers_30d": on_device if subject.device_id else None,
        "device_new_to_payer": is_new == 1 if subject.device_id else None,
    }


def _add(subject: Subject, at: datetime) -> None:
    script = _script(settings.REDIS_URL, _ADD)
    script(keys=_keys_fed(subject), args=_arguments(subject, at))


def _keys_fed(subject: Subject) -> list[str]:
    return [
        f"{PREFIX}:o:{subject.payer_id}",
        f"{PREFIX}:i:{subject.payee_id}",
        f"{PREFIX}:d:{subject.device_id}",
        f"{PREFIX}:f:{subject.payee_id}",
    ]


def _arguments(subject: Subject, at: datetime) -> list[Any]:
    return [
        _ms(at),
        str(subject.payment_id),
        str(subject.payer_id),
        str(subject.payee_id),
        subject.amount_minor,
        str(subject.device_id or ""),
    ]


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _age(window: Any) -> int:
    return int(window.total_seconds()) * 1000
