"""From what the rules say to what is decided: gaps, failures, colours by hand. Pure.

A decision always has a reason. Where no rule of a set gives one, the house does: nothing
was declared, the identity is not proven, a rule could not be evaluated, two people set it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from healthcode.decisions.values import HouseReason
from healthcode.rules.values import Assessment, Colour, Reason, Text

Members = dict[str, Any]
# What is worse for whoever trusts a colour: not to know is worse than green.
_CAUTION = {Colour.GREEN: 0, Colour.UNKNOWN: 1, Colour.YELLOW: 2, Colour.RED: 3}
OVERRIDE = "override:"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A colour with its reasons, and until when nothing changes by itself."""

    colour: Colour
    reasons: list[Members]
    valid_until: datetime | None


def reason_members(reason: Reason) -> Members:
    """A reason in JSON's terms."""
    return {
        "rule": reason.rule,
        "version": reason.rule_version,
        "colour": reason.colour.value if reason.colour else None,
        "evidence": list(reason.evidence),
        "until": reason.until.isoformat() if reason.until else None,
    }


def house_reason(reason: HouseReason) -> Members:
    """A reason that no rule set knows: why nobody can say a colour."""
    return _members(reason.value, Colour.UNKNOWN)


def override_reason(reason: str, colour: str, evidence: Sequence[str], until: datetime) -> Members:
    """That two people have set a colour is a reason like any other."""
    return {
        **_members(f"{OVERRIDE}{reason}", Colour(colour)),
        "evidence": list(evidence),
        "until": until.isoformat(),
    }


def _members(rule: str, colour: Colour) -> Members:
    return {"rule": rule, "version": 1, "colour": colour.value, "evidence": [], "until": None}


def outcome(
    assessment: Assessment, former: Outcome | None, missing: Sequence[HouseReason]
) -> Outcome:
    """What is decided by an assessment.

    Args:
        assessment: what the rules say; some of them may have failed.
        former: what was decided before, without any colour by hand.
        missing: what a green code takes and is not there.
    """
    result = Outcome(
        assessment.colour,
        [reason_members(reason) for reason in assessment.reasons],
        assessment.valid_until,
    )
    if missing and result.colour is Colour.GREEN:
        result = Outcome(
            Colour.UNKNOWN, [house_reason(reason) for reason in missing], result.valid_until
        )
    if not result.reasons:
        nothing = missing or [HouseReason.NO_RULE_APPLIES]
        result = Outcome(
            result.colour, [house_reason(reason) for reason in nothing], result.valid_until
        )
    if not assessment.undecided:
        return result
    earlier = former or Outcome(Colour.UNKNOWN, [house_reason(HouseReason.RULE_FAILED)], None)
    return Outcome(earlier.colour, earlier.reasons, None) if _is_worse(earlier, result) else result


def _is_worse(earlier: Outcome, newer: Outcome) -> bool:
    """Of two that are equally bad, the newer one is told, unless it knows nothing."""
    if newer.colour is Colour.UNKNOWN is earlier.colour:
        return True
    return _CAUTION[earlier.colour] > _CAUTION[newer.colour] or (
        newer.colour is Colour.UNKNOWN and earlier.colour is Colour.GREEN
    )


def is_house_reason(rule: str) -> bool:
    """Whether a reason comes from the house and not from a rule set."""
    return rule in TEXTS


def _text(en: str, fr: str, zh: str) -> Text:
    return {"en": en, "fr": fr, "zh": zh}


_DECLARE = _text(
    "Declare your health.", "Déclarez votre état de santé.", "请申报您的健康状况。"
)  # fmt: skip
_APPEAL = _text(
    "It ends by itself at the time shown. You can file a correction now.",
    "Elle prend fin d'elle-même à l'heure indiquée. Vous pouvez demander une rectification.",
    "到期自动解除，您也可以立即申诉。",
)

# Why, and the way out.
TEXTS: Mapping[str, tuple[Text, Text]] = {
    HouseReason.NO_RULE_APPLIES: (
        _text(
            "Nothing is known of you that gives a colour.",
            "Rien de connu ne donne une couleur.",
            "没有可判定颜色的信息。",
        ),
        _DECLARE,
    ),
    HouseReason.ANSWERS_MISSING: (
        _text(
            "You have not said yet how you are.",
            "Vous n'avez pas encore dit comment vous allez.",
            "您尚未填报健康状况。",
        ),
        _DECLARE,
    ),
    HouseReason.IDENTITY_MISSING: (
        _text(
            "It is not proven yet who you are.",
            "Votre identité n'est pas encore prouvée.",
            "您的身份尚未核实。",
        ),
        _text(
            "Give your document and let your wallet prove it, or show it at a service centre.",
            "Indiquez votre document et faites-le prouver par votre portefeuille, ou montrez-le "
            "dans un centre de service.",
            "请填写证件并由钱包实名认证核实，或到服务点出示证件。",
        ),
    ),
    HouseReason.RULE_FAILED: (
        _text(
            "A rule could not be evaluated; the operators have been called.",
            "Une règle n'a pas pu être évaluée ; les opérateurs sont prévenus.",
            "有规则无法计算，已通知值守人员。",
        ),
        _text("Wait a little.", "Patientez un peu.", "请稍候。"),
    ),
    f"{OVERRIDE}LABORATORY_ERROR": (
        _text(
            "Set by hand: a laboratory's mistake.",
            "Fixée à la main : erreur d'un laboratoire.",
            "人工设置：检测机构差错。",
        ),
        _APPEAL,
    ),
    f"{OVERRIDE}IDENTITY_MIXED_UP": (
        _text(
            "Set by hand: somebody else was meant.",
            "Fixée à la main : il s'agissait d'une autre personne.",
            "人工设置：身份信息混淆。",
        ),
        _APPEAL,
    ),
    f"{OVERRIDE}CLINICIAN_CLEARED": (
        _text(
            "Set by hand: a clinician has cleared you.",
            "Fixée à la main : un clinicien vous a déclaré hors de cause.",
            "人工设置：医生已排除风险。",
        ),
        _APPEAL,
    ),
    f"{OVERRIDE}CONFIRMED_CASE_BY_PHONE": (
        _text(
            "Set by hand: a hospital reported a confirmed case by telephone.",
            "Fixée à la main : un hôpital a signalé un cas confirmé par téléphone.",
            "人工设置：医院电话上报确诊病例。",
        ),
        _APPEAL,
    ),
    f"{OVERRIDE}OUTBREAK_ORDER": (
        _text(
            "Set by hand: an order about an outbreak.",
            "Fixée à la main : arrêté relatif à un foyer.",
            "人工设置：疫情处置命令。",
        ),
        _APPEAL,
    ),
}
