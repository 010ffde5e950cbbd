"""Names of people: whether one given is the verified one, and how strangers see it. Pure."""

import re
import unicodedata

_CHINESE = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_NAME_MARKS = re.compile(r"[\s·•‧・,，/()（）\[\]]+")


def fits_name(name: str, legal_name: str) -> bool:
    """Say whether a name given is a person's verified one, in either written form.

    `李伟 Li Wei` is named by 李伟, by Li Wei and by both; every form that is given must be
    right. Case, width, spacing and dots within a name do not matter. Nobody is named by
    nothing, and nobody without a verified name is named at all.
    """
    legal_forms, known_forms = _written_forms(name), _written_forms(legal_name)
    if not any(legal_forms) or not any(known_forms):
        return False
    return all(part in ("", known_forms[at]) for at, part in enumerate(legal_forms))


def _written_forms(name: str) -> tuple[str, str]:
    """A name's Chinese form and its form in other letters; "" for one that is missing."""
    flat = _NAME_MARKS.sub(" ", unicodedata.normalize("NFKC", name)).casefold()
    chinese = "".join(_CHINESE.findall(flat))
    return chinese, " ".join(_CHINESE.sub(" ", flat).split())


def mask_name(name: str) -> str:
    """Hide a name from strangers: `李伟 Li Wei` becomes `*伟 L* W**`."""
    chinese, others = "".join(_CHINESE.findall(name)), _CHINESE.sub(" ", name).split()
    forms = [f"{'*' * max(1, len(chinese) - 1)}{chinese[1:][-1:]}"] if chinese else []
    return " ".join([*forms, *(word[0] + "*" * max(1, len(word) - 1) for word in others)])
