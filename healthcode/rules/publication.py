"""Rule sets from draft to force: two others approve, and there is time to prepare.

Each is sound and passes its own tests before it is even drafted (`library.read`). It
takes force at least LEAD after it was approved, so that nobody wakes up in another
colour without warning; the one before is then in force no more.
"""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.audit import chain
from config.kernel.errors import Conflict, NotFound, Refused
from config.kernel.outbox import writes as outbox
from healthcode.evidence.queries import enclosing
from healthcode.rules import library
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.templates import expanded
from healthcode.rules.values import RuleSet

LEAD = timedelta(hours=48)
PUBLISHED = "health.rules_published"
DRAFTED = "health.rules_drafted"
EVERYWHERE = "000000"
MANY = 50


class VersionTaken(Conflict):
    """A rule set of this version exists, with other content."""

    code: ClassVar[str] = "version_taken"
    message: ClassVar[str] = "There is a rule set of this version already."


class DraftUnknown(NotFound):
    """There is no such draft."""

    code: ClassVar[str] = "draft_unknown"
    message: ClassVar[str] = "There is no such draft of a rule set."


class TooSoon(Refused):
    """Rules need notice."""

    code: ClassVar[str] = "too_soon"
    message: ClassVar[str] = "A rule set takes force at least 48 hours after its approval."


@transactions.atomic_retry
def draft_rule_set(*, content: Mapping[str, Any], author: str) -> RuleSetVersion:
    """Write a draft down; the same content again is the same draft.

    `extends` names a set whose rules it takes over, but those that it writes anew or names
    in `without`; what is kept is whole, so that nothing moves when the other set goes. `or`
    and named durations are written out (`templates.expanded`).

    Raises:
        library.RuleSetUnsound: with every finding.
        library.RuleSetUnknown: there is no set to extend.
        VersionTaken: the version exists with other content.
    """
    content = expanded(_extended(content))
    rule_set = library.read(content)
    earlier = RuleSetVersion.objects.filter(version=rule_set.version).first()
    shipped = rule_set.version in library.versions()
    if shipped or (earlier is not None and earlier.content_hash != rule_set.content_hash):
        raise VersionTaken(version=rule_set.version)
    if earlier is not None:
        return earlier
    draft = RuleSetVersion.objects.create(
        version=rule_set.version,
        region=rule_set.region,
        content=dict(content),
        content_hash=rule_set.content_hash,
        drafted_by=author,
    )
    outbox.add(topic=DRAFTED, aggregate_id=draft.id, payload={"draft_id": str(draft.id)})
    return draft


def _extended(content: Mapping[str, Any]) -> dict[str, Any]:
    """A set with the rules of the one that it extends written in."""
    if "extends" not in content:
        return dict(content)
    base = content_of(str(content["extends"]))
    own, without = content.get("rules", []), content.get("without", [])
    if not isinstance(own, list) or not isinstance(without, list):
        raise library.RuleSetUnsound(findings=["`rules` and `without` are lists"])
    changed = {str(rule["id"]): rule for rule in own if isinstance(rule, dict) and "id" in rule}
    names = {rule["id"] for rule in base["rules"]}
    unknown = sorted(map(str, set(map(str, without)) - names))
    if unknown:
        raise library.RuleSetUnsound(
            findings=[f"{name}: the other set has no such rule" for name in unknown]
        )
    inherited = [
        changed.get(rule["id"], rule) for rule in base["rules"] if rule["id"] not in without
    ]
    added = [rule for rule in own if not isinstance(rule, dict) or str(rule.get("id")) not in names]
    whole = {name: value for name, value in content.items() if name != "without"}
    return {**base, **whole, "rules": [*inherited, *added]}


def content_of(version: str) -> dict[str, Any]:
    """A rule set as JSON, shipped or drafted.

    Raises:
        library.RuleSetUnknown: there is none of that version.
    """
    row = RuleSetVersion.objects.filter(version=version).first()
    return dict(row.content) if row is not None else library.content(version)


@transactions.atomic_retry
def publish_rule_set(
    *, draft_id: uuid.UUID, valid_from: datetime, approved_by: list[str]
) -> RuleSetVersion:
    """Let an approved draft take force at a moment; again changes nothing.

    Raises:
        DraftUnknown: there is none.
        TooSoon: the moment is less than LEAD away.

    Locks: the draft.
    """
    draft = draft_of(draft_id)
    draft = RuleSetVersion.objects.select_for_update().get(id=draft.id)
    if draft.valid_from is not None:
        return draft
    check_lead(valid_from)
    draft.valid_from = valid_from
    draft.approved_by = approved_by
    draft.save(update_fields=["valid_from", "approved_by"])
    outbox.add(
        topic=PUBLISHED,
        aggregate_id=draft.id,
        payload={"draft_id": str(draft.id), "valid_from": valid_from.isoformat()},
    )
    chain.record(
        action="health.publish_rules",
        actor=operator_actor(draft.drafted_by),
        target=f"rule_set:{draft.version}",
        after={"hash": draft.content_hash, "from": valid_from.isoformat(), "by": approved_by},
    )
    return draft


