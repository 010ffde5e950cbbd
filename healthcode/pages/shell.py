"""What a page is made of: the files its service worker keeps for when the network is away.

The list is read off the folders, so that no file can be forgotten, and its version is a
hash over all of them: a changed file is a new shell, fetched whole before it is used.
"""

import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static

OURS = Path(__file__).resolve().parent
STATIC = OURS / "static"
SHARED = Path(settings.BASE_DIR) / "config" / "static"
LANGUAGES = tuple(code for code, _ in settings.LANGUAGES)
# The reader of pictures weighs a megabyte: only the guard keeps it.
READER = ("barcode-detector.js", "zxing-exported.js", "zxing_reader.wasm", "scanner.js")
SUFFIXES = {".js", ".css", ".svg", ".wasm"}


def files(page: str) -> list[Path]:
    """Files of a page's shell, as they are named below `static/`."""
    paths = [
        path.relative_to(root)
        for root in (STATIC, SHARED)
        for path in sorted(root.rglob("*"))
        if path.suffix in SUFFIXES
    ]
    return [path for path in paths if page == "guard" or path.name not in READER]


def addresses(page: str) -> list[str]:
    """Addresses to keep: modules name each other plainly, templates by content where hashed."""
    plain = [f"{settings.STATIC_URL}{path.as_posix()}" for path in files(page)]
    by_content = [static(path.as_posix()) for path in files(page) if path.suffix != ".wasm"]
    return list(dict.fromkeys([*by_content, *plain]))


def version() -> str:
    """A hash over everything the pages are made of; read once, but anew where files change."""
    return _digest() if settings.DEBUG else _kept_digest()


@cache
def _kept_digest() -> str:
    return _digest()


def _digest() -> str:
    digest = hashlib.sha256()
    folders = (STATIC, SHARED, OURS / "templates", OURS / "locale")
    for path in sorted(path for folder in folders for path in folder.rglob("*")):
        if path.is_file():
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
