"""Whether letters spell Chinese characters, by any of their readings.

`readings.txt` has the characters of GB 2312 and Big5 under each syllable that spells them,
without tones, V for U with two dots. From the data of pypinyin 0.55.0, Copyright (c) 2016
mozillazg, 闲耘, MIT licence.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

# How passports write what the keyboard writes with V.
_SPELLINGS = ("V", "U", "YU")


@cache
def _syllables() -> Mapping[str, tuple[str, ...]]:
    """The syllables of each character, in every spelling."""
    readings: dict[str, tuple[str, ...]] = {}
    text = (Path(__file__).parent / "readings.txt").read_text("utf-8")
    for line in text.splitlines():
        syllable, characters = line.split(" ")
        spellings = {syllable.replace("V", letters) for letters in _SPELLINGS}
        for character in characters:
            readings[character] = (*readings.get(character, ()), *spellings)
    return readings


def is_spelled(characters: str, letters: str) -> bool:
    """Whether some letters A to Z, without blanks, spell some characters one after another."""
    ends = {0}
    for character in characters:
        syllables = _syllables().get(character, ())
        ends = {
            end + len(syllable)
            for end in ends
            for syllable in syllables
            if letters.startswith(syllable, end)
        }
    return len(letters) in ends
