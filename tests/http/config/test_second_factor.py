"""The second factor: set up once, asked for at sign-in and at each vote, and never twice the same.

A lab demands one of whoever has set one up; elsewhere of every operator.
"""

import base64
import re
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from config.admin import operator_approvals
from config.kernel.access import factor_session, second_factor, sessions
from config.kernel.access.models import OperatorSession, RecoveryCode, SecondFactor
from config.kernel.access.second_factor import FRESH
from config.kernel.approvals.approve import approve_request
from config.kernel.approvals.models import ApprovalRequest
from config.kernel.approvals.request import request_approval
from config.kernel.audit.models import AuditEvent
from tests.factories.approvals import Desk
from tests.factories.operators import make_checker, make_maker, make_operator
from tests.factories.second_factor import Authenticator, set_up_factor

pytestmark = pytest.mark.django_db
HOME, GIVE, SET_UP = "/admin/", "/admin/second-factor/", "/admin/second-factor/set-up/"


class Moment:
    """The present of the second factor, which stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = sessions.present()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    present = Moment()
    monkeypatch.setattr(sessions, "present", present)
    return present


def browser_of(operator: User) -> Client:
    """Signed in by password, and no further."""
    client = Client()
    client.force_login(operator)
    return client


def opened(client: Client) -> bool:
    """Whether the panel lets a browser in."""
    return client.get(HOME).status_code == 200


def actions() -> list[str]:
    rows = AuditEvent.objects.filter(action__startswith="access.")
    return [row.action.removeprefix("access.") for row in rows.order_by("seq")]


def test_an_operator_scans_confirms_and_gets_recovery_codes() -> None:
    client = browser_of(make_operator("ann"))
    assert client.get(SET_UP).status_code == 200
    assert not SecondFactor.objects.exists()
    page = client.post(SET_UP, follow=True).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"<code[^>]*>([A-Z2-7 ]+)</code>", page)
    assert secret is not None
    phone = Authenticator(secret[1])
    assert "wrong" in client.post(SET_UP, {"code": "000000"}).content.decode()
    page = client.post(SET_UP, {"code": phone.code()}).content.decode()
    codes = re.findall(r"<li>([a-z2-7-]{19})</li>", page)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert opened(client)
    assert actions() == ["second_factor_set_up"]


def test_the_secret_rests_sealed_and_recovery_codes_as_digests() -> None:
    phone = set_up_factor(make_operator("ann"))
    row = SecondFactor.objects.get()
    assert phone.secret not in bytes(row.sealed_secret)
    assert {len(code.digest) for code in RecoveryCode.objects.all()} == {64}


def test_a_session_shows_the_code_before_any_page_opens() -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    client = browser_of(ann)
    for path in (HOME, "/admin/password_change/", "/admin/alarms/alarm/", "/admin/health-desk/"):
        answer = client.get(path)
        assert answer.headers["Location"].startswith(GIVE), path
    answer = client.post(f"{GIVE}?next=/admin/alarms/alarm/", {"code": phone.code()})
    assert answer.headers["Location"] == "/admin/alarms/alarm/"
    assert opened(client)
    assert not opened(browser_of(ann))


def test_no_code_counts_twice_nor_one_before_it() -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    code = phone.code()
    assert browser_of(ann).post(GIVE, {"code": code}).status_code == 302
    for again in (code, phone.code(step=-1)):
        assert browser_of(ann).post(GIVE, {"code": again}).status_code == 200
    assert actions()[-3:] == ["code_accepted", "code_refused", "code_refused"]


def test_a_code_of_another_moment_or_of_no_shape_is_refused(moment: Moment) -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    moment.now += timedelta(minutes=10)
    for code in (phone.code(step=-3), phone.code(step=3), "12345", "१२३४५६", "x" * 24):
        client = browser_of(ann)
        assert client.post(GIVE, {"code": code}).status_code in {200, 429}
        assert not opened(client)


def test_wrong_codes_lock_the_code_and_not_the_password() -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    client = browser_of(ann)
    answers = [client.post(GIVE, {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 200, 429]
    assert client.post(GIVE, {"code": phone.code()}).status_code == 429
    signed_in = Client().post(
        "/admin/login/", {"username": "ann", "password": "long enough a word"}
    )
    assert signed_in.status_code == 302
    assert actions()[-2:] == ["code_locked", "signed_in"]


def test_the_audit_log_says_from_where_a_code_came_and_of_which_kind() -> None:
    ann = make_operator("ann")
    phone = Authenticator(second_factor.begin(operator=ann))
    codes = second_factor.confirm(operator=ann, code=phone.code(), address="192.0.2.7")
    for code in (codes[0], "000000", phone.code()):
        browser_of(ann).post(GIVE, {"code": code})
    rows = AuditEvent.objects.filter(action__startswith="access.code_").order_by("seq")
    assert [(row.actor, row.target, row.after) for row in rows] == [
        ("operator:ann", "session", {"kind": "recovery code", "address": "127.0.0.1"}),
        ("operator:ann", "session", {"address": "127.0.0.1"}),
        ("operator:ann", "session", {"kind": "code", "address": "127.0.0.1"}),
    ]


def test_a_vote_without_a_fresh_code_or_without_a_known_session_is_refused(
    moment: Moment, rf: RequestFactory
) -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    client = browser_of(ann)
    client.post(GIVE, {"code": phone.code()})
    request = rf.get(HOME)
    request.session = client.session
    moment.now += FRESH
    phone.step = 0
    with pytest.raises(second_factor.CodeWrong) as missing:
        factor_session.check_fresh(request, ann, code="", target="approval:1")
    assert missing.value.field == "code"
    OperatorSession.objects.all().delete()
    with pytest.raises(second_factor.CodeWrong):
        factor_session.check_fresh(request, ann, code=phone.code(), target="approval:1")


def test_a_recovery_code_opens_once() -> None:
    ann = make_operator("ann")
    secret = second_factor.begin(operator=ann)
    phone = Authenticator(secret)
    codes = second_factor.confirm(operator=ann, code=phone.code(), address="192.0.2.7")
    assert browser_of(ann).post(GIVE, {"code": codes[0].upper()}).status_code == 302
    assert browser_of(ann).post(GIVE, {"code": codes[0]}).status_code == 200
    assert browser_of(ann).post(GIVE, {"code": codes[1].replace("-", "")}).status_code == 302


def test_outside_a_lab_an_operator_without_one_gets_no_further_than_its_page(
    settings: Settings,
) -> None:
    client = browser_of(make_operator("ann"))
    assert opened(client)
    settings.LAB_MODE = False
    assert client.get(HOME).headers["Location"].startswith(GIVE)
    assert client.get(GIVE).headers["Location"] == SET_UP
    assert "lab" not in client.get(SET_UP).content.decode()


def test_a_set_up_factor_is_not_set_up_again_by_its_page() -> None:
    phone = set_up_factor(ann := make_operator("ann"))
    client = browser_of(ann)
    sealed = bytes(SecondFactor.objects.get().sealed_secret)
    client.post(SET_UP)
    client.post(SET_UP, {"code": phone.code()})
    assert bytes(SecondFactor.objects.get().sealed_secret) == sealed
    with pytest.raises(second_factor.AlreadySetUp):
        second_factor.begin(operator=ann)


def vote(client: Client, request: ApprovalRequest, verb: str = "approve", **fields: str) -> str:
    """Vote in the panel; returns where the request stands after."""
    path = f"/admin/approvals/approvalrequest/{request.id}/{verb}/"
    client.post(path, {"comment": "seen", **fields})
    request.refresh_from_db()
    return request.status


def test_a_vote_takes_a_code_of_its_own_once_the_last_is_older_than_moments(
    moment: Moment,
) -> None:
    desk = Desk()
    phone = set_up_factor(desk.carl)
    client = browser_of(desk.carl)
    client.post(GIVE, {"code": phone.code()})
    request = desk.ask()
    moment.now += FRESH
    phone.step = 0
    page = client.get(f"/admin/approvals/approvalrequest/{request.id}/approve/").content.decode()
    assert 'name="code"' in page
    assert vote(client, request) == "PENDING"
    assert vote(client, request, code="000000") == "PENDING"
    assert vote(client, request, "reject", code="000000") == "PENDING"
    assert vote(client, request, code=phone.code()) == "EXECUTED"
    assert AuditEvent.objects.filter(
        action="access.code_accepted", target=f"approval:{request.id}", actor="operator:carl"
    ).exists()
    # Moments after, the next vote needs none.
    another = desk.ask("another")
    page = client.get(f"/admin/approvals/approvalrequest/{another.id}/approve/").content.decode()
    assert 'name="code"' not in page
    assert vote(client, another) == "EXECUTED"


def test_two_reset_it_all_sessions_end_and_the_next_sign_in_sets_up_another() -> None:
    ida = make_maker("ida", operator_approvals.RESET_FACTOR)
    irma = make_checker("irma", operator_approvals.RESET_FACTOR)
    phone = set_up_factor(ann := make_operator("ann"))
    client = browser_of(ann)
    client.post(GIVE, {"code": phone.code()})
    assert opened(client)
    asked = request_approval(
        action=operator_approvals.RESET_FACTOR,
        parameters={"id": str(ann.pk)},
        reason="the phone fell into the lake",
        maker=ida,
    )
    assert approve_request(request_id=asked.id, checker=irma).status == "EXECUTED"
    assert not second_factor.is_set_up(ann)
    assert not RecoveryCode.objects.exists()
    assert client.get(HOME).headers["Location"].startswith("/admin/login/")
    assert "second_factor_reset" in actions()


def test_broken_glass_needs_no_authenticator_of_before() -> None:
    set_up_factor(make_operator("nora"))
    call_command("break_glass", "nora", "--reason", "both approvers are in hospital")
    assert not second_factor.is_set_up(User.objects.get(username="nora"))


def test_the_secret_of_an_authenticator_app_agrees_with_ours() -> None:
    """RFC 6238, appendix B: SHA-1, the last six digits at 59 s."""
    secret = base64.b32encode(b"12345678901234567890").decode()
    address = second_factor.address_of(make_operator("ann"), secret)
    assert address.startswith("otpauth://totp/Saoma%3Aann?secret=GEZDGNBVGY3TQOJQ")
