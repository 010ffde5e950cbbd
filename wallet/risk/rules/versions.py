"""The bundled rule sets, as data. A set in force is never edited: a change is a new version.

`when` is CEL; amounts are in fen. INLINE rules run before the money moves, AFTER rules in a
worker. Without `movements` a rule judges payments: by code, by scan, by agreement.

The burst rules count codes of one device. A code fetched online by a live session
(type 0) proves its session each time and is not counted.
"""

from collections.abc import Mapping
from typing import Any

EVERY_WAY = ("CODE", "SCAN", "DEBIT", "TRANSFER", "WITHDRAWAL", "MERCHANT_TRANSFER")
TO_OTHERS = ("CODE", "SCAN", "DEBIT", "TRANSFER")

_FIRST: tuple[Mapping[str, Any], ...] = (
    {
        "name": "burst_to_payee",
        "stage": "INLINE",
        "movements": ("CODE",),
        "when": "device_to_payee_60s >= 5 && !pin_given",
        "decision": "CHALLENGE",
        "weight": 60,
        "opens_case": True,
        "sentence": "Many payments to this payee within a minute.",
    },
    {
        "name": "burst_of_device",
        "stage": "INLINE",
        "movements": ("CODE",),
        "when": "device_payments_60s >= 20 && !pin_given",
        "decision": "CHALLENGE",
        "weight": 50,
        "opens_case": True,
        "sentence": "Many payments from this device within a minute.",
    },
    {
        "name": "large_for_payer",
        "stage": "INLINE",
        "when": "amount_minor >= 50000 && payer_payments >= 5 && amount_to_own_mean >= 10.0",
        "decision": "REVIEW",
        "weight": 30,
        "sentence": "Much larger than your usual payments.",
    },
    {
        "name": "large_on_new_device",
        "stage": "INLINE",
        "movements": ("CODE", "SCAN"),
        "when": "amount_minor >= 50000 && device_known && device_age_h < 24.0",
        "decision": "REVIEW",
        "weight": 25,
        "sentence": "A large payment from a device that is new to us.",
    },
    {
        "name": "large_without_device",
        "stage": "INLINE",
        "when": "amount_minor >= 50000 && !device_known",
        "decision": "REVIEW",
        "weight": 20,
        "sentence": "A large payment from a device we do not know.",
    },
    {
        "name": "large_to_young_payee",
        "stage": "INLINE",
        "when": "amount_minor >= 50000 && payee_age_d < 7",
        "decision": "REVIEW",
        "weight": 20,
        "sentence": "A large payment to a payee that has just opened.",
    },
    {
        "name": "emptied_by_new_device",
        "stage": "INLINE",
        "movements": ("CODE", "SCAN"),
        "when": "amount_minor >= 2000000 && payer_payments >= 3"
        " && amount_to_own_largest >= 20.0 && device_known && device_age_h < 1.0",
        "decision": "REJECT",
        "weight": 90,
        "opens_case": True,
        "sentence": "A very large payment from a device registered within the hour.",
    },
    {
        "name": "fan_out",
        "stage": "AFTER",
        "when": "payer_payees_1h >= 12",
        "decision": "REVIEW",
        "weight": 40,
        "opens_case": True,
        "sentence": "Many different payees within an hour.",
    },
    {
        "name": "busy_payer",
        "stage": "AFTER",
        "when": "payer_payments_1h >= 60",
        "decision": "ACCEPT",
        "weight": 25,
        "sentence": "Many payments within an hour.",
    },
    {
        "name": "shared_device",
        "stage": "AFTER",
        "movements": ("CODE", "SCAN"),
        "when": "device_payers_30d >= 3",
        "decision": "REVIEW",
        "weight": 45,
        "opens_case": True,
        "sentence": "Several people pay with this device.",
    },
    {
        "name": "large_first_time",
        "stage": "AFTER",
        "when": "first_to_payee && amount_minor >= 200000",
        "decision": "ACCEPT",
        "weight": 30,
        "sentence": "A large first payment to this payee.",
    },
    {
        "name": "large_by_night",
        "stage": "AFTER",
        "when": "local_hour < 5 && amount_minor >= 100000",
        "decision": "ACCEPT",
        "weight": 30,
        "sentence": "A large payment in the middle of the night.",
    },
)
_SECOND: tuple[Mapping[str, Any], ...] = (
    {
        "name": "payer_blocked",
        "stage": "INLINE",
        "movements": EVERY_WAY,
        "when": 'payer_list == "block"',
        "decision": "REJECT",
        "weight": 100,
        "opens_case": True,
        "sentence": "Payments out of this account are stopped; ask our support.",
    },
    {
        "name": "payee_blocked",
        "stage": "INLINE",
        "movements": EVERY_WAY,
        "when": 'payee_list == "block"',
        "decision": "REJECT",
        "weight": 100,
        "opens_case": True,
        "sentence": "This payee cannot be paid at present.",
    },
    {
        "name": "device_blocked",
        "stage": "INLINE",
        "movements": ("CODE", "SCAN"),
        "when": 'device_list == "block"',
        "decision": "REJECT",
        "weight": 100,
        "opens_case": True,
        "sentence": "This device cannot pay; use another one of yours.",
    },
    {
        "name": "watched",
        "stage": "AFTER",
        "movements": EVERY_WAY,
        "when": 'payer_list == "watch" || payee_list == "watch"',
        "decision": "REVIEW",
        "weight": 20,
        "opens_case": True,
        "sentence": "A payment that we look at more closely.",
    },
    {
        "name": "large_first_transfer",
        "stage": "INLINE",
        "movements": ("TRANSFER",),
        "when": "amount_minor >= 2000000 && first_to_payee && payer_senders_24h >= 5"
        ' && payee_list != "allow"',
        "decision": "DELAY",
        "weight": 40,
        "opens_case": True,
        "sentence": "A large first transfer to somebody new: it can be made after a pause.",
    },
    {
        "name": "passed_on",
        "stage": "INLINE",
        "movements": ("WITHDRAWAL",),
        "when": "payer_senders_24h >= 8 && amount_minor >= 500000",
        "decision": "REVIEW",
        "weight": 50,
        "opens_case": True,
        "sentence": "Money from many people goes straight on; we look at it first.",
    },
    {
        "name": "many_transfers",
        "stage": "INLINE",
        "movements": ("TRANSFER", "MERCHANT_TRANSFER"),
        "when": "payer_payees_1h >= 200",
        "decision": "DELAY",
        "weight": 30,
        "opens_case": True,
        "is_limit": True,
        "sentence": "Transfers to very many people within an hour.",
    },
    {
        "name": "model_alert",
        "stage": "AFTER",
        "movements": TO_OTHERS,
        "when": 'model_score >= 0.9 && payee_list != "allow"',
        "decision": "REVIEW",
        "weight": 60,
        "opens_case": True,
        "holds_payout": True,
        "sentence": "This payment looks unusual.",
    },
)
NEWEST = "2026-02"
RULE_SETS: Mapping[str, Mapping[str, Any]] = {
    "2026-01": {"review_score": 60, "rules": _FIRST},
    "2026-02": {"review_score": 60, "rules": (*_FIRST, *_SECOND)},
    # For load measurements, where one payer pays a thousand times a minute on purpose.
    "measure": {"review_score": 100, "rules": ()},
}
