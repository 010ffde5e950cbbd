"""The rule sets, as data. A set in force is never edited: a change is a new version.

Each condition is (feature, operator, value); amounts are in fen. INLINE rules run
before the money moves and read only what the payment's one look-up brought. AFTER
rules run in a worker on stored history.

The burst rules count codes of one device. A code fetched online by a live session
(type 0) proves its session each time and is not counted.
"""

from collections.abc import Mapping
from typing import Any

RULE_SETS: Mapping[str, Mapping[str, Any]] = {
    "2026-01": {
        "review_score": 60,
        "rules": (
            {
                "name": "burst_to_payee",
                "stage": "INLINE",
                "when": (("device_to_payee_60s", "at_least", 5), ("pin_given", "is", False)),
                "decision": "CHALLENGE",
                "weight": 60,
                "opens_case": True,
                "sentence": "Many payments to this payee within a minute.",
            },
            {
                "name": "burst_of_device",
                "stage": "INLINE",
                "when": (("device_payments_60s", "at_least", 20), ("pin_given", "is", False)),
                "decision": "CHALLENGE",
                "weight": 50,
                "opens_case": True,
                "sentence": "Many payments from this device within a minute.",
            },
            {
                "name": "large_for_payer",
                "stage": "INLINE",
                "when": (
                    ("amount_minor", "at_least", 500_00),
                    ("payer_payments", "at_least", 5),
                    ("amount_to_own_mean", "at_least", 10),
                ),
                "decision": "REVIEW",
                "weight": 30,
                "sentence": "Much larger than your usual payments.",
            },
            {
                "name": "large_on_new_device",
                "stage": "INLINE",
                "when": (
                    ("amount_minor", "at_least", 500_00),
                    ("device_known", "is", True),
                    ("device_age_h", "less_than", 24),
                ),
                "decision": "REVIEW",
                "weight": 25,
                "sentence": "A large payment from a device that is new to us.",
            },
            {
                "name": "large_without_device",
                "stage": "INLINE",
                "when": (("amount_minor", "at_least", 500_00), ("device_known", "is", False)),
                "decision": "REVIEW",
                "weight": 20,
                "sentence": "A large payment from a device we do not know.",
            },
            {
                "name": "large_to_young_payee",
                "stage": "INLINE",
                "when": (("amount_minor", "at_least", 500_00), ("payee_age_d", "less_than", 7)),
                "decision": "REVIEW",
                "weight": 20,
                "sentence": "A large payment to a payee that has just opened.",
            },
            {
                "name": "emptied_by_new_device",
                "stage": "INLINE",
                "when": (
                    ("amount_minor", "at_least", 20_000_00),
                    ("payer_payments", "at_least", 3),
                    ("amount_to_own_largest", "at_least", 20),
                    ("device_known", "is", True),
                    ("device_age_h", "less_than", 1),
                ),
                "decision": "DECLINE",
                "weight": 90,
                "opens_case": True,
                "sentence": "A very large payment from a device registered within the hour.",
            },
            {
                "name": "fan_out",
                "stage": "AFTER",
                "when": (("payer_payees_1h", "at_least", 12),),
                "decision": "REVIEW",
                "weight": 40,
                "opens_case": True,
                "sentence": "Many different payees within an hour.",
            },
            {
                "name": "busy_payer",
                "stage": "AFTER",
                "when": (("payer_payments_1h", "at_least", 60),),
                "decision": "APPROVE",
                "weight": 25,
                "sentence": "Many payments within an hour.",
            },
            {
                "name": "shared_device",
                "stage": "AFTER",
                "when": (("device_payers_30d", "at_least", 3),),
                "decision": "REVIEW",
                "weight": 45,
                "opens_case": True,
                "sentence": "Several people pay with this device.",
            },
            {
                "name": "large_first_time",
                "stage": "AFTER",
                "when": (("first_to_payee", "is", True), ("amount_minor", "at_least", 2_000_00)),
                "decision": "APPROVE",
                "weight": 30,
                "sentence": "A large first payment to this payee.",
            },
            {
                "name": "large_by_night",
                "stage": "AFTER",
                "when": (("local_hour", "less_than", 5), ("amount_minor", "at_least", 1_000_00)),
                "decision": "APPROVE",
                "weight": 30,
                "sentence": "A large payment in the middle of the night.",
            },
        ),
    },
    # For load measurements, where one payer pays a thousand times a minute on purpose.
    "measure": {"review_score": 100, "rules": ()},
}
