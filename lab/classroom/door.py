"""The door of a student's world: whoever shows its key comes in, nobody else.

A browser has it in a cookie, which the address on the roster sets. A program has it in its
address, `/k/<key>/gateway.do`: the worlds of a class begin alike, with the same people,
passwords and keys, so that a signature alone does not tell whose program calls.
"""

import hmac
from html import escape
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs, urlencode

from config.http.asgi_router import AsgiApplication, Receive, Scope, Send

_OPEN = ("/static/", "/healthz", "/readyz")
_PREFIX = "/k/"
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Saoma</title>
<link rel="stylesheet" href="/static/saoma/css/saoma.css">
<main class="alone"><div class="card stack"><h1>Saoma 扫码</h1>
<p role="status">{text}</p>
<form action="/enter" class="stack"><label class="stack" for="key">Key · Clé · 密钥
<input class="field" id="key" name="key" autocomplete="off" autocapitalize="characters" required>
</label><button class="button primary">Enter · Entrer · 进入</button></form></div></main></html>"""
_ASKED = "The key is on your sheet. · La clé est sur votre feuille. · 密钥在你的单子上。"
_WRONG = "This is not the key of this world. · Ce n’est pas la clé de ce monde. · 密钥不对。"


class Door:
    """Stands before a world's application; `welcome` is where somebody is led first."""

    def __init__(self, inside: AsgiApplication, key: str, port: int, welcome: str = "/") -> None:
        self.inside, self.key, self.welcome = inside, key, welcome
        # Cookies belong to a host, whatever its port: each world's has a name of its own.
        self.cookie = f"saoma_world_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(_PREFIX):
            scope = self._unlocked(scope)
            is_open = scope["path"] != ""
        else:
            is_open = scope["type"] != "http" or self._knows(scope)
        if is_open or scope["path"].startswith(_OPEN):
            await self.inside(scope, receive, send)
        elif scope["path"] == "/enter":
            await self._enter(scope, send)
        else:
            await self._ask(send, _ASKED)

    def _unlocked(self, scope: Scope) -> Scope:
        """A program's request without the key in its path; the path is empty for a wrong one."""
        key, _, rest = scope["path"].removeprefix(_PREFIX).partition("/")
        path = f"/{rest}" if self._fits(key) else ""
        return {**scope, "path": path, "raw_path": path.encode()}

    def _knows(self, scope: Scope) -> bool:
        headers = {name.decode("latin-1"): text for name, text in scope["headers"]}
        try:
            cookies = SimpleCookie(headers.get("cookie", b"").decode("latin-1"))
        except CookieError:
            return False
        return self.cookie in cookies and self._fits(cookies[self.cookie].value)

    def _fits(self, key: str) -> bool:
        return hmac.compare_digest(key.strip().upper().encode(), self.key.encode())

    async def _enter(self, scope: Scope, send: Send) -> None:
        query = parse_qs(scope["query_string"].decode("latin-1"))
        key = query.get("key", [""])[0].strip().upper()
        if not self._fits(key):
            await self._ask(send, _WRONG)
            return
        cookie = f"{self.cookie}={self.key}; Path=/; HttpOnly; SameSite=Lax; Max-Age=864000"
        headers = [(b"location", self.welcome.encode()), (b"set-cookie", cookie.encode())]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    async def _ask(self, send: Send, text: str) -> None:
        body = _PAGE.format(text=escape(text)).encode()
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"cache-control", b"no-store"),
            (b"content-security-policy", b"default-src 'none'; style-src 'self'"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 401, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def welcome_of(scenario: str) -> str:
    """Where a student begins: the theatre, with the scenario that is assigned."""
    return f"/?{urlencode({'scenario': scenario})}" if scenario else "/"
