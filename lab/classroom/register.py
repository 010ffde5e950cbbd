"""Who is in a class: logins, keys and ports, kept in a file of the teacher's world."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

FILE = "class.json"
KEY_FILE = "world_key.txt"
MOST = 60
# Letters and digits that nobody mistakes for one another on paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_KEY_LENGTH = 10


class RosterInvalid(ValueError):
    """A roster cannot be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Student:
    """A name of the roster, and the world that is theirs: on `port`, opened by `key`."""

    login: str
    name: str
    key: str
    port: int


@dataclass(frozen=True, slots=True)
class Register:
    """A class: where it is reached, what it plays, whose faults it meets, who is in it."""

    host: str
    port: int
    key: str
    scenario: str
    fault_seed: int | None
    students: tuple[Student, ...]

    def address(self, student: Student) -> str:
        """Where a student's world is."""
        return f"http://{self.host}:{student.port}"

    def program_address(self, student: Student) -> str:
        """Where programs find a student's world: its door lets them through by the key in it."""
        return f"{self.address(student)}/k/{student.key}"

    def entrance(self, student: Student) -> str:
        """The address that lets a student in at once, as the printed code has it."""
        return f"{self.address(student)}/enter?key={student.key}"


def names_of(text: str) -> list[str]:
    """The names of a roster: a line each, or the first column of a CSV file.

    Raises:
        RosterInvalid: nobody is in it, too many are, or two have one name.
    """
    names = [line.split(",")[0].split(";")[0].strip() for line in text.splitlines()]
    names = [name for name in names if name and name.lower() not in {"name", "nom", "姓名"}]
    if not names or len(names) > MOST:
        raise RosterInvalid(f"a roster has 1 to {MOST} names, a line each; this has {len(names)}")
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise RosterInvalid(f"these names stand there twice: {', '.join(twice)}")
    return names


def enrol(
    names: Sequence[str], *, host: str, port: int, scenario: str, fault_seed: int | None
) -> Register:
    """A register with a fresh key for everybody; worlds take the ports after the teacher's."""
    students = tuple(
        Student(f"s{number:02}", name, _fresh_key(), port + number)
        for number, name in enumerate(names, start=1)
    )
    return Register(host, port, _fresh_key(), scenario, fault_seed, students)


def keep(register: Register, folder: Path) -> None:
    """Write a register down; only its owner reads it."""
    path = folder / FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps(asdict(register), ensure_ascii=False, indent=1), encoding="utf-8")


def load(folder: Path | None = None) -> Register | None:
    """The register kept in a folder, this world's where none is named; None where none is."""
    path = (folder or Path(settings.DATA_DIR)) / FILE
    if not path.exists():
        return None
    facts = json.loads(path.read_text(encoding="utf-8"))
    students = tuple(Student(**row) for row in facts.pop("students"))
    return Register(**facts, students=students)


def folder_of(student: Student, folder: Path | None = None) -> Path:
    """The data folder of a student's world."""
    return (folder or Path(settings.DATA_DIR)) / "worlds" / student.login


def _fresh_key() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_KEY_LENGTH))
