"""Whether a name given is a person's verified one, and how strangers see it."""

import pytest

from config.kernel.names import fits_name, mask_name


@pytest.mark.parametrize(
    "given", ["李伟", "Li Wei", "李伟 Li Wei", "li  WEI (李伟)", "Ｌｉ Ｗｅｉ"]
)
def test_either_written_form_or_both_name_a_person(given: str) -> None:
    assert fits_name(given, "李伟 Li Wei")


@pytest.mark.parametrize("given", ["王五", "Wei", "李伟 Wang Wu", "王五 Li Wei", "", " ", "李"])
def test_a_form_that_is_wrong_names_nobody(given: str) -> None:
    assert not fits_name(given, "李伟 Li Wei")


def test_dots_within_a_name_do_not_matter() -> None:
    assert fits_name("买买提•吐尔逊", "买买提·吐尔逊")


@pytest.mark.parametrize("given", ["Li Wei", "Mallory Bank Ltd", ""])
def test_nobody_is_named_who_is_not_verified(given: str) -> None:
    assert not fits_name(given, "")


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("李伟", "*伟"),
        ("欧阳娜娜", "***娜"),
        ("李伟 Li Wei", "*伟 L* W**"),
        ("Mei", "M**"),
        ("X", "X*"),
        ("李", "*"),
    ],
)
def test_a_stranger_sees_little_of_a_name(name: str, masked: str) -> None:
    assert mask_name(name) == masked
