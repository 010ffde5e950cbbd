"""Fetch the browser files we did not write, and prove that they are what they were.

    python lab/vendor.py            check the files against the manifests
    python lab/vendor.py --fetch    pack them anew with npm, then write the manifests

Nothing of this runs at install: the files are part of the repository, so that the
demo needs neither npm nor a network. A manifest names package, version, licence and
the SHA-256 of each file.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "config" / "static" / "saoma" / "vendor"
TESTS = ROOT / "tests" / "browser" / "vendor"
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Package:
    """One package: where its files go, and which ones, as {name here: path in the package}."""

    name: str
    version: str
    licence: str
    target: Path
    files: dict[str, str]


# barcode-detector carries its own copy of zxing-wasm's script; the binary must be of
# exactly that version, which the script proves by its hash.
PACKAGES = (
    Package(
        "barcode-detector",
        "3.2.2",
        "MIT",
        PAGES,
        {
            "barcode-detector.js": "dist/es/ponyfill.js",
            "zxing-exported.js": "dist/es/zxing-exported.js",
            "barcode-detector.LICENSE": "LICENSE",
        },
    ),
    Package(
        "zxing-wasm",
        "3.1.3",
        "MIT",
        PAGES,
        {"zxing_reader.wasm": "dist/reader/zxing_reader.wasm", "zxing-wasm.LICENSE": "LICENSE"},
    ),
    Package("uqr", "0.1.3", "MIT", PAGES, {"uqr.js": "dist/index.mjs", "uqr.LICENSE": "LICENSE"}),
    Package(
        "axe-core",
        "4.14.1",
        "MPL-2.0",
        TESTS,
        {
            "axe.min.js": "axe.min.js",
            "axe-core.LICENSE": "LICENSE",
            "axe-core.LICENSE-3RD-PARTY.txt": "LICENSE-3RD-PARTY.txt",
        },
    ),
)


def fetch(package: Package) -> None:
    """Pack one package with npm and take our files out of it."""
    package.target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            ["npm", "pack", "--silent", f"{package.name}@{package.version}"],
            cwd=folder,
            check=True,
            stdout=subprocess.DEVNULL,
        )
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            for here, there in package.files.items():
                member = packed.extractfile(f"package/{there}")
                if member is None:
                    raise FileNotFoundError(f"{package.name} has no {there}")
                (package.target / here).write_bytes(member.read())


def describe(target: Path) -> list[dict[str, object]]:
    """List what a folder should hold, with the hashes of what it does hold."""
    return [
        {
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "files": {
                here: hashlib.sha256((target / here).read_bytes()).hexdigest()
                for here in sorted(package.files)
            },
        }
        for package in PACKAGES
        if package.target == target
    ]


def main() -> int:
    """Check, or fetch first; 1 when a file differs from its manifest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--fetch", action="store_true", help="pack the files anew with npm")
    arguments = parser.parse_args()
    good = True
    if arguments.fetch:
        for package in PACKAGES:
            fetch(package)
    for target in (PAGES, TESTS):
        manifest = target / MANIFEST
        description = describe(target)
        if arguments.fetch:
            manifest.write_text(json.dumps(description, indent=1) + "\n", encoding="utf-8")
        same = json.loads(manifest.read_text(encoding="utf-8")) == description
        good = good and same
        print(f"{target.relative_to(ROOT)}: {'as listed' if same else 'DIFFERS from its manifest'}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
