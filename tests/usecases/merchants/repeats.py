"""Repeats of the use cases of merchants that have a key or ask for a PIN."""

# Those that stand in no case, and why.
ELSEWHERE = {
    "certify_at_page": "a sign-in of its own each time; the answer to the app is kept",
    "enrol_face": "consent with the PIN, each time anew",
    "pay_by_face": "a repeat is told that it is paid (tests/gateway/test_faces.py)",
    "release_escrow": "judges nobody's standing (tests/gateway/test_escrow.py)",
}
