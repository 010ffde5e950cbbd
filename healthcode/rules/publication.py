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
from config.kernel.audit import chain
from config.kernel.errors import Conflict, NotFound, Refused
from config.kernel.outbox import writes as outbox
from healthcode.rules import library
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.values import RuleSet

LEAD = timedelta(hours=48)
PUBLISHED = "health.rules_published"


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

    Raises:
        library.RuleSetUnsound: with every finding.
        VersionTaken: the version exists with other content.
    """
    rule_set = library.read(content)
    known = RuleSetVersion.objects.filter(version=rule_set.version).first()
    shipped = rule_set.version in library.versions()
    if shipped or (known is not None and known.content_hash != rule_set.content_hash):
        raise VersionTaken(version=rule_set.version)
    return known or RuleSetVersion.objects.create(
        version=rule_set.version,
        region=rule_set.region,
        content=dict(content),
        content_hash=rule_set.content_hash,
        drafted_by=author,
    )


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
        actor=f"operator:{draft.drafted_by}",
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


def draft_of(draft_id: uuid.UUID) -> RuleSetVersion:
    """A draft, whether published or not.

    Raises:
        DraftUnknown: there is none.
    """
    found = RuleSetVersion.objects.filter(id=draft_id).first()
    if found is None:
        raise DraftUnknown(field="draft")
    return found


def in_force(*, at: datetime) -> RuleSet:
    """The rule set in force at a moment: the latest published one, or the shipped one."""
    row = (
        RuleSetVersion.objects.filter(valid_from__lte=at, retired_at__isnull=True)
        .order_by("-valid_from", "-id")
        .first()
    )
    return library.shipped(settings.SAOMA_HEALTH_RULE_SET) if row is None else _read(row)


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
    found = _contents.get(row.content_hash)
    if found is None:
        found = _contents[row.content_hash] = library.read(row.content)
    return found
