"""The browser files of others are what their manifests say."""

import json

import pytest

from lab import vendor


@pytest.mark.parametrize("target", [vendor.PAGES, vendor.TESTS], ids=["pages", "tests"])
def test_vendored_files_are_as_listed(target: object) -> None:
    folder = vendor.PAGES if target == vendor.PAGES else vendor.TESTS
    manifest = json.loads((folder / vendor.MANIFEST).read_text(encoding="utf-8"))

    assert manifest == vendor.describe(folder)


def test_nothing_lies_beside_what_is_listed() -> None:
    for folder in (vendor.PAGES, vendor.TESTS):
        listed = {name for package in vendor.describe(folder) for name in _files(package)}
        assert {path.name for path in folder.iterdir()} == listed | {vendor.MANIFEST}


def test_every_package_comes_with_its_licence() -> None:
    for package in vendor.PACKAGES:
        assert any("LICENSE" in name for name in package.files), package.name


def _files(package: dict[str, object]) -> list[str]:
    files = package["files"]
    assert isinstance(files, dict)
    return list(files)
