"""Publishing rules takes two others."""

import uuid
from datetime import UTC, datetime

from config.kernel import approvals
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.publication import (
    DraftUnknown,
    TooSoon,
    check_lead,
    check_shadow,
    draft_of,
    publish_rule_set,
    retire_rule_set,
)

PUBLISH = "health.publish_rules"
RETIRE = "health.retire_rules"
MAY_PUBLISH = "health_rules.change_rulesetversion"


def _draft(parameters: approvals.Parameters) -> RuleSetVersion:
    try:
        return draft_of(uuid.UUID(str(parameters.get("draft"))))
    except ValueError as error:
        raise DraftUnknown(field="draft") from error


def _valid_from(parameters: approvals.Parameters) -> datetime:
    try:
        found = datetime.fromisoformat(str(parameters.get("valid_from")))
    except ValueError as error:
        raise TooSoon(field="valid_from") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def state_of_draft(parameters: approvals.Parameters) -> approvals.Facts:
    """The draft as it is: a changed one makes the request stale."""
    draft = _draft(parameters)
    return {
        "version": draft.version,
        "hash": draft.content_hash,
        "in force from": str(draft.valid_from or "-"),
    }


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    moment = _valid_from(parameters)
    check_lead(moment)
    shadow = check_shadow(_draft(parameters))
    return {
        "takes force": moment.isoformat(),
        "everybody": "is judged by it from then on",
        **{f"of {shadow['people']} people: {change}": n for change, n in shadow["changes"].items()},
        "rules that fail": ", ".join(shadow["failing"]) or "none",
    }


@approvals.action(
    PUBLISH,
    title="Publish a rule set",
    permission=MAY_PUBLISH,
    maker_permission="health_rules.add_rulesetversion",
    state=state_of_draft,
    effect=_effect,
    checkers=2,
)
def execute_publication(approved: approvals.Approved) -> approvals.Facts:
    """Put an approved rule set on the way into force."""
    draft = publish_rule_set(
        draft_id=_draft(approved.parameters).id,
        valid_from=_valid_from(approved.parameters),
        approved_by=list(approved.checkers),
    )
    return {"version": draft.version, "valid_from": str(draft.valid_from)}


def state_of_version(parameters: approvals.Parameters) -> approvals.Facts:
    """The published set that is to be retired."""
    version = str(parameters.get("version", ""))
    found = RuleSetVersion.objects.filter(version=version, valid_from__isnull=False).first()
    if found is None:
        raise DraftUnknown(field="version")
    return {"version": version, "retired": str(found.retired_at or "-")}


def _retirement(parameters: approvals.Parameters) -> approvals.Facts:
    return {"everybody": "is judged anew at once", "its passes": "are refused offline"}


@approvals.action(
    RETIRE,
    title="Retire a rule set",
    permission=MAY_PUBLISH,
    maker_permission="health_rules.add_rulesetversion",
    state=state_of_version,
    effect=_retirement,
    checkers=2,
)
def execute_retirement(approved: approvals.Approved) -> approvals.Facts:
    """Take an approved rule set out of force."""
    found = retire_rule_set(
        version=str(approved.parameters["version"]),
        approved_by=list(approved.checkers),
        maker=approved.maker,
    )
    return {"version": found.version, "retired_at": str(found.retired_at)}
