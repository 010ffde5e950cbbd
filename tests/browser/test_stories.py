"""A payment's story and the theatre's depths in a browser: the lens, the keys, the one screen."""

import json

from playwright.sync_api import Browser, Response
from pytest_django.fixtures import Settings

from lab import recordings
from lab.classroom import register
from tests.browser.stage import Stage
from tests.factories.world import let_work_run

SCREEN = {"width": 1280, "height": 720}
PHONE = {"width": 390, "height": 844}


def test_a_payment_is_seen_whole_and_a_changed_letter_breaks_its_signature(
    stage: Stage, settings: Settings
) -> None:
    settings.SAOMA_GATEWAY_LOG = "inline"
    page = stage.page
    page.set_viewport_size(SCREEN)  # type: ignore[arg-type]
    stage.open()
    stage.log_in()
    stage.charge("12.00")
    stage.sees(stage.verdict, "Paid")
    let_work_run()
    stage.sees(page.locator(".theatre-sentence"), "has been told")
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    page.locator("main").press("3")
    stage.sees(page.locator(".theatre-lower"), "signed and verified")
    page.locator("main").press("2")
    stage.sees(page.locator(".theatre-lower .t-account").first, "¥2,000.00")
    assert stage.accessibility_faults() == []

    page.locator(".theatre-head .tag").click()
    stage.sees(page.locator(".story-plot"), "has been told")
    stage.sees(page.locator(".lens-verdict").first, "The signature fits")
    page.get_by_role("button", name="Flip a byte").first.click()
    stage.sees(page.locator(".lens-verdict").first, "does not fit any more")
    page.get_by_role("button", name="As it was").first.click()
    stage.sees(page.locator(".lens-verdict").first, "The signature fits")
    assert stage.accessibility_faults() == []


def line(say: str, **more: object) -> str:
    """A line of a recording, as a run writes it."""
    people = [{"key": "li", "name": "Li", "balance": "100.00", "colour": "GREEN"}]
    texts = dict.fromkeys(("en", "fr", "zh"), say)
    says = {"say": texts, "do": "look", "result": "PASSED"} if say else {}
    facts = {"at": "2026-03-02T00:00:00Z", "next": [], "people": people, "shops": [], **says}
    return json.dumps({**facts, **more})


def test_a_recorded_scenario_is_stepped_through_by_keyboard_in_each_language(
    browser: Browser, stage: Stage
) -> None:
    path = recordings.path_of("stolen-phone")
    path.parent.mkdir(parents=True, exist_ok=True)
    entry = ["Dr li 12.00 / Cr baozi.pending 12.00"]
    steps = [line(""), line("first"), line("second", entries=entry)]
    path.write_text("\n".join([*steps, '{"ended": "PASSED"}', ""]), encoding="utf-8")
    for locale, ended in (("en-GB", "passed"), ("fr-FR", "réussi"), ("zh-CN", "通过")):
        context = browser.new_context(locale=locale, viewport=SCREEN)  # type: ignore[arg-type]
        view = Stage(context.new_page(), stage.address)
        view.open("/?scenario=stolen-phone")
        view.page.locator("#cast-people .cast-row").wait_for()
        view.page.locator("main").press("ArrowRight")
        view.sees(view.page.locator(".theatre-sentence"), "first")
        view.page.locator("main").press("2")
        view.page.locator("#predict-debit").fill("li 12.00")
        view.page.locator("#predict-credit").fill("baozi.pending 12.00")
        view.page.locator("#predict-credit").press("Enter")
        view.page.locator(".predictor .notice:not(.bad) button").click()
        view.sees(view.page.locator(".theatre-sentence"), "second")
        view.sees(view.page.locator("#scenario-result"), ended)
        assert view.page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
        assert view.accessibility_faults() == []
        assert view.faults == []
        context.close()


def test_what_a_step_compares_is_seen_whole_on_a_laptop_and_on_a_phone(
    browser: Browser, stage: Stage
) -> None:
    path = recordings.path_of("stolen-phone")
    path.parent.mkdir(parents=True, exist_ok=True)
    balances = [{"owner": f"Shop {name}", "role": "payable", "amount": "1.00"} for name in "ABCDEF"]
    facts = {"at": "2026-03-02T00:00:00Z", "word": "", "mark": "", "ref": ""}
    call = {"from": "phone", "to": "till", "key": "shows_code", **facts}
    steps = [line(""), line("paid", arrows=[call] * 5), line("seen", balances=balances)]
    path.write_text("\n".join([*steps, '{"ended": "PASSED"}', ""]), encoding="utf-8")
    for screen in (SCREEN, PHONE):
        context = browser.new_context(locale="en-GB", viewport=screen)  # type: ignore[arg-type]
        view = Stage(context.new_page(), stage.address)
        view.open("/?scenario=stolen-phone")
        view.page.locator("#cast-people .cast-row").wait_for()
        view.page.locator("main").press("ArrowRight")
        view.sees(view.page.locator(".theatre-sentence"), "paid")
        assert hidden_height(view, ".theatre-upper") == 0
        view.page.locator("main").press("ArrowRight")
        view.sees(view.page.locator(".theatre-lower"), "Shop F · to be paid out")
        assert hidden_height(view, ".theatre-lower") == 0
        assert view.faults == []
        context.close()


def hidden_height(view: Stage, selector: str) -> int:
    """How much of an element has to be scrolled into sight."""
    height = view.page.locator(selector).evaluate("(box) => box.scrollHeight - box.clientHeight")
    return int(height)


def answers_of(stage: Stage, path: str) -> list[Response]:
    """Everything that a page asks for, with nothing in the browser's cache."""
    answers: list[Response] = []

    def note(answer: Response) -> None:
        answers.append(answer)

    context = stage.page.context.browser.new_context()  # type: ignore[union-attr]
    page = context.new_page()
    page.on("response", note)
    page.goto(stage.address + path)
    page.wait_for_timeout(400)
    context.close()
    return answers


LIGHT_PAGES = (
    "/", "/phone/", "/till/", "/stage/", "/story/", "/magic/", "/lessons/", "/doors/", "/faults/",
    "/lessons/journee-de-li/", "/worksheets/", "/abuses/", "/console/", "/console/guides/python/",
    "/class/", "/class/roster/",
)  # fmt: skip


def test_no_page_weighs_more_than_300_kilobytes_and_none_asks_elsewhere(
    stage: Stage, settings: Settings
) -> None:
    students = [f"Student {number}" for number in range(30)]
    class_ = register.enrol(
        students, host="10.0.0.5", port=8100, scenario="stolen-phone", fault_seed=42
    )
    register.keep(class_, settings.DATA_DIR)
    for path in LIGHT_PAGES:
        answers = answers_of(stage, path)
        weight = sum(int(one.headers.get("content-length", 0)) for one in answers)
        assert 0 < weight < 300_000, (path, weight)
        assert [one.url for one in answers if not one.url.startswith(stage.address)] == []
