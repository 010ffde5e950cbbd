"""A mother and her child, over HTTP."""

from healthcode.subjects.usecases.decide_guardianship import approve_guardianship
from tests.factories.health import Phone

MOTHER = {"name": "王芳", "document_type": "20", "document_number": "E10000001"}
CHILD = {
    "name": "小明", "document_type": "20", "document_number": "E10000002",
    "birth_date": "2020-06-01",
}  # fmt: skip
WISH = {
    "identity": CHILD, "relation": "CHILD", "proof": "BIRTH_CERTIFICATE", "proof_reference": "B-7",
}  # fmt: skip


def granted(phone: Phone) -> str:
    """The child's subject id, once two operators have looked."""
    wished = phone.post("guardianships", WISH).json()
    row = approve_guardianship(guardianship_id=wished["id"], maker="a", checker="b")
    return str(row.dependent_id)
