"""The privacy officer's day: who looked at health data, and deleting what is due."""

from datetime import timedelta

import pytest
from django.urls import reverse

from config.admin.retention_run import JOBS, delete_due
from config.admin.roles import ROLES, create_roles
from config.kernel import clock, timetable
from config.kernel.audit.models import AuditEvent
from healthcode.verification.models import AccessLogEntry, Verification
from tests.factories.health import Person, make_gate, make_person
from tests.factories.operators import client_in_role

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WHY = "the monthly round of deletions"


def looked_at() -> Person:
    """Somebody whose code a gate has verified."""
    person = make_person()
    make_gate().verify(person.code())
    return person


def test_the_officer_sees_who_looked_and_what_is_kept_how_long() -> None:
    looked_at()
    text = client_in_role("privacy_officer").get(reverse("privacy_desk")).content.decode()
    assert "Looks at codes" in text
    assert "VERIFIED" in text
    assert "health.purge_visits" in text
    assert "who looked at a code" in text


def test_the_access_log_names_who_looked_and_keeps_reasons_to_the_person() -> None:
    looked_at()
    look = AccessLogEntry.objects.get()
    AccessLogEntry.objects.update(facts={"why": "a private reason"}, colour="YELLOW")
    client = client_in_role("privacy_officer")
    assert (
        look.by
        in client.get(
            reverse("admin:health_verification_accesslogentry_changelist")
        ).content.decode()
    )
    page = client.get(reverse("admin:health_verification_accesslogentry_change", args=[look.pk]))
    assert "a private reason" not in page.content.decode()
    assert AuditEvent.objects.filter(
        action="health.read", actor="operator:privacy_officer"
    ).exists()


def test_what_is_due_is_deleted_once_and_written_down() -> None:
    looked_at()
    AccessLogEntry.objects.update(delete_after=clock.now() - timedelta(days=1))
    kept = Verification.objects.count()
    client = client_in_role("privacy_officer")
    for _ in range(2):
        answer = client.post(reverse("privacy_purge"), {"reason": WHY})
        assert answer.status_code == 302
    assert not AccessLogEntry.objects.exists()
    assert Verification.objects.count() == kept
    first, second = AuditEvent.objects.filter(action="privacy.purge").order_by("seq")
    assert (first.actor, first.purpose) == ("operator:privacy_officer", WHY)
    assert (first.after or {})["health.purge_visits"] == 1
    assert "health.purge_visits" not in (second.after or {})


def test_nothing_is_deleted_before_its_time_and_by_no_get() -> None:
    looked_at()
    client = client_in_role("privacy_officer")
    assert client.get(reverse("privacy_purge")).status_code == 200
    delete_due(actor="operator:pia", reason=WHY)
    assert AccessLogEntry.objects.count() == 1


def test_nothing_is_deleted_without_a_reason() -> None:
    looked_at()
    AccessLogEntry.objects.update(delete_after=clock.now() - timedelta(days=1))
    client_in_role("privacy_officer").post(reverse("privacy_purge"), {"reason": "short"})
    assert AccessLogEntry.objects.exists()


def test_nobody_else_opens_the_desk_or_deletes() -> None:
    create_roles()
    for role in sorted(set(ROLES) - {"privacy_officer"}):
        client = client_in_role(role)
        assert client.get(reverse("privacy_desk")).status_code == 403, role
        assert client.post(reverse("privacy_purge"), {"reason": WHY}).status_code == 403, role


def test_the_jobs_are_those_of_the_timetable() -> None:
    assert set(JOBS) <= set(timetable.names())
