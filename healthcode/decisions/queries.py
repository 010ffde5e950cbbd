"""Reading decisions: how a subject stands, what happened, whether the chain holds."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, Sum

from config.kernel import clock
from healthcode.decisions.models import Alarm, ColourAct, Decision, Head, Override, PersonList
from healthcode.decisions.outcome import is_house_reason, reason_members
from healthcode.decisions.residence import judge, residence_at
from healthcode.decisions.values import CLINICIAN_TASK, HouseReason, Standing
from healthcode.evidence import queries as evidence
from healthcode.evidence.models import Evidence
from healthcode.evidence.values import KINDS, EvidenceItem, EvidenceKind, Source
from healthcode.rules import publication
from healthcode.rules.assess import colour
from healthcode.rules.facts import Facts, is_unwell, project
from healthcode.rules.values import Assessment, Colour, RuleSet
from healthcode.subjects.models import Subject

# Under which of its facts a piece of evidence says which registered body it comes from.
_NAMED_BY = {Source.LABORATORY: "laboratory", Source.CERTIFICATE: "trusted_issuer"}


def rule_set_in_force(region: str = "") -> RuleSet:
    """The rule set by which decisions are made now, in a region or anywhere."""
    return publication.in_force(at=clock.now(), region=region)


def head_of(subject_id: uuid.UUID) -> Head | None:
    """The head of a subject with its decision, if one was ever made."""
    return Head.objects.filter(subject_id=subject_id).select_related("decision").first()


def standing(subject_id: uuid.UUID, *, at: datetime) -> Standing:
    """How a subject stands; past its end a decision says nothing any more."""
    head = head_of(subject_id)
    if head is None:
        return Standing(Colour.UNKNOWN, None, rule_set_in_force().version)
    decision = head.decision
    if decision.valid_until is not None and decision.valid_until <= at:
        return Standing(Colour.UNKNOWN, None, decision.rule_set)
    return Standing(Colour(decision.colour), decision.valid_until, decision.rule_set)


def replay(subject_id: uuid.UUID, *, at: datetime) -> Assessment:
    """Judge the evidence that stood at a moment anew, by the rules that counted then."""
    items = evidence.items_of(subject_id, at=at)
    return judge(items, region=residence_at(subject_id, at=at), at=at).assessment


def replay_decision(decision: Decision) -> bool | None:
    """Whether a decision comes out the same from its evidence, clock and rule set.

    None where it cannot be told: it was set by hand, kept because a rule failed, or its
    evidence or rule set is no longer kept. That something was missing is the house's
    reason: the rules alone would have said green at best.
    """
    rule_set = publication.of_version(decision.rule_set)
    if decision.override_id or decision.indeterminate or rule_set is None:
        return None
    items = evidence.items_of(decision.subject_id, at=decision.computed_at)
    grounds = {name for reason in decision.reasons for name in reason["evidence"]}
    if rule_set.content_hash != decision.rule_set_hash or not grounds <= {i.id for i in items}:
        return None
    assessment = colour(items, rule_set, at=decision.computed_at)
    if all(is_house_reason(reason["rule"]) for reason in decision.reasons):
        return assessment.colour in {Colour.GREEN, Colour.UNKNOWN}
    reasons = [reason_members(reason) for reason in assessment.reasons]
    on_record = (decision.colour, decision.reasons, decision.valid_until)
    return (assessment.colour.value, reasons, assessment.valid_until) == on_record


def missing_of(subject: Subject, items: Iterable[EvidenceItem]) -> list[HouseReason]:
    """What a green code takes and is not there: a proven identity, and answers."""
    reasons = []
    if subject.pseudonym is None:
        reasons.append(HouseReason.IDENTITY_MISSING)
    if not any(_answers(item) for item in items):
        reasons.append(HouseReason.ANSWERS_MISSING)
    return reasons


def _answers(item: EvidenceItem) -> bool:
    """Whether somebody has said how they are: symptoms, or none, or their temperature."""
    return "declared" in KINDS[item.kind].facts and not _ANSWERS.isdisjoint(item.payload)


def decisions_of(subject_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, uuid.UUID]:
    """The standing decision of each of these subjects; those without one are left out."""
    rows = Head.objects.filter(subject_id__in=list(subject_ids))
    return dict(rows.values_list("subject_id", "decision_id"))


def facts_of(subject_id: uuid.UUID, *, at: datetime) -> Facts:
    """What the rules of a subject's region see of them at a moment."""
    zone = publication.in_force(at=at, region=residence_at(subject_id, at=at)).zone
    return project(evidence.items_of(subject_id, at=at), at=at, zone=zone)


def overrides_in_force(subject_id: uuid.UUID, *, at: datetime) -> list[Override]:
    """Overrides that have begun and not ended, the latest first: that one sets the colour."""
    return list(
        Override.objects.filter(subject_id=subject_id, starts_at__lte=at, ends_at__gt=at)
        .filter(Q(ended_at__isnull=True) | Q(ended_at__gt=at))
        .order_by("-starts_at", "-id")
    )


