"""A citizen, a guard and no network: the whole way in a real browser."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Browser, expect
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from config.kernel import clock
from healthcode.passes.models import Pass
from healthcode.passes.values import PassKind
from healthcode.subjects.models import Subject
from healthcode.subjects.usecases.decide_guardianship import approve_guardianship
from healthcode.subjects.usecases.request_guardianship import request_guardianship
from healthcode.subjects.values import DocumentType, Identity, IdentityProof, Proof, Relation
from healthcode.verification.models import AccessLogEntry, Terminal, Verification
from healthcode.verification.usecases.register_terminal import invite_terminal
from healthcode.verification.values import TerminalMode
from tests.browser.gate import Citizen, Guard, altered
from tests.factories.accounts import PASSWORD, id_number, make_user, serial_of
from tests.factories.health import Gate, make_gate, make_person
from wallet.accounts.models import WalletUser

STORED = """async () => {
  const { load } = await import("/static/health/js/store.js");
  const kept = await new Promise((resolve) => {
    indexedDB.open("saoma-health", 1).onsuccess = ({ target }) => {
      const things = target.result.transaction("things").objectStore("things");
      things.getAllKeys().onsuccess = (found) => resolve(found.target.result);
    };
  });
  const personal = kept.filter((name) => name.includes("/"));
  return JSON.stringify(await Promise.all(personal.map(async (name) => [name, await load(name)])));
}"""
EXPORTED = """async () => {
  const { load } = await import("/static/health/js/store.js");
  const { privateKey } = await load("citizen/key");
  return crypto.subtle.exportKey("jwk", privateKey).then(() => "read", ({ name }) => name);
}"""
ID_CARD = "11010519491231002X"
AWAKE_S = 120


@dataclass
class Square:
    """A citizen and a guard at a gate, each with a browser of their own."""

    citizen: Citizen
    guard: Guard
    gate: Gate
    user: WalletUser


@pytest.fixture
def square(browser: Browser, live_server: LiveServer) -> Iterator[Square]:
    """Nobody is signed in yet; nothing may have gone wrong by the end."""
    contexts = [browser.new_context(locale="en"), browser.new_context(locale="en")]
    citizen = Citizen(contexts[0].new_page(), live_server.url)
    guard = Guard(contexts[1].new_page(), live_server.url)
    square = Square(citizen, guard, make_gate(), make_user())
    yield square
    for context in contexts:
        context.close()
    assert citizen.faults + guard.faults == []


@pytest.fixture
def open_gate(square: Square) -> Square:
    """The citizen is green, and the guard has the lists."""
    square.citizen.sign_in(square.user.phone, PASSWORD)
    square.citizen.declare(ID_CARD)
    square.guard.set_up(square.gate.credential)
    return square


def test_a_citizen_declares_shows_and_is_let_in(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    citizen.sees(".code .word", "Green")

    guard.scan(citizen)

    guard.finds("Come in")
    guard.sees(".verdict-place", "Checked with the server")
    assert Verification.objects.get().verdict == "ADMITTED"
    citizen.page.locator("#looks summary").click()
    citizen.sees("#looks", "Library, Gate 1")


@pytest.mark.parametrize("verified", [True, False])
def test_the_page_fetches_the_wallets_word_and_proves_by_it(
    square: Square, settings: Settings, verified: bool
) -> None:
    settings.SAOMA_HEALTH_SIMULATED_IDENTITY = False
    citizen = square.citizen
    citizen.sign_in(square.user.phone, PASSWORD)
    own = id_number(serial=serial_of(square.user))
    if verified:
        citizen.declare(own)
        citizen.sees(".code .word", "Green")
    else:
        citizen.expected.add(422)
        citizen.fill(declare_number=ID_CARD)
        citizen.press("Declare")
        expect(citizen.page.locator("#declare-number")).to_be_attached(timeout=15_000)
        citizen.sees("main", "It is not proven yet who you are")
    proof = Subject.objects.get().identity_proof
    assert proof == (IdentityProof.WALLET if verified else "")


def test_showing_for_two_minutes_asks_the_server_nothing(square: Square) -> None:
    square.citizen.page.clock.install()
    square.citizen.sign_in(square.user.phone, PASSWORD)
    square.citizen.declare(ID_CARD)
    square.citizen.page.wait_for_load_state("networkidle")
    square.citizen.asked.clear()
    shown = {square.citizen.shown()}

    for _ in range(AWAKE_S // 30):
        square.citizen.page.clock.run_for(30_500)
        square.citizen.page.wait_for_timeout(150)
        shown.add(square.citizen.shown())

    assert square.citizen.calls() == []
    assert len(shown) == 1 + AWAKE_S // 30


def test_the_code_is_there_without_network_and_the_gate_believes_it(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    citizen.context.set_offline(True)
    guard.context.set_offline(True)

    citizen.page.reload()
    guard.page.reload()
    citizen.symbol.wait_for()
    citizen.sees("#banner", "Your code still works")
    guard.scan(citizen)

    guard.finds("Come in")
    guard.sees(".verdict-place", "without network")
    assert not Verification.objects.exists()


def test_without_network_the_gate_tells_every_kind_of_no_apart(open_gate: Square) -> None:
    guard, person = open_gate.guard, make_person()
    specimen = person.code(PassKind.SPECIMEN)
    revoked = person.code(PassKind.PAPER)
    Pass.objects.filter(kind=PassKind.PAPER).update(revoked_at=person.subject.created_at)
    minute = person.code()
    yellow = make_person(symptoms=["fever"]).code()
    guard.update()
    guard.context.set_offline(True)

    for code, verdict in (
        (specimen, "SPECIMEN"),
        (revoked, "Revoked"),
        (yellow, "No entry here"),
        (minute, "Come in"),
        ("https://example.test/", "Not a health code"),
        (altered(minute), "Not a genuine code"),
    ):
        guard.check(code)
        guard.finds(verdict)

    guard.pass_time(seconds=61)
    guard.check(minute)
    guard.finds("Expired")
    assert not AccessLogEntry.objects.exists()


def test_a_scanner_whose_lists_are_old_says_that_it_cannot_tell(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    guard.context.set_offline(True)
    guard.pass_time(seconds=3600)
    citizen.pass_time(seconds=3600)
    citizen.page.locator(".next[value='30']").wait_for()

    guard.scan(citizen)

    guard.finds("This scanner cannot tell")
    guard.sees(".verdict-place", "Not the person's fault")


def test_what_was_seen_without_network_is_handed_in_without_anybody(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    guard.context.set_offline(True)
    guard.scan(citizen)
    guard.sees(".state", "1 verdicts wait")

    guard.context.set_offline(False)
    guard.update()

    expect(guard.page.locator(".state")).not_to_contain_text("wait to be sent")
    row = Verification.objects.get(offline=True)
    assert (row.verdict, row.colour, row.subject) == ("ADMITTED", "GREEN", None)


def test_a_picture_of_a_code_is_not_the_code(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    photographed = guard.read(citizen)
    for screen in (citizen, guard):
        screen.context.set_offline(True)
    guard.pass_time(seconds=100)

    guard.check(photographed)

    guard.finds("Expired")
    guard.sees(".verdict-place", "An old picture of a code")


def test_a_paper_code_is_looked_up_after_the_identity_document(open_gate: Square) -> None:
    guard, paper = open_gate.guard, make_person().code(PassKind.PAPER)

    guard.check(paper)
    guard.finds("Paper code")
    guard.press("It matches")

    guard.finds("Come in")
    assert set(Verification.objects.values_list("verdict", flat=True)) == {"ID_CHECK", "ADMITTED"}


def test_a_paper_code_opens_with_the_identity_document_alone(open_gate: Square) -> None:
    guard, paper = open_gate.guard, make_person().code(PassKind.PAPER)

    guard.check(paper)
    guard.finds("Paper code")
    guard.sees(".verdict-place", "张* · born 02-14")
    guard.press("It does not")

    guard.finds("Not shown by its own device")
    guard.sees(".verdict-place", "another person's")


def test_after_the_verdict_nothing_of_the_person_is_left(open_gate: Square) -> None:
    guard = open_gate.guard
    guard.check(make_person().code())
    guard.sees(".verdict-place", "张*")

    guard.press("Next person")

    guard.sees(".verdict-place", "The next code, please")
    assert "张" not in guard.page.content()
    assert "张" not in guard.page.evaluate(STORED)


def test_no_script_can_read_the_key(open_gate: Square) -> None:
    assert open_gate.citizen.page.evaluate(EXPORTED) == "InvalidAccessError"


def test_a_changed_colour_is_shown_at_once(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    before = guard.read(citizen)
    citizen.page.locator("#checkin summary").click()
    citizen.page.locator("#checkin-fever").check()
    citizen.press("Check in for today")

    citizen.sees(".code .word", "Yellow")
    citizen.sees("section.card", "The way back to green")
    guard.expected.add(410)
    guard.check(before)
    guard.finds("Out of date")


def test_an_appeal_is_filed_and_has_a_date(open_gate: Square) -> None:
    citizen = open_gate.citizen
    citizen.page.locator("#appeal summary").click()
    citizen.fill(appeal_grounds="The thermometer was broken.")
    citizen.press("Send the appeal")

    citizen.sees("#appeal", "Open")
    citizen.sees("#appeal", "answer due by")


def test_signing_out_leaves_nothing_behind(open_gate: Square) -> None:
    citizen = open_gate.citizen
    citizen.press("Sign out")
    citizen.page.locator("#in-phone").wait_for()

    assert citizen.page.evaluate(STORED) == "[]"


def test_a_revoked_terminal_forgets_itself(open_gate: Square) -> None:
    guard = open_gate.guard
    open_gate.gate.terminal.revoked_at = clock.now()
    open_gate.gate.terminal.save()
    guard.expected.add(403)

    guard.check(make_person().code())

    guard.sees(guard.page.get_by_role("alert"), "not registered any more")
    assert guard.page.evaluate(STORED) == "[]"


def test_a_lost_phone_is_taken_out_of_force(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    shown = guard.read(citizen)
    citizen.page.locator("#devices summary").click()
    citizen.sees("#devices", "this device")
    citizen.press("Lost it")
    citizen.sees("#devices", "taken out of force")

    guard.expected.add(410)
    guard.check(shown)

    guard.finds("Revoked")


def test_a_guardian_shows_a_childs_code_also_without_network(open_gate: Square) -> None:
    citizen, guard = open_gate.citizen, open_gate.guard
    guardian = Subject.objects.get()
    child = Identity("小明", DocumentType.PASSPORT, "E55500001", date(2020, 2, 29))
    row = request_guardianship(
        guardian=guardian, identity=child, relation=Relation.CHILD,
        proof=Proof.BIRTH_CERTIFICATE, proof_reference="B-9",
    )  # fmt: skip
    approve_guardianship(guardianship_id=row.id, maker="officer", checker="approver")
    citizen.page.locator("#family > summary").click()
    citizen.press("Show their code")
    citizen.sees("h1", "小*")
    citizen.page.locator("#declare > summary").click()
    citizen.press("Declare")
    citizen.sees(".code .word", "Green")
    citizen.context.set_offline(True)
    guard.context.set_offline(True)

    guard.scan(citizen)

    guard.finds("Come in")
    guard.sees(".verdict-place", "小* · born 02-29")
    citizen.page.locator("#own-code").click()
    citizen.symbol.wait_for()


def test_a_guards_phone_enrols_by_an_invitation_and_signs_with_its_own_key(square: Square) -> None:
    word = invite_terminal(
        venue_id=square.gate.venue.id, label="Phone", mode=TerminalMode.PHONE, actor="system:test"
    )
    square.guard.set_up(word)

    square.guard.check(make_person().code())

    square.guard.finds("Come in")
    assert not Terminal.objects.get(label="Phone").secret_hash
