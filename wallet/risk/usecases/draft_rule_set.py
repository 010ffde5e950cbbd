"""Draft a rule set, run it in the shadow, and put it in force."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction

from config.kernel import clock, transactions
from config.kernel.actors import operator_actor
from config.kernel.approvals import targets
from config.kernel.audit.chain import record
from config.kernel.errors import Conflict, InvalidRequest, NotFound
from wallet.risk import rules
from wallet.risk.models import RiskModel, RiskRuleSet
from wallet.risk.queries.current import forget
from wallet.risk.rules.versions import RULE_SETS

# The one target of every publication: another one makes a request stale.
IN_FORCE = "risk_rules:in_force"
VERSION = re.compile(r"[a-z0-9][a-z0-9.-]{2,31}")


class VersionInvalid(InvalidRequest):
    """A version is not spelled as one, or names a model that has not been trained."""

    code = "version_invalid"
    message = "A version is 3 to 32 of a-z, 0-9, `.` and `-`; a model is one that was trained."


class VersionTaken(Conflict):
    """A version is written once."""

    code = "version_taken"
    message = "There is a rule set of this version; write a new one."


class DraftUnknown(NotFound):
    """There is no such draft."""

    code = "draft_unknown"
    message = "There is no such draft of risk rules."


class DraftPublished(Conflict):
    """The draft is in force already, or was."""

    code = "draft_published"
    message = "This rule set has been published."


@transactions.atomic_retry
def draft_rule_set(*, version: str, content: Mapping[str, Any], author: str) -> RiskRuleSet:
    """Check a rule set and store it; from now on it runs in the shadow of the one in force.

    Args:
        version: what it will be quoted by; written once.
        content: `review_score`, `rules`, and `model` and `challenger` if there are any.
        author: the operator's login name.

    Raises:
        VersionInvalid, VersionTaken: the version cannot be used, or a model is not there.
        RuleNotAllowed: a rule may not be one; it says which and why.
    """
    if not VERSION.fullmatch(version):
        raise VersionInvalid(field="version")
    if version in RULE_SETS or RiskRuleSet.objects.filter(version=version).exists():
        raise VersionTaken(field="version")
    loaded = rules.load_rule_set(version, content)
    for model in {loaded.model, loaded.challenger} - {""}:
        if not RiskModel.objects.filter(version=model).exists():
            raise VersionInvalid(field="model", model=model)
    now = clock.now()
    try:
        with transaction.atomic():
            draft = RiskRuleSet.objects.create(
                version=version,
                content=dict(content),
                content_hash=hashlib.sha256(
                    json.dumps(content, sort_keys=True).encode()
                ).hexdigest(),
                drafted_by=author,
                drafted_at=now,
                shadow_since=now,
            )
    except IntegrityError as error:
        raise VersionTaken(field="version") from error
    record(
        action="risk.draft_rules",
        actor=operator_actor(author),
        target=rule_set_target(draft),
        after={"version": version, "hash": draft.content_hash},
    )
    transactions.on_commit(forget)
    return draft


@transactions.atomic_retry
def publish_rule_set(*, draft_id: uuid.UUID, approved_by: Sequence[str]) -> RiskRuleSet:
    """Put a draft in force; every process judges by it within SAOMA_RISK_REFRESH_S.

    Only the approval of two others calls it.

    Raises:
        DraftUnknown, DraftPublished: there is nothing to publish.

    Locks: the version of the rules in force, then the draft.
    """
    actor = operator_actor(*approved_by)
    targets.moved(IN_FORCE, actor=actor)
    draft = RiskRuleSet.objects.select_for_update().filter(id=draft_id).first()
    if draft is None:
        raise DraftUnknown(field="draft")
    if draft.published_at is not None:
        raise DraftPublished(version=draft.version)
    draft.published_at, draft.approved_by = clock.now(), list(approved_by)
    draft.save(update_fields=["published_at", "approved_by"])
    record(
        action="risk.publish_rules",
        actor=actor,
        target=rule_set_target(draft),
        after={"version": draft.version, "hash": draft.content_hash},
    )
    forget()
    transactions.on_commit(forget)
    return draft


def rule_set_target(draft: RiskRuleSet) -> str:
    """A rule set as approvals and the audit log name it."""
    return f"risk_rules:{draft.version}"


def draft_of(draft_id: uuid.UUID) -> RiskRuleSet:
    """A stored rule set by id.

    Raises:
        DraftUnknown: there is none.
    """
    draft = RiskRuleSet.objects.filter(id=draft_id).first()
    if draft is None:
        raise DraftUnknown(field="draft")
    return draft
