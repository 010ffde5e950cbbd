"""What operators decide about risk under four eyes: rules and list entries."""

import uuid

from config.kernel.actors import operator_actor
from config.kernel.approvals import Approved, Facts, Link, Parameters, action, change
from wallet.risk import queries
from wallet.risk.models import ListEntry, RiskRuleSet
from wallet.risk.queries import people
from wallet.risk.queries.reports import shadow_report
from wallet.risk.usecases import draft_rule_set as drafts
from wallet.risk.usecases.list_subject import EntryUnknown, entry_target, unlist

PUBLISH = "risk.publish_rules"
UNLIST = "risk.unlist"


def _actor(approved: Approved) -> str:
    return operator_actor(approved.maker, *approved.checkers)


def _id(parameters: Parameters, name: str) -> uuid.UUID:
    try:
        return uuid.UUID(str(parameters.get(name)))
    except ValueError:
        return uuid.UUID(int=0)


def _draft(parameters: Parameters) -> RiskRuleSet:
    return drafts.draft_of(_id(parameters, "draft"))


def show_draft(parameters: Parameters) -> Facts:
    """Which rules, by whom."""
    draft = _draft(parameters)
    return {
        "rule set": Link(draft.version, "risk.RiskRuleSet", str(draft.id)),
        "drafted by": draft.drafted_by,
        "rules": len(draft.content["rules"]),
        "model": draft.content.get("model") or "none",
    }


def state_of_draft(parameters: Parameters) -> Facts:
    """The draft, and the rules it would replace: another publication makes it stale."""
    draft = _draft(parameters)
    return {
        "hash": draft.content_hash,
        "published": str(draft.published_at or "-"),
        "in force": queries.rules_in_force().version,
    }


def check_draft(parameters: Parameters) -> None:
    """Only a draft that is not published yet."""
    draft = _draft(parameters)
    if draft.published_at is not None:
        raise drafts.DraftPublished(version=draft.version)


def foretell_publication(parameters: Parameters) -> Facts:
    """What changes, beside what the shadow run has shown."""
    draft = _draft(parameters)
    return {
        "rules in force": change(queries.rules_in_force().version, draft.version),
        **shadow_report(draft.version).facts(),
    }


def target_draft(parameters: Parameters) -> str:
    """The rules in force, which there is one of."""
    _draft(parameters)
    return drafts.IN_FORCE


@action(
    PUBLISH,
    title="Publish risk rules",
    parameters={"draft": show_draft},
    target=target_draft,
    state=state_of_draft,
    check=check_draft,
    effect=foretell_publication,
    checkers=2,
)
def publish(approved: Approved) -> Facts:
    """Put the draft in force."""
    draft = drafts.publish_rule_set(
        draft_id=_id(approved.parameters, "draft"), approved_by=list(approved.checkers)
    )
    return {"version": draft.version}


def _entry(parameters: Parameters) -> ListEntry:
    entry = ListEntry.objects.filter(id=_id(parameters, "entry")).first()
    if entry is None:
        raise EntryUnknown(field="entry")
    return entry


def show_entry(parameters: Parameters) -> Facts:
    """Who or what is on which list, and why."""
    entry = _entry(parameters)
    return {
        "entry": Link(f"{entry.kind} {entry.listed}", "risk.ListEntry", str(entry.id)),
        "who": people.listed(entry.listed, entry.subject_id),
        "why": entry.reason,
        "added by": entry.added_by,
    }


def state_of_entry(parameters: Parameters) -> Facts:
    """How the entry stands."""
    entry = _entry(parameters)
    return {"list": entry.kind, "removed": str(entry.removed_at or "-")}


def check_entry(parameters: Parameters) -> None:
    """Only what stands on a list."""
    if _entry(parameters).removed_at is not None:
        raise EntryUnknown(field="entry")


def foretell_unlisting(parameters: Parameters) -> Facts:
    """The list no longer holds it."""
    return {"list": change(_entry(parameters).kind, "none"), "money": "no balance changes"}


def target_entry(parameters: Parameters) -> str:
    """The entry."""
    return entry_target(_entry(parameters).id)


@action(
    UNLIST,
    title="Take off a risk list",
    parameters={"entry": show_entry},
    target=target_entry,
    state=state_of_entry,
    check=check_entry,
    effect=foretell_unlisting,
)
def take_off(approved: Approved) -> Facts:
    """Take the entry off its list."""
    entry = unlist(
        entry_id=_id(approved.parameters, "entry"), actor=_actor(approved), reason=approved.reason
    )
    return {"removed": str(entry.removed_at)}
