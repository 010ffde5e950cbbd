"""Tries, sessions and second factors of operators, at the letter and at each bound."""

import base64
import hashlib
import hmac
import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from config.kernel import clock, keys
from config.kernel.access import factor_session, second_factor, sessions, sign_in
from config.kernel.access.guard import Authority
from config.kernel.access.models import OperatorSession, RecoveryCode, SecondFactor, SignInTries
from config.kernel.access.second_factor import FRESH, CodeWrong
from config.kernel.access.sign_in import TooManySignIns
from config.kernel.access.values import (
    LONGEST_IDLE,
    LONGEST_SESSION,
    OF_AN_ADDRESS,
    OF_AN_OPERATOR,
    SEEN_EVERY,
    SessionEnd,
    TryBy,
)
from config.kernel.audit.models import AuditEvent
from config.kernel.errors import InvariantBroken
from tests.factories.operators import make_operator
from tests.factories.second_factor import Authenticator

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)
ADDRESS = "192.0.2.7"


class Moment:
    """A present that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = clock.now().replace(microsecond=0)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    present = Moment()
    monkeypatch.setattr(sessions, "present", present)
    monkeypatch.setattr(clock, "now", present)
    return present


@pytest.fixture
def ann() -> User:
    return make_operator("ann")


def events() -> list[tuple[str, str, str, str, object, object]]:
    rows = AuditEvent.objects.filter(action__startswith="access.").order_by("seq")
    return [(e.action, e.actor, e.target, e.purpose, e.before, e.after) for e in rows]


def try_of(name: str = "ann", address: str = ADDRESS, by: TryBy | None = None) -> int | None:
    """Begin a try; the seconds to wait where it is refused."""
    try:
        if by is None:
            sign_in.begin_try(username=name, address=address)
        else:
            sign_in.begin_try(username=name, address=address, by=by)
    except TooManySignIns as refusal:
        return int(str(refusal.fields["retry_after_s"]))
    return None


def counted() -> dict[tuple[str, str], int]:
    return {(row.by, row.subject): row.tries for row in SignInTries.objects.all()}


def test_a_name_is_counted_as_it_is_meant_and_its_address_beside_it() -> None:
    assert try_of("  ANN ") is None
    assert try_of("n" * 151, by=TryBy.CODE) is None
    assert counted() == {
        ("OPERATOR", "ann"): 1,
        ("CODE", "n" * 150): 1,
        ("ADDRESS", ADDRESS): 2,
    }
    with pytest.raises(InvariantBroken, match=r"^a password is checked only with the caller's"):
        sign_in.begin_try(username="ann", address="")


def test_the_last_allowed_try_locks_until_its_time_is_over(moment: Moment) -> None:
    assert [try_of() for _ in range(OF_AN_OPERATOR.tries)] == [None] * OF_AN_OPERATOR.tries
    assert try_of() == 900
    moment.now += timedelta(seconds=899, milliseconds=900)
    assert try_of() == 1
    assert try_of("another") is None
    moment.now += timedelta(milliseconds=100)
    assert try_of() is None
    assert counted()["OPERATOR", "ann"] == 1


def test_tries_are_in_a_row_only_within_the_time_of_a_lock(moment: Moment) -> None:
    for _ in range(OF_AN_OPERATOR.tries - 1):
        try_of()
    moment.now += OF_AN_OPERATOR.lock - SECOND
    row = SignInTries.objects.get(by=TryBy.OPERATOR)
    assert (row.tries, row.locked_until) == (OF_AN_OPERATOR.tries - 1, None)
    SignInTries.objects.update(tries=1)
    assert try_of() is None
    assert counted()["OPERATOR", "ann"] == 2
    moment.now += OF_AN_OPERATOR.lock
    assert try_of() is None
    assert counted()["OPERATOR", "ann"] == 1


def test_an_address_that_may_try_no_more_counts_for_no_name() -> None:
    for number in range(OF_AN_ADDRESS.tries):
        assert try_of(f"nobody{number}") is None
    assert try_of() == 900
    assert ("OPERATOR", "ann") not in counted()


def test_a_right_password_clears_the_name_and_gives_the_address_its_try_back() -> None:
    for name in ("ann", "ann", "bob"):
        try_of(name)
    try_of(by=TryBy.CODE)
    SignInTries.objects.update(locked_until=clock.now() + timedelta(hours=1))
    sign_in.forget_tries(username=" Ann", address=ADDRESS)
    assert counted() == {
        ("OPERATOR", "ann"): 0,
        ("OPERATOR", "bob"): 1,
        ("CODE", "ann"): 1,
        ("ADDRESS", ADDRESS): 3,
    }
    unlocked = SignInTries.objects.filter(locked_until=None).values_list("by", "subject")
    assert set(unlocked) == {("OPERATOR", "ann"), ("ADDRESS", ADDRESS)}
    for _ in range(5):
        sign_in.forget_tries(username="n" * 151, address=ADDRESS, by=TryBy.CODE)
    assert counted()["ADDRESS", ADDRESS] == 0
    sign_in.forget_tries(username="ann", address="198.51.100.1")
    assert ("ADDRESS", "198.51.100.1") not in counted()


def use(operator: User, key: str = "k", browser: str = "B") -> SessionEnd | None:
    return sessions.use_session(operator=operator, key=key, address=ADDRESS, browser=browser)


def test_the_first_use_of_a_session_begins_it(ann: User, moment: Moment) -> None:
    assert use(ann, browser="b" * 201) is None
    row = OperatorSession.objects.get()
    assert (row.operator, row.address, row.browser) == (ann, ADDRESS, "b" * 200)
    assert (row.began_at, row.seen_at, row.ended_at) == (moment.now, moment.now, None)
    assert row.key_digest == hashlib.sha256(b"k").hexdigest()
    use(ann, key="another")
    assert OperatorSession.objects.count() == 2


def test_a_use_is_noted_once_in_its_span(ann: User, moment: Moment) -> None:
    use(ann)
    began = moment.now
    for span, seen in ((SEEN_EVERY - SECOND, began), (SECOND, began + SEEN_EVERY)):
        moment.now += span
        assert use(ann) is None
        assert OperatorSession.objects.get().seen_at == seen


def test_a_session_ends_at_the_bound_of_its_idleness_or_age(ann: User, moment: Moment) -> None:
    use(ann)
    moment.now += LONGEST_IDLE - SECOND
    assert use(ann) is None
    moment.now += LONGEST_IDLE
    assert [use(ann), use(ann)] == [SessionEnd.IDLE, SessionEnd.IDLE]
    use(ann, key="old")
    old = OperatorSession.objects.get(ended_at=None)
    OperatorSession.objects.filter(id=old.id).update(began_at=moment.now - LONGEST_SESSION + SECOND)
    assert use(ann, key="old") is None
    moment.now += SECOND
    assert use(ann, key="old") is SessionEnd.TOO_OLD
    end = {"session": str(old.id), "how": "TOO_OLD", "address": ADDRESS}
    assert events()[-1] == (
        "access.session_ended", "system:sessions", "operator:ann", "", None, end
    )  # fmt: skip
    assert len(events()) == 2


def test_a_session_is_ended_once_by_whom_and_why(ann: User, moment: Moment) -> None:
    use(ann)
    row = OperatorSession.objects.get()
    for how, actor in ((SessionEnd.ENDED, "a" * 200), (SessionEnd.IDLE, "system:sessions")):
        session = sessions.end_session(session_id=row.id, how=how, actor=actor, reason="r" * 300)
        assert (session.ended_by, session.ended_at) == ("ENDED", moment.now)
    row.refresh_from_db()
    assert (row.ended_by, row.ended_at) == ("ENDED", moment.now)
    after = {"session": str(row.id), "how": "ENDED", "address": ADDRESS}
    assert events() == [("access.session_ended", "a" * 128, "operator:ann", "r" * 256, None, after)]
    nobody = uuid.uuid4()
    with pytest.raises(sessions.SessionUnknown) as refused:
        sessions.end_session(session_id=nobody, how=SessionEnd.ENDED, actor="system:test")
    assert refused.value.fields == {"session_id": str(nobody)}


def test_all_sessions_of_one_operator_are_ended_and_told(ann: User) -> None:
    for key in ("one", "two"):
        use(ann, key=key)
    use(make_operator("bob"), key="three")
    assert sessions.end_all(operator=ann, actor="operator:ida", reason="lost") == 2
    assert sessions.end_all(operator=ann, actor="operator:ida", reason="lost") == 0
    assert OperatorSession.objects.get(ended_at=None).operator.username == "bob"
    facts = {(actor, target, purpose) for _, actor, target, purpose, _, _ in events()}
    assert facts == {("operator:ida", "operator:ann", "lost")}


def test_signing_out_ends_the_session_of_that_key(ann: User) -> None:
    use(ann)
    sessions.sign_out(key="another", actor="operator:ann")
    assert events() == []
    sessions.sign_out(key="k", actor="operator:ann")
    row = OperatorSession.objects.get()
    assert row.ended_by == "SIGNED_OUT"
    after = {"session": str(row.id), "how": "SIGNED_OUT", "address": ADDRESS}
    assert events() == [("access.session_ended", "operator:ann", "operator:ann", "", None, after)]


def confirmed(operator: User) -> tuple[Authenticator, list[str]]:
    phone = Authenticator(second_factor.begin(operator=operator))
    code = phone.code()
    codes = second_factor.confirm(operator=operator, code=code, address=ADDRESS)
    return phone, codes


def accept(operator: User, code: str, target: str = "session") -> bool:
    try:
        second_factor.accept(operator=operator, code=code, address=ADDRESS, target=target)
    except CodeWrong as refusal:
        if refusal.field != "code":
            raise
        return False
    return True


def test_a_secret_of_160_bits_waits_until_a_code_confirms_it(ann: User) -> None:
    assert second_factor.begun_secret(ann) is None
    with pytest.raises(second_factor.NotBegun):
        second_factor.confirm(operator=ann, code="000000", address=ADDRESS)
    first, secret = second_factor.begin(operator=ann), second_factor.begin(operator=ann)
    assert first != secret
    assert re.fullmatch("[A-Z2-7]{32}", secret)
    assert second_factor.begun_secret(ann) == secret
    assert not second_factor.is_set_up(ann)
    second_factor.confirm(operator=ann, code=Authenticator(secret).code(), address=ADDRESS)
    assert second_factor.begun_secret(ann) is None
    assert second_factor.is_set_up(ann)
    assert not second_factor.is_set_up(make_operator("bob"))
    for again in (
        lambda: second_factor.begin(operator=ann),
        lambda: second_factor.confirm(operator=ann, code="000000", address=ADDRESS),
    ):
        with pytest.raises(second_factor.AlreadySetUp):
            again()
    assert SecondFactor.objects.get().confirmed_at == sessions.present()


def test_the_address_for_the_app_names_the_house_the_operator_and_the_secret(ann: User) -> None:
    assert second_factor.address_of(ann, "ABC234") == (
        "otpauth://totp/Saoma%3Aann?secret=ABC234&issuer=Saoma"
    )


def test_recovery_codes_are_kept_under_a_keyed_digest(ann: User) -> None:
    _, codes = confirmed(ann)
    assert len(codes) == len(set(codes)) == 10
    assert all(re.fullmatch("([a-z2-7]{4}-){3}[a-z2-7]{4}", code) for code in codes)
    key = keys.derive("operators-recovery-codes", 32)
    digests = {
        hmac.new(key, f"{ann.pk}:{code.replace('-', '')}".encode(), hashlib.sha256).hexdigest()
        for code in codes
    }
    assert set(RecoveryCode.objects.values_list("digest", flat=True)) == digests


def test_a_recovery_code_is_taken_once_however_it_is_typed_and_of_its_owner_alone(
    ann: User, moment: Moment
) -> None:
    _, codes = confirmed(ann)
    bob = make_operator("bob")
    confirmed(bob)
    assert not accept(bob, codes[0])
    assert accept(ann, codes[0].upper().replace("-", " "))
    assert not accept(ann, codes[0])
    row = RecoveryCode.objects.get(used_at__isnull=False)
    assert (row.operator, row.used_at) == (ann, moment.now)
    assert accept(ann, codes[1].replace("-", ""), target="t" * 200)
    after = {"kind": "recovery code", "address": ADDRESS}
    assert events()[-1] == ("access.code_accepted", "operator:ann", "t" * 128, "", None, after)


def test_codes_of_the_step_before_and_after_count_and_none_beyond(
    ann: User, moment: Moment
) -> None:
    phone, _ = confirmed(ann)
    for step, taken in ((-2, False), (2, False), (-1, True), (0, True), (1, True), (0, False)):
        moment.now += timedelta(minutes=5) if step == -2 else timedelta()
        assert accept(ann, phone.code(step=step)) is taken, step
    moment.now += timedelta(minutes=5)
    code = phone.code(step=0)
    assert accept(ann, f"{code[:3]} {code[3:]}")
    assert SecondFactor.objects.get().last_step == int(moment.now.timestamp()) // 30


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "12345a"])
def test_what_is_no_code_of_six_digits_confirms_nothing(ann: User, code: str) -> None:
    second_factor.begin(operator=ann)
    with pytest.raises(CodeWrong) as refused:
        second_factor.confirm(operator=ann, code=code, address=ADDRESS)
    assert refused.value.field == "code"
    assert not second_factor.is_set_up(ann)
    assert not RecoveryCode.objects.exists()


def test_wrong_codes_are_counted_as_codes_and_forgotten_after_a_right_one(ann: User) -> None:
    phone = Authenticator(second_factor.begin(operator=ann))
    for _ in range(4):
        with pytest.raises(CodeWrong):
            second_factor.confirm(operator=ann, code="000000", address=ADDRESS)
    assert counted() == {("CODE", "ann"): 4, ("ADDRESS", ADDRESS): 4}
    second_factor.confirm(operator=ann, code=phone.code(), address=ADDRESS)
    assert counted() == {("CODE", "ann"): 0, ("ADDRESS", ADDRESS): 4}
    assert [accept(ann, "000000") for _ in range(5)] == [False] * 5
    with pytest.raises(TooManySignIns):
        accept(ann, phone.code())
    assert events()[-1] == (
        "access.code_locked", "operator:ann", "session", "", None, {"address": ADDRESS}
    )  # fmt: skip
    assert not accept(make_operator("bob"), "000000")


def test_setting_up_and_taking_away_are_written_down(ann: User) -> None:
    confirmed(ann)
    word = Authority("operator:ida, operator:irma", "r" * 300)
    second_factor.reset(operator=ann, authority=word)
    assert not SecondFactor.objects.exists()
    assert not RecoveryCode.objects.exists()
    assert events() == [
        ("access.second_factor_set_up", "operator:ann", "second factor", "", None, {}),
        ("access.second_factor_reset", word.actor, "operator:ann", "r" * 256, None, None),
    ]


def test_a_session_shows_its_code_once_and_is_fresh_for_moments(
    ann: User, moment: Moment, rf: RequestFactory, settings: Settings
) -> None:
    request = rf.get("/")
    request.session = {}  # type: ignore[assignment]
    assert not factor_session.is_demanded(ann)
    assert factor_session.is_fresh(request, ann)
    settings.LAB_MODE = False
    assert factor_session.is_demanded(ann)
    assert not factor_session.is_fresh(request, ann)
    settings.LAB_MODE = True
    phone, _ = confirmed(ann)
    assert factor_session.is_demanded(ann)
    assert not factor_session.is_shown(request)
    factor_session.show(request, ann, code=phone.code(), address=ADDRESS, target="session")
    assert request.session == {"second_factor_at": moment.now.timestamp()}
    assert factor_session.is_shown(request)
    moment.now += FRESH - SECOND
    assert factor_session.is_fresh(request, ann)
    moment.now += SECOND
    assert not factor_session.is_fresh(request, ann)


def test_the_secret_of_the_standards_example_is_sealed_for_its_purpose(ann: User) -> None:
    secret = second_factor.begin(operator=ann)
    sealed = bytes(SecondFactor.objects.get().sealed_secret)
    assert keys.unseal(sealed, purpose="operators-second-factor") == base64.b32decode(secret)
