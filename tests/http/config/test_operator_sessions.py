"""Sessions of operators end: unused, grown old, by their owner or by who gives out rights."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from config.admin import operator_approvals
from config.kernel.access import sessions
from config.kernel.access.models import OperatorSession
from config.kernel.access.values import LONGEST_IDLE, LONGEST_SESSION
from config.kernel.audit.models import AuditEvent
from tests.factories.clock import advance
from tests.factories.operators import make_operator

pytestmark = pytest.mark.django_db
HOME = "/admin/"
LIST = reverse("admin:access_operatorsession_changelist")
REASON = {"reason": "the phone was left in a taxi"}


def browser_of(operator: User) -> Client:
    """A signed-in browser that has opened the panel."""
    client = Client(HTTP_USER_AGENT="Browser of the test")
    client.force_login(operator)
    assert client.get(HOME).status_code == 200
    return client


def ending(operator: User) -> str:
    """The page where an operator's newest session is ended."""
    session = OperatorSession.objects.filter(operator=operator).latest("began_at")
    return reverse("admin:access_operatorsession_end", args=[session.pk])


def ends() -> list[tuple[str, str, str]]:
    """Ends in the audit log: by whom, whose, how."""
    rows = AuditEvent.objects.filter(action="access.session_ended").order_by("seq")
    return [(row.actor, row.target, (row.after or {})["how"]) for row in rows]


@pytest.mark.parametrize(
    ("column", "span", "how"),
    [("seen_at", LONGEST_IDLE, "IDLE"), ("began_at", LONGEST_SESSION, "TOO_OLD")],
)
def test_a_session_that_is_over_asks_to_sign_in_again_and_is_written_down_once(
    column: str, span: timedelta, how: str
) -> None:
    client = browser_of(make_operator("ann"))
    past = sessions.present() - span
    OperatorSession.objects.update(**{column: past + timedelta(minutes=1)})
    assert client.get(HOME).status_code == 200
    OperatorSession.objects.update(**{column: past})
    for _ in range(2):
        answer = client.post(HOME, {"go": "1"})
        assert answer.headers["Location"].startswith("/admin/login/?next=/admin/")
    assert ends() == [("system:sessions", "operator:ann", how)]


def test_a_used_session_goes_on_past_the_idle_time() -> None:
    client = browser_of(make_operator("ann"))
    for _ in range(3):
        OperatorSession.objects.update(seen_at=sessions.present() - LONGEST_IDLE * 0.9)
        assert client.get(HOME).status_code == 200
    assert sessions.present() - OperatorSession.objects.get().seen_at < timedelta(minutes=1)


def test_a_lesson_that_moves_the_world_signs_nobody_out() -> None:
    client = browser_of(make_operator("ann"))
    advance(days=3)
    assert client.get(HOME).status_code == 200


def test_signing_out_ends_the_session_of_that_browser_alone() -> None:
    ann = make_operator("ann")
    first, second = browser_of(ann), browser_of(ann)
    first.post(reverse("admin:logout"))
    assert ends() == [("operator:ann", "operator:ann", "SIGNED_OUT")]
    assert second.get(HOME).status_code == 200


def test_an_operator_sees_and_ends_own_sessions_and_nobody_elses() -> None:
    ann, bob = make_operator("ann"), make_operator("bob")
    lost, kept, other = browser_of(ann), browser_of(ann), browser_of(bob)
    page = kept.get(LIST).content.decode()
    assert page.count("Browser of the test") == 2
    assert "bob" not in page
    assert kept.post(ending(bob), REASON).status_code == 403
    first = OperatorSession.objects.filter(operator=ann).earliest("began_at")
    address = reverse("admin:access_operatorsession_end", args=[first.pk])
    assert kept.get(address).status_code == 200
    assert kept.post(address, {"reason": "short"}).status_code == 200
    assert kept.post(address, REASON).status_code == 302
    assert lost.get(HOME).status_code == 302
    assert kept.get(HOME).status_code == other.get(HOME).status_code == 200
    assert ends() == [("operator:ann", "operator:ann", "ENDED")]


def test_who_gives_out_rights_ends_anybodys() -> None:
    ann = make_operator("ann")
    annas = browser_of(ann)
    idas = browser_of(make_operator("ida", operator_approvals.ASK))
    assert "ann" in idas.get(LIST).content.decode()
    assert idas.post(ending(ann), REASON).status_code == 302
    assert annas.get(HOME).status_code == 302
    assert ends() == [("operator:ida", "operator:ann", "ENDED")]
    assert AuditEvent.objects.get(action="access.session_ended").purpose == REASON["reason"]


def test_the_key_that_opens_the_panel_is_nowhere_in_the_list() -> None:
    client = browser_of(make_operator("ann"))
    row = OperatorSession.objects.get()
    key = client.session.session_key
    assert key is not None
    assert key not in str(vars(row))
    page = client.get(reverse("admin:access_operatorsession_change", args=[row.pk]))
    assert row.key_digest not in page.content.decode()
