"""Publishing rules takes two others."""

from datetime import UTC, datetime

from config.kernel import approvals, clock
from healthcode.rules.difference import differences, in_words
from healthcode.rules.library import read
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.publication import (
    DraftUnknown,
    TooSoon,
    check_lead,
    check_shadow,
    check_unpublished,
    draft_of,
    in_force,
    publish_rule_set,
    retire_rule_set,
)

PUBLISH = "health.publish_rules"
RETIRE = "health.retire_rules"


def _draft(parameters: approvals.Parameters) -> RuleSetVersion:
    return draft_of(approvals.id_in(parameters, "draft", DraftUnknown))


def _valid_from(parameters: approvals.Parameters) -> datetime:
    try:
        moment = datetime.fromisoformat(str(parameters.get("valid_from")))
    except ValueError as error:
        raise TooSoon(field="valid_from") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def state_of_draft(parameters: approvals.Parameters) -> approvals.Facts:
    """The draft as it is: a changed one makes the request stale."""
    draft = _draft(parameters)
    return {
        "version": draft.version,
        "hash": draft.content_hash,
        "in force from": str(draft.valid_from or "-"),
    }


def check_publication(parameters: approvals.Parameters) -> None:
    """A draft that was run in the shadow, not yet published, with time to be read."""
    draft = _draft(parameters)
    check_unpublished(draft)
    check_lead(_valid_from(parameters))
    check_shadow(draft)


def _effect(parameters: approvals.Parameters) -> approvals.Facts:
    draft = _draft(parameters)
    shadow = check_shadow(draft)
    before = in_force(at=clock.now(), region=draft.region)
    changes = differences(before, read(draft.content))
    return {
        "rules in force": approvals.change(before.version, draft.version),
        **{f"rule {name}": words for name, words in in_words(changes).items()},
        "takes force": _valid_from(parameters).isoformat(),
        "everybody": "is judged by it from then on",
        **{f"of {shadow['people']} people: {change}": n for change, n in shadow["changes"].items()},
        "rules that fail": ", ".join(shadow["failing"]) or "none",
    }


def show_draft(parameters: approvals.Parameters) -> approvals.Facts:
    """Which rules, for where, by whom."""
    draft = _draft(parameters)
    return {
        "rule set": approvals.Link(draft.version, "health_rules.RuleSetVersion", str(draft.id)),
        "region": draft.region,
        "drafted by": draft.drafted_by,
        "rules": len(draft.content.get("rules", [])),
    }


def show_valid_from(parameters: approvals.Parameters) -> approvals.Facts:
    """From when on."""
    return {"in force from": f"{_valid_from(parameters):%Y-%m-%d %H:%M %Z}"}


def target_draft(parameters: approvals.Parameters) -> str:
    """The rule set."""
    return f"rule_set:{_draft(parameters).version}"


@approvals.action(
    PUBLISH,
    title="Publish a rule set",
    parameters={"draft": show_draft, "valid_from": show_valid_from},
    target=target_draft,
    state=state_of_draft,
    check=check_publication,
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


def _published(parameters: approvals.Parameters) -> RuleSetVersion:
    version = str(parameters.get("version") or "")
    row = RuleSetVersion.objects.filter(version=version, valid_from__isnull=False).first()
    if row is None:
        raise DraftUnknown(field="version")
    return row


def state_of_version(parameters: approvals.Parameters) -> approvals.Facts:
    """The published set that is to be retired."""
    published = _published(parameters)
    return {"version": published.version, "retired": str(published.retired_at or "-")}


def show_version(parameters: approvals.Parameters) -> approvals.Facts:
    """Which rules, for where, since when."""
    published = _published(parameters)
    return {
        "rule set": approvals.Link(
            published.version, "health_rules.RuleSetVersion", str(published.id)
        ),
        "region": published.region,
        "in force from": str(published.valid_from),
    }


def check_retirement(parameters: approvals.Parameters) -> None:
    """Only what is published, and not retired yet, can be retired."""
    if _published(parameters).retired_at is not None:
        raise DraftUnknown(field="version")


def _retirement(parameters: approvals.Parameters) -> approvals.Facts:
    return {
        "rule set": approvals.change("published", "retired"),
        "everybody": "is judged anew at once",
        "its passes": "are refused offline",
    }


def target_version(parameters: approvals.Parameters) -> str:
    """The rule set."""
    return f"rule_set:{_published(parameters).version}"


@approvals.action(
    RETIRE,
    title="Retire a rule set",
    parameters={"version": show_version},
    target=target_version,
    state=state_of_version,
    check=check_retirement,
    effect=_retirement,
    checkers=2,
)
def execute_retirement(approved: approvals.Approved) -> approvals.Facts:
    """Take an approved rule set out of force."""
    row = retire_rule_set(
        version=str(approved.parameters["version"]),
        approved_by=list(approved.checkers),
        maker=approved.maker,
    )
    return {"version": row.version, "retired_at": str(row.retired_at)}
