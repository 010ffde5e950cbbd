"""Words of the decisions slice. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from healthcode.rules.values import Colour

GENESIS = "0" * 64
# What a report without a person, and what is kept of an erased red reason, are sealed for.
QUARANTINE_SEAL = "health-quarantine"
STUB_SEAL = "health-erasure-stub"
# So many people at once, and no more, may be named in one wish for colours by hand.
MAX_BATCH = 20


class Trigger(StrEnum):
    """What made us decide again."""

    EVIDENCE = "EVIDENCE"
    TIME = "TIME"
    MISSED_CHECKIN = "MISSED_CHECKIN"
    OVERRIDE = "OVERRIDE"
    CORRECTION = "CORRECTION"
    REQUEST = "REQUEST"


class OverrideReason(StrEnum):
    """The only grounds on which people may set a colour. There is no "other"."""

    LABORATORY_ERROR = "LABORATORY_ERROR"
    IDENTITY_MIXED_UP = "IDENTITY_MIXED_UP"
    CLINICIAN_CLEARED = "CLINICIAN_CLEARED"
    CONFIRMED_CASE_BY_PHONE = "CONFIRMED_CASE_BY_PHONE"
    OUTBREAK_ORDER = "OUTBREAK_ORDER"


class HouseReason(StrEnum):
    """Why there is no colour: reasons of the house, which no rule set gives."""

    NO_RULE_APPLIES = "no-rule-applies"
    ANSWERS_MISSING = "answers-missing"
    IDENTITY_MISSING = "identity-missing"
    RULE_FAILED = "rule-failed"


class ListKind(StrEnum):
    """What a list of people can say of them. Being on it for another reason is no kind."""

    CONTACT = "contact"
    CONTACT_OF_CONTACT = "contact_of_contact"
    QUARANTINE_START = "quarantine_start"


class Dimension(StrEnum):
    """By what decisions are counted. `colour` counts changes to it, the rest turns to red."""

    COLOUR = "colour"
    RULE = "rule"
    REGION = "region"
    OPERATOR = "operator"
    SOURCE = "source"
    BODY = "body"


# The kind of alarm that asks a clinician for a final result.
CLINICIAN_TASK = "CLINICIAN_TASK"


class SourceKind(StrEnum):
    """Who or what may be a source of what colours people, once it is registered."""

    LABORATORY = "laboratory"
    ISSUER = "issuer"
    TERMINAL = "terminal"


class NoticeKind(StrEnum):
    """What a person is told."""

    COLOUR_CHANGED = "COLOUR_CHANGED"
    CHECKIN_MISSED = "CHECKIN_MISSED"
    OVERRIDE_SET = "OVERRIDE_SET"
    OVERRIDE_ENDED = "OVERRIDE_ENDED"
    CORRECTION_DECIDED = "CORRECTION_DECIDED"
    GUARDIANSHIP = "GUARDIANSHIP"
    TRACED = "TRACED"
    PAPER_ISSUED = "PAPER_ISSUED"
    PAPER_REVOKED = "PAPER_REVOKED"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a subject stands: what a pass may say, and until when."""

    colour: Colour
    valid_until: datetime | None
    rule_set: str
