"""Whether letters spell Chinese characters, by any of their readings."""

from functools import lru_cache

from pypinyin import Style, pinyin

# How passports write what the keyboard writes with V.
_SPELLINGS = ("V", "U", "YU")
_CHARACTERS_KEPT = 4096


@lru_cache(maxsize=_CHARACTERS_KEPT)
def _syllables(character: str) -> frozenset[str]:
    """The syllables of a character in A to Z, in every spelling; none for what is no character."""
    readings = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore")
    syllables = {syllable.upper().replace("Ê", "E") for group in readings for syllable in group}
    return frozenset(text.replace("V", letters) for text in syllables for letters in _SPELLINGS)


def is_spelled(characters: str, letters: str) -> bool:
    """Whether some letters A to Z, without blanks, spell some characters one after another."""
    ends = {0}
    for character in characters:
        ends = {
            end + len(syllable)
            for end in ends
            for syllable in _syllables(character)
            if letters.startswith(syllable, end)
        }
    return len(letters) in ends
