"""What jobs of the timetable do, in words: the texts of the lab's pages, read here as well."""

import functools
import re
from pathlib import Path

from django.utils import translation

_FOLDER = Path(__file__).parent / "static" / "lab" / "js" / "messages"
_LINE = re.compile(r'^\s*"(job\.[a-z_.]+)":\s*"(.*)",?\s*$', re.MULTILINE)
_FILES = {"fr": "fr.js", "zh-hans": "zh.js"}


def job_in_words(name: str) -> str:
    """What a job does, in the language in force; its own name where there are no words."""
    key = f"job.{name}"
    language = translation.get_language() or "en"
    return _texts(_FILES.get(language, "en.js")).get(key) or _texts("en.js").get(key, name)


@functools.lru_cache(maxsize=4)
def _texts(file: str) -> dict[str, str]:
    return dict(_LINE.findall((_FOLDER / file).read_text(encoding="utf-8")))
