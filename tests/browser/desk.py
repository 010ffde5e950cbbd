"""An operator at the panel: signs in by the form, and finds things as a person does.

Pages are reached by the menu, the search and the links on them; nothing here types an address.
With `SAOMA_SHOTS` naming a folder, every page is kept there as a picture.
"""

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, Response, expect

from config.kernel.approvals import registry
from config.kernel.approvals.models import ApprovalRequest
from lab import demo_accounts
from tests.browser.stage import Stage
from tests.factories.second_factor import Authenticator

SHOTS = os.environ.get("SAOMA_SHOTS", "")
# A machine that does much else takes its time with a page.
PATIENCE_MS = 60_000
REASON = "the customer has called and asked for it"


class Desk(Stage):
    """An operator's browser: signed in, with the second factor where there is one."""

    def __init__(
        self, page: Page, address: str, role: str, phone: Authenticator | None = None
    ) -> None:
        super().__init__(page, address)
        page.set_default_timeout(PATIENCE_MS)
        self.role, self.phone, self.shots = role, phone, 0
        self.refused: list[str] = []
        page.on("response", self._refusal)
        self.sign_in()

    def _refusal(self, response: Response) -> None:
        """Nobody is sent to a page that answers with a refusal."""
        if 400 <= response.status < 500:
            self.refused.append(f"{response.status} {response.url}")

    def sign_in(self) -> None:
        """By the door's list of logins, the password, and the second factor."""
        self.open("/admin/login/?next=/admin/")
        self.page.locator(".demo-logins").get_by_role("link", name=self.role, exact=True).click()
        expect(self.page.locator("input[name=username]")).to_have_value(self.role)
        self.page.locator("input[name=password]").fill(demo_accounts.OPERATOR_PASSWORD)
        self.page.locator("input[name=password]").press("Enter")
        if self.phone is not None:
            self.page.wait_for_url("**/admin/second-factor/**")
            self.look("second factor")
            self.page.locator("input[name=code]").fill(self.phone.code())
            self.page.locator("input[name=code]").press("Enter")
        self.sees("Today")
        self.look("home")

    def look(self, name: str) -> None:
        """No page is wider than its window; keep a picture where pictures are wanted."""
        self.page.wait_for_load_state()
        self.page.wait_for_timeout(150)
        assert self.overflow() <= 0, f"{self.role} {name}"
        if SHOTS:
            self.shots += 1
            path = Path(SHOTS) / f"{self.role}-{self.shots:02d}-{name.replace(' ', '-')}.png"
            self.page.screenshot(path=path, full_page=True)

    # ---- finding things ----

    @property
    def sidebar(self) -> Locator:
        """The menu, area by area."""
        return self.page.locator("#nav-sidebar-apps")

    def menu(self, area: str, entry: str) -> None:
        """Open a table by the menu, whose area may be folded."""
        title = self.page.locator("h2").filter(has_text=re.compile(rf"^\s*{re.escape(area)}\b"))
        group = self.sidebar.locator("div:has(> ol)").filter(has=title)
        link = group.get_by_role("link", name=re.compile(rf"(^|\s){re.escape(entry)}\b[\s\d]*$"))
        if not link.is_visible():
            group.locator("h2").click()
        link.click()
        self.look(entry)

    def areas(self) -> set[str]:
        """The areas of the menu that this operator has."""
        # The theme writes an icon's name behind the words.
        lines = self.page.locator("#nav-sidebar-apps h2").all_inner_texts()
        return {line.splitlines()[0].strip() for line in lines}

    def search(self, text: str) -> None:
        """Type into the list's search."""
        field = self.page.locator("#searchbar")
        field.fill(text)
        field.press("Enter")
        self.look("found")

    def command(self, text: str, result: str) -> None:
        """Find something by the search over everything, and go there."""
        self.page.locator("[x-on\\:click*=opencommand]").first.click()
        field = self.page.locator("#search-input-command, input[name=s]").last
        field.press_sequentially(text, delay=20)
        found = self.page.locator("#command-results a").filter(has_text=result).first
        found.click()
        self.look("found by command")

    def card(self, title: str) -> Locator:
        """A card of a desk, by its title."""
        words = re.compile(rf"^\s*{re.escape(title)}\b")
        return self.page.locator(".console-card").filter(has_text=words)

    def row(self, text: str = "", name: str = "row") -> None:
        """Open the first row of a list that says so."""
        rows = self.page.locator("#result_list tbody tr").filter(has_text=text)
        rows.first.get_by_role("link").first.click()
        self.look(name)

    def filtered(self, words: str) -> None:
        """Narrow a list down by one of its filters."""
        self.page.locator("a").filter(has_text=re.compile(r"^\s*Filters")).first.click()
        self.page.locator("#changelist-filter a").filter(has_text=words).first.click()
        self.look(f"only {words}")

    def rows(self) -> int:
        """How many rows a list shows."""
        return self.page.locator("#result_list tbody tr").count()

    def follow(self, words: str, name: str = "") -> None:
        """Follow a link in the page's own text."""
        self.page.locator("#content-main, #main, main").first.get_by_role(
            "link", name=words, exact=True
        ).first.click()
        self.look(name or words)

    def tab(self, words: str) -> None:
        """Turn to a part of a row's page."""
        self.page.locator("#tabs-items a, #tabs-wrapper a").filter(has_text=words).first.click()
        self.look(words)

    # ---- doing things ----

    def _button(self, name: str) -> Locator:
        """What a row's page, or a list, offers."""
        # The theme writes an icon's name before the words.
        words = re.compile(rf"(^|\s){re.escape(name)}\s*$")
        return self.page.locator("a, button").filter(has_text=words)

    def offers(self, name: str) -> bool:
        """Whether the page has a button or link of this name."""
        return self._button(name).count() > 0

    def press(self, name: str) -> None:
        """Press a button or follow a link of this name."""
        self._button(name).first.click()

    def unfold(self, name: str) -> None:
        """Open a button that has several below it."""
        self.page.locator("a").filter(has_text=re.compile(rf"{re.escape(name)}\s")).first.click()

    def dialog(self, name: str, button: str, reason: str = REASON) -> None:
        """Press a button that asks for a reason in a dialog, and give it."""
        self.press(name)
        self.page.locator("#dialog [name=reason]").fill(reason)
        self.look(f"dialog {name}")
        self.page.locator("#dialog").get_by_role("button", name=button, exact=True).click()

    def step(self, name: str, button: str, **fields: str) -> None:
        """Press a button that leads to a form; see the form, fill it in, send it."""
        self.press(name)
        self.look(name)
        self.send(button, **fields)

    def send(self, button: str, **fields: str) -> None:
        """Fill a form in and send it."""
        for name, value in fields.items():
            field = self.page.locator(f"[name={name}]").first
            if field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)
        self.page.get_by_role("button", name=button, exact=True).click()

    def sees(self, *texts: str) -> None:  # type: ignore[override]
        """Wait until the page says all of it."""
        for text in texts:
            expect(self.page.locator("body")).to_contain_text(text, timeout=PATIENCE_MS)

    def sees_not(self, *texts: str) -> None:
        """The page says none of it."""
        for text in texts:
            expect(self.page.locator("body")).not_to_contain_text(text)

    def offers_none(self, *names: str) -> None:
        """What this operator must not do has no button on the page."""
        assert [name for name in names if self.offers(name)] == []

    def has_no_area(self, *areas: str) -> None:
        """What this operator must not see has no place in the menu."""
        assert self.areas() & set(areas) == set()

    def vote(self, action: str, *says: str, verdict: str = "Approve") -> str:
        """Decide the newest request of an action from the inbox; where it stands then."""
        request = ApprovalRequest.objects.filter(action=action).latest("requested_at")
        self.sidebar.get_by_role("link", name=re.compile("Home")).click()
        self.card("To approve").get_by_role("link").click()
        self.look("inbox")
        self.row(registry.action_named(action).title, name="request")
        self.sees(*says)
        self.press(verdict)
        self.look(f"{verdict} confirm")
        code = {}
        if self.page.locator("[name=code]").count():
            assert self.phone is not None
            code["code"] = self.phone.code()
        self.send(verdict, comment="looked at it", **code)
        self.sees("looked at it")
        self.look("decided")
        request.refresh_from_db()
        return request.status
