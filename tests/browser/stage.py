"""What a person does before the pages, in words."""

from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Response, expect

from lab import demo_accounts

VENDOR = Path(__file__).parent / "vendor"
SERIOUS = {"serious", "critical"}
# The test's server is plain WSGI and has no event streams; the pages then ask instead.
NO_STREAM = "/events/"


@dataclass
class Stage:
    """One page and all that went wrong on it."""

    page: Page
    address: str
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    forgiven: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", self._crash)
        self.page.on("response", self._answer)

    def open(self, path: str = "/") -> None:
        """Go to a page."""
        self.page.goto(self.address + path)

    def log_in(self, who: int = 0) -> None:
        """Take a citizen's phone; its code is on the screen afterwards."""
        self.page.get_by_role("button", name=demo_accounts.CITIZENS[who].phone).click()
        self.square.wait_for()

    @property
    def square(self) -> Locator:
        """The payment code's QR symbol."""
        return self.page.locator("saoma-phone .square .symbol")

    @property
    def verdict(self) -> Locator:
        """What the till says of its present sale."""
        return self.page.locator(".verdict .headline")

    @property
    def balance(self) -> Locator:
        """The phone's balance."""
        return self.page.locator("saoma-phone .balance")

    def tab(self, name: str) -> None:
        """Turn to a part of the phone."""
        self.page.locator(f"#phone-tab-{name}").click()

    def charge(self, amount: str) -> None:
        """Let the till scan the phone beside it for an amount."""
        self.page.locator("#till-amount").fill(amount)
        self.page.locator("#till-scan-beside").click()

    def refund(self, amount: str) -> None:
        """Give a part of the newest sale back."""
        self.page.locator(".sale summary").first.click()
        self.page.locator(".sale input").first.fill(amount)
        self.page.get_by_role("button", name="Refund", exact=True).first.click()

    def confirm(self, pin: str = demo_accounts.PIN) -> None:
        """Answer the phone's question with a PIN."""
        field = self.page.locator("#confirm-pin")
        field.fill(pin)
        field.press("Enter")

    def sees(self, locator: Locator, text: str) -> None:
        """Wait until a place says so."""
        expect(locator).to_contain_text(text, timeout=15_000)

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
        width = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        return int(width)

    def broken_words(self) -> list[str]:
        """Words of tables' heads and codes that a narrow column cuts in two."""
        words = self.page.evaluate(
            """() => [...document.querySelectorAll(".scroller :is(thead th, .mono)")]
            .flatMap((cell) => {
              const text = [...cell.childNodes].find((node) => node.nodeType === Node.TEXT_NODE);
              const words = (text?.data ?? "").matchAll(/[\\x21-\\x2c\\x2e-\\x7e]+/g);
              return [...words].filter((word) => {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                return range.getClientRects().length > 1;
              }).map((word) => word[0]);
            })"""
        )
        return [str(word) for word in words]

    def emptiness(self) -> int:
        """By how many pixels the page can be scrolled past its last content."""
        beyond = "document.documentElement.scrollHeight"
        content = "Math.max(document.body.scrollHeight, innerHeight)"
        return int(self.page.evaluate(f"{beyond} - {content}"))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"} or NO_STREAM in message.location["url"]:
            return
        # A refusal that the test asks for is an answer, not a fault.
        if any(f"status of {status}" in message.text for status in self.expected):
            return
        if any(part in message.text for part in self.forgiven):
            return
        self.faults.append(f"{message.type}: {message.text}")

    def _crash(self, error: Error) -> None:
        self.faults.append(str(error))

    def _answer(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.url}")