def override_in_force(subject_id: uuid.UUID, *, at: datetime) -> Override | None:
    """The override that sets a subject's colour, if any."""
    return next(iter(overrides_in_force(subject_id, at=at)), None)


def grounds_of(subject_id: uuid.UUID, *, at: datetime) -> list[uuid.UUID]:
    """All evidence that the rules' colour of a subject rests on, not only the latest of each.

    A rule names the latest piece of a kind; behind it stand others that would give the same
    colour. What is taken away is judged again until another colour comes out. What a person
    merely answered, without being unwell, is no ground.
    """
    region = residence_at(subject_id, at=at)
    items = {item.id: item for item in evidence.items_of(subject_id, at=at)}
    colour = judge(items.values(), region=region, at=at).assessment.colour
    grounds: list[str] = []
    while colour in {Colour.YELLOW, Colour.RED}:
        assessment = judge(items.values(), region=region, at=at).assessment
        latest = {
            name
            for reason in assessment.reasons
            if reason.colour is colour
            for name in reason.evidence
            if name in items and not _is_mere_answer(items[name])
        }
        if assessment.colour is not colour or not latest:
            break
        grounds += sorted(latest)
        items = {name: item for name, item in items.items() if name not in latest}
    return [uuid.UUID(name) for name in grounds]


def _is_mere_answer(item: EvidenceItem) -> bool:
    return "declared" in KINDS[item.kind].facts and not is_unwell(item)


def colourers_of(subject_id: uuid.UUID, rows: Iterable[Decision]) -> set[str]:
    """Operators behind the overrides and the evidence that some decisions name.

    Behind a stay are those who declared its region at risk.
    """
    decisions = list(rows)
    overrides = [row.override_id for row in decisions if row.override_id]
    names = [name for row in decisions for reason in row.reasons for name in reason["evidence"]]
    acts = ColourAct.objects.filter(subject_id=subject_id).filter(
        Q(override_id__in=overrides) | Q(evidence_id__in=names)
    )
    by_hand = Override.objects.filter(id__in=overrides).values_list("maker", "checker", "third")
    people = [*acts.values_list("people", flat=True), *by_hand]
    stays = Evidence.objects.filter(id__in=names, kind=EvidenceKind.AREA_STAY)
    return {name for group in people for name in group if name} | evidence.declarers_of(stays)


def reds_by_rule(*, since: datetime) -> dict[str, int]:
    """How many decisions for red each rule has brought since a moment; for publication."""
    counts: dict[str, int] = {}
    reds = Decision.objects.filter(colour=Colour.RED, computed_at__gte=since)
    for reasons, override in reds.values_list("reasons", "override__reason"):
        names = [f"override:{override}"] if override else _red_rules(reasons)
        for name in names:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _red_rules(reasons: list[dict[str, Any]]) -> list[str]:
    return [str(reason["rule"]) for reason in reasons if reason["colour"] == Colour.RED]


def overrides_by_maker(*, since: datetime) -> dict[str, int]:
    """How many overrides each operator has asked for since a moment."""
    rows = Override.objects.filter(starts_at__gte=since).values("maker").annotate(n=Count("id"))
    return {row["maker"]: row["n"] for row in rows.order_by("maker")}


def listed_since(moment: datetime) -> int:
    """How many people stand on the lists that were taken since a moment, all together."""
    rows = PersonList.objects.filter(imported_at__gt=moment)
    return int(rows.aggregate(people=Sum("people"))["people"] or 0)


def colours_now() -> dict[str, int]:
    """How many subjects stand at each colour."""
    rows = Head.objects.values("decision__colour").annotate(n=Count("subject_id"))
    return {row["decision__colour"]: row["n"] for row in rows.order_by("decision__colour")}


DAY = timedelta(days=1)
_ANSWERS = frozenset({"symptoms", "temperature_tenths"})


def in_force(registration: str = "registration") -> dict[str, bool]:
    """The filter for sources whose registration stands; `registration` is the way to it."""
    return {f"{registration}__isnull": False, f"{registration}__withdrawn_at__isnull": True}


def source_names(rows: Iterable[tuple[str, Mapping[str, Any]]]) -> list[str]:
    """The bodies, by name, that pieces of evidence (source, payload) come from."""
    names = (payload.get(_NAMED_BY.get(Source(source), "")) for source, payload in rows)
    return sorted({str(name) for name in names if name})


def readings_to_sign() -> list[str]:
    """Ids of the preliminary readings whose clinician's task nobody has seen to."""
    tasks = Alarm.objects.filter(kind=CLINICIAN_TASK, seen_by="")
    return [str(facts["evidence"]) for facts in tasks.values_list("facts", flat=True)]
