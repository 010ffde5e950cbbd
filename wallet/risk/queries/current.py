"""The rule set, the lists and the model in force.

Kept in each process for SAOMA_RISK_REFRESH_S seconds, so that a payment asks no database
for it: a newly published set, a block or a model reaches every process within that time.
"""

import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q, QuerySet

from config.kernel import clock
from wallet.risk import rules
from wallet.risk.models import ListEntry, RiskModel, RiskRuleSet
from wallet.risk.rules.scoring import Model, read_model
from wallet.risk.rules.versions import NEWEST
from wallet.risk.values import UNLISTED, ListedKind, RuleSet

DRAFTS_MAXIMUM = 3
Listed = Mapping[tuple[str, uuid.UUID], str]


@dataclass(frozen=True, slots=True)
class InForce:
    """One consistent look at the rules, the lists and the models."""

    rules: RuleSet
    lists: Listed
    model: Model | None
    challenger: Model | None
    shadows: tuple[RuleSet, ...]

    def list_of(self, kind: ListedKind, subject_id: uuid.UUID | None) -> str:
        """The list that somebody or something is on; "none" where it is on none."""
        return UNLISTED if subject_id is None else self.lists.get((kind, subject_id), UNLISTED)


_cache: dict[str, tuple[float, InForce]] = {}


def in_force() -> InForce:
    """The rules, lists and models of now.

    Raises:
        RuleSetUnknown: the setting names a version that does not exist.
    """
    reference = settings.SAOMA_RISK_RULES
    cached = _cache.get(reference)
    if cached is None or time.monotonic() >= cached[0]:
        cached = (time.monotonic() + settings.SAOMA_RISK_REFRESH_S, _read(reference))
        _cache[reference] = cached
    return cached[1]


def forget() -> None:
    """Read anew at the next decision of this process."""
    _cache.clear()


def loaded(row: RiskRuleSet) -> RuleSet:
    """A stored rule set, ready to judge."""
    return rules.load_rule_set(row.version, row.content)


def standing() -> QuerySet[ListEntry]:
    """The entries that count now: neither taken off nor ended."""
    lasting = Q(ends_at__isnull=True) | Q(ends_at__gt=clock.now())
    return ListEntry.objects.filter(lasting, removed_at__isnull=True)


def published() -> RiskRuleSet | None:
    """The newest published rule set of the panel, if there is one."""
    return RiskRuleSet.objects.filter(published_at__isnull=False).order_by("-published_at").first()


def version_named(version: str) -> RuleSet:
    """A rule set by version, bundled or stored.

    Raises:
        RuleSetUnknown: there is none.
    """
    row = RiskRuleSet.objects.filter(version=version).first()
    return loaded(row) if row else rules.rule_set(version)


def _read(reference: str) -> InForce:
    row = None if reference else published()
    current = loaded(row) if row else rules.rule_set(reference or NEWEST)
    drafts = RiskRuleSet.objects.filter(shadow_since__isnull=False, published_at__isnull=True)
    return InForce(
        rules=current,
        lists={
            (listed, subject_id): kind
            for listed, subject_id, kind in standing().values_list("listed", "subject_id", "kind")
        },
        model=_model(current.model),
        challenger=_model(current.challenger),
        shadows=tuple(loaded(draft) for draft in drafts[:DRAFTS_MAXIMUM]),
    )


def _model(version: str) -> Model | None:
    row = RiskModel.objects.filter(version=version).first() if version else None
    return read_model(row.version, row.text, row.threshold) if row else None
