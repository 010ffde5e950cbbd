"""What falls due for approval requests."""

import logging
from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.db.models import Q
from django.db.models.signals import post_migrate

from config.kernel import timetable
from config.kernel.actors import operator_actor
from config.kernel.alarms import readers
from config.kernel.approvals import compare, queries, registry
from config.kernel.approvals.execute import execute_request
from config.kernel.approvals.expire import expire_requests
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.rights import create_rights
from config.kernel.approvals.threshold_action import CHANGE
from config.kernel.approvals.values import Status
from config.kernel.audit import walls, witnesses

logger = logging.getLogger(__name__)
# Registered by its import, like every action in a slice's tasks.
CHANGE_THRESHOLD = CHANGE


@timetable.job("approvals.expire", next_due=queries.next_expiry)
def expire(now: datetime) -> int:
    """Let undecided requests lapse after their day."""
    return expire_requests(now=now)


@timetable.job("approvals.execute", next_due=queries.next_unexecuted)
def execute(now: datetime) -> int:
    """Take up what was approved by somebody whose process died before carrying it out.

    One that cannot even be recorded as failed is logged and tried again; the others go on.
    """
    due = Q(decided_at__lte=now) | Q(decided_at__isnull=True)
    waiting = ApprovalRequest.objects.filter(due, status=Status.APPROVED)
    ids = list(waiting.order_by("requested_at").values_list("id", flat=True))
    count = 0
    for request_id in ids:
        try:
            execute_request(request_id=request_id)
            count += 1
        except Exception:  # One request's edge, as above.
            logger.exception("approval %s could not be executed", request_id)
    return count


def hidden_requests(operator: User) -> Q | None:
    """Audit rows of requests whose action this operator has no right on."""
    visible = set(queries.visible_actions(operator))
    hidden = [entry.name for entry in registry.actions() if entry.name not in visible]
    if not hidden:
        return None
    theirs = Q(actor=operator_actor(operator.get_username()), action="approval.requested")
    return Q(action__startswith="approval.", after__action__in=hidden) & ~theirs


def hidden_alarms(operator: User) -> Q | None:
    """Alarms about requests of actions on which an operator has no right."""
    visible = set(queries.visible_actions(operator))
    hidden = [entry.name for entry in registry.actions() if entry.name not in visible]
    return Q(facts__has_key="action", facts__action__in=hidden) if hidden else None


readers.hide(hidden_alarms)
walls.wall("approvals", hidden_requests)
witnesses.witness("approvals", compare.disagreements)


def create_rights_of_actions(**options: Any) -> None:
    """Make the rows of every registered action's rights once the tables are there."""
    create_rights()


post_migrate.connect(create_rights_of_actions, sender=apps.get_app_config("approvals"))
