"""What a citizen and a guard do before their pages, in words."""

import json
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Error, Locator, Page, Request, Response, expect

from healthcode.codec import base45
from tests.browser.stage import SERIOUS, VENDOR

PATIENCE_MS = 15_000
READY = "navigator.serviceWorker.ready.then((worker) => worker.active.state)"


@dataclass
class Screen:
    """One page, all that went wrong on it, and all that it asked of the server."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._crash)
        self.page.on("request", self._ask)
        self.page.on("response", self._answer)

    @property
    def context(self) -> BrowserContext:
        """The browser it runs in, with its own network and store."""
        return self.page.context

    def open(self, path: str) -> None:
        """Go to a page, and wait until it is kept for when the network is away."""
        self.page.goto(self.address + path)
        self.page.evaluate(READY)

    def sees(self, place: Locator | str, text: str) -> None:
        """Wait until a place says so."""
        locator = self.page.locator(place) if isinstance(place, str) else place
        expect(locator).to_contain_text(text, timeout=PATIENCE_MS)

    def fill(self, **fields: str) -> None:
        """Type into fields by their ids; `_` stands for a hyphen."""
        for name, value in fields.items():
            self.page.locator(f"#{name.replace('_', '-')}").fill(value)

    def press(self, name: str) -> None:
        """Press the button of this name."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def pass_time(self, *, seconds: int) -> None:
        """Let the browser's clock jump; its timers fire once."""
        self.page.clock.install()
        self.page.clock.fast_forward(seconds * 1000)

    def calls(self) -> list[str]:
        """Calls of the API since the last time this was asked."""
        calls = [path for path in self.asked if "/api/" in path]
        self.asked.clear()
        return calls

    def ask(self, script: str, given: Any = None) -> Any:
        """Let the page's own modules answer a question."""
        return json.loads(self.page.evaluate(script, given))

    def accessibility_faults(self) -> list[str]:
        """What axe-core calls serious or worse on the page as it is."""
        self.page.evaluate((VENDOR / "axe.min.js").read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{fault['id']}: {node['html'][:200]}"
            for fault in found["violations"]
            if fault["impact"] in SERIOUS
            for node in fault["nodes"]
        ]

    def overflow(self) -> int:
        """By how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def _hear(self, message: Any) -> None:
        if message.type not in {"error", "warning"}:
            return
        # A refusal that the test asks for is an answer, and a cut network is what it says.
        expected = [f"status of {status}" for status in self.expected]
        if any(text in message.text for text in (*expected, "ERR_INTERNET_DISCONNECTED")):
            return
        self.faults.append(f"{message.type}: {message.text}")

    def _crash(self, error: Error) -> None:
        self.faults.append(str(error))

    def _ask(self, request: Request) -> None:
        self.asked.append(request.url)

    def _answer(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")


class Citizen(Screen):
    """Somebody's phone."""

    def sign_in(self, phone: str, password: str) -> None:
        """Sign in with the wallet's account."""
        self.open("/health/")
        self.fill(in_phone=phone, in_password=password)
        self.press("Sign in")

    def declare(self, number: str) -> None:
        """Declare for the first time, feeling well, whether or not the wallet knows the card."""
        self.expected.add(422)
        self.fill(declare_number=number)
        self.press("Declare")
        self.symbol.wait_for(timeout=PATIENCE_MS)

    @property
    def symbol(self) -> Locator:
        """The QR symbol on the screen."""
        return self.page.locator(".code .square svg")

    def shown(self) -> str:
        """What the symbol says, read by the same reader as a gate's."""
        return str(
            self.page.evaluate(
                """async () => {
                  const { readSymbol } = await import("/static/saoma/js/scanner.js");
                  return readSymbol(document.querySelector(".code .square svg"));
                }"""
            )
        )


class Guard(Screen):
    """A guard's scanner."""

    def set_up(self, credential: str) -> None:
        """Give the scanner its credential, and wait until it has its lists."""
        self.open("/guard/")
        self.fill(gate_credential=credential)
        self.press("Set up")
        self.sees(".state", "Works without network")

    def update(self, last: str = "**/deny-list") -> None:
        """Fetch the lists now, and wait for the last that is asked for."""
        with self.page.expect_response(last):
            self.page.evaluate("document.querySelector('#gate-update').click()")
        self.page.wait_for_load_state("networkidle")

    def read(self, citizen: Citizen) -> str:
        """What this scanner reads off somebody's screen."""
        markup = citizen.symbol.evaluate("(symbol) => symbol.outerHTML")
        return str(
            self.page.evaluate(
                """async (markup) => {
                  const { readSymbol } = await import("/static/saoma/js/scanner.js");
                  const page = new DOMParser().parseFromString(markup, "text/html");
                  return readSymbol(page.querySelector("svg"));
                }""",
                markup,
            )
        )

    def scan(self, citizen: Citizen) -> None:
        """Read somebody's screen, and judge."""
        self.check(self.read(citizen))

    def check(self, code: str) -> None:
        """Paste a code."""
        self.fill(gate_code=code)
        self.press("Check")

    def finds(self, verdict: str) -> None:
        """Wait for a verdict."""
        self.sees(".verdict-place .word", verdict)


def altered(code: str) -> str:
    """A code that can be read and whose signature does not fit: its last bit is another."""
    signed = base45.decode(code.removeprefix("SH1:"))
    return "SH1:" + base45.encode(signed[:-1] + bytes([signed[-1] ^ 1]))