def check_lead(valid_from: datetime) -> None:
    """Stop rules that would take force at short notice.

    Raises:
        TooSoon: less than LEAD from now.
    """
    if valid_from < clock.now() + LEAD:
        raise TooSoon(field="valid_from")


class ShadowMissing(Refused):
    """Nobody has looked yet at what the rules would do."""

    code: ClassVar[str] = "shadow_missing"
    message: ClassVar[str] = "Run the draft in the shadow of the rules in force first."


class PublishedAlready(Conflict):
    """A draft is published once."""

    code: ClassVar[str] = "rules_published_already"
    message: ClassVar[str] = "This rule set has been published already."


def check_unpublished(draft: RuleSetVersion) -> None:
    """Stop a second publication of the same draft.

    Raises:
        PublishedAlready: it has a moment from which it is in force.
    """
    if draft.valid_from is not None:
        raise PublishedAlready(field="draft")


def check_shadow(draft: RuleSetVersion) -> dict[str, Any]:
    """The report of the draft's shadow run, which approvers see.

    Raises:
        ShadowMissing: there is none, or it looked at nobody.
    """
    if draft.shadow is None or not draft.shadow["people"]:
        raise ShadowMissing(field="draft")
    report: dict[str, Any] = draft.shadow
    return report


def draft_of(draft_id: uuid.UUID) -> RuleSetVersion:
    """A draft, whether published or not.

    Raises:
        DraftUnknown: there is none.
    """
    draft = RuleSetVersion.objects.filter(id=draft_id).first()
    if draft is None:
        raise DraftUnknown(field="draft")
    return draft


def in_force(*, at: datetime, region: str = "") -> RuleSet:
    """The rule set in force at a moment: a published one, or the shipped one.

    For a region (GB/T 2260) the set of the smallest area around it counts, the latest of
    those; without one, the latest of all.
    """
    rows = RuleSetVersion.objects.filter(valid_from__lte=at).exclude(retired_at__lte=at)
    if region:
        rows = rows.filter(region__in=[*enclosing(region), EVERYWHERE])
    versions = list(rows.order_by("-valid_from", "-id")[:MANY])
    if not versions:
        return library.shipped(settings.SAOMA_HEALTH_RULE_SET)
    return _read(max(versions, key=lambda row: _size(row.region)) if region else versions[0])


def _size(region: str) -> int:
    """How exact a region is: digits before the zeros that stand for all of it."""
    return len(region.rstrip("0")) if region != EVERYWHERE else 0


def accepted(*, at: datetime, within: timedelta) -> list[str]:
    """Versions whose passes may still be good: in force, or until lately and not retired."""
    rows = RuleSetVersion.objects.filter(valid_from__lte=at, retired_at__isnull=True)
    good: list[str] = []
    long_in_force: set[str] = set()
    for row in rows.order_by("-valid_from", "-id"):
        if row.region in long_in_force:
            continue
        good.append(row.version)
        if row.valid_from is not None and row.valid_from <= at - within:
            long_in_force.add(row.region)
    return good if EVERYWHERE in long_in_force else [*good, settings.SAOMA_HEALTH_RULE_SET]


@transactions.atomic_retry
def retire_rule_set(*, version: str, approved_by: list[str], maker: str) -> RuleSetVersion:
    """Take a published rule set out of force now; everybody is judged anew.

    Its passes are no longer accepted offline (mass revocation). Again changes nothing.

    Raises:
        DraftUnknown: no published set has this version.

    Locks: the rule set.
    """
    rows = RuleSetVersion.objects.select_for_update()
    row = rows.filter(version=version, valid_from__isnull=False).first()
    if row is None:
        raise DraftUnknown(field="version")
    if row.retired_at is not None:
        return row
    row.retired_at = clock.now()
    row.save(update_fields=["retired_at"])
    outbox.add(
        topic=PUBLISHED,
        aggregate_id=row.id,
        payload={"draft_id": str(row.id), "valid_from": row.retired_at.isoformat()},
    )
    chain.record(
        action="health.retire_rules",
        actor=operator_actor(maker),
        target=f"rule_set:{version}",
        after={"hash": row.content_hash, "by": approved_by},
    )
    return row


def of_version(version: str) -> RuleSet | None:
    """A rule set by its version, shipped or published; None if it is gone."""
    if version in library.versions():
        return library.shipped(version)
    row = RuleSetVersion.objects.filter(version=version).first()
    return None if row is None else _read(row)


def next_in_force(*, after: datetime) -> datetime | None:
    """When the next rule set takes force."""
    rows = RuleSetVersion.objects.filter(valid_from__gt=after, retired_at__isnull=True)
    return rows.order_by("valid_from").values_list("valid_from", flat=True).first()


_contents: dict[str, RuleSet] = {}


def _read(row: RuleSetVersion) -> RuleSet:
    """Read once for each content; what is in force never changes under its hash."""
    rule_set = _contents.get(row.content_hash)
    if rule_set is None:
        rule_set = _contents[row.content_hash] = library.read(row.content)
    return rule_set
