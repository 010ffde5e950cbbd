"""The teacher's pages: who is where, the roster to print, marks as a table; and lessons' notes.

The first three exist only in the teacher's world, which has the class's register.
"""

import csv
import io
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.serializers import StrictSerializer
from lab import demo_accounts, lessons
from lab.classroom import course, register
from lab.classroom.register import Register, Student
from lab.classroom.settle_in import planned
from lab.scenarios import book
from lab.views import LabView, lab_only
from merchants.console.rules import FAULTS
from merchants.workbench.values import FaultKind
from wallet.qr.drawing import qr_svg

HEADS = ("login", "name", "scenario", "step", "steps", "right", "asked", "check", "last_seen")


@require_safe
def board(request: HttpRequest) -> HttpResponseBase:
    """Where everybody is."""
    class_ = _register()
    rows = [_row(class_, student) for student in class_.students]
    faults = [] if class_.fault_seed is None else _in_words(planned(class_.fault_seed))
    context = {"rows": rows, "register": class_, "faults": faults, "title": _title(class_)}
    return render(request, "lab/class.html", context)


def _in_words(faults: Sequence[tuple[str, FaultKind]]) -> list[tuple[str, str]]:
    """Each fault's shop and title, as the console tells them."""
    shops = {shop.slug: shop.name for shop in demo_accounts.SHOPS}
    titles = {fault.kind: fault.title for fault in FAULTS}
    return [(shops[slug], titles[kind]) for slug, kind in faults]


@require_safe
def roster(request: HttpRequest) -> HttpResponseBase:
    """A card for each student, to print and cut: address, login, key and a code to scan."""
    class_ = _register()
    cards = [
        {
            "student": one,
            "address": class_.address(one),
            "gateway": f"{class_.program_address(one)}/gateway.do",
        }
        for one in class_.students
    ]
    return render(request, "lab/roster.html", {"cards": cards, "title": _title(class_)})


@require_safe
def entrance(request: HttpRequest, login: str) -> HttpResponseBase:
    """The code that opens a student's world."""
    class_ = _register()
    student = next((one for one in class_.students if one.login == login), None)
    if student is None:
        raise Http404
    drawing = qr_svg(class_.entrance(student), byte_mode=True, label=student.name)
    return HttpResponse(drawing, content_type="image/svg+xml; charset=utf-8")


@require_safe
def marks(request: HttpRequest) -> HttpResponseBase:
    """Everybody's marks as CSV, with a mark of its encoding that spreadsheets understand."""
    class_ = _register()
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(HEADS)
    for student in class_.students:
        row = _row(class_, student)
        table.writerow([_cell(row[head]) for head in HEADS])
    answer = HttpResponse(f"\ufeff{text.getvalue()}", content_type="text/csv; charset=utf-8")
    answer["content-disposition"] = 'attachment; filename="marks.csv"'
    return answer


def _register() -> Register:
    """The class of this world.

    Raises:
        Http404: it has none, or this is no lab.
    """
    lab_only()
    class_ = register.load()
    if class_ is None:
        raise Http404
    return class_


def _row(class_: Register, student: Student) -> dict[str, Any]:
    """A student's line: what the board shows and the marks hold."""
    now = course.standing(register.folder_of(student))
    steps = len(book.scenario(now.scenario).steps) if now.scenario in book.names() else 0
    return {
        "login": student.login,
        "name": student.name,
        "address": class_.address(student),
        "entrance": class_.entrance(student),
        "scenario": now.scenario,
        "title": _words(now.scenario),
        "step": now.step,
        "steps": steps,
        "right": now.right,
        "asked": now.asked,
        "check": now.mark,
        "last_seen": now.at,
        "seen": datetime.fromisoformat(now.at) if now.at else None,
    }


def _title(class_: Register) -> str:
    return _words(class_.scenario)


def _words(name: str) -> str:
    return lessons.spoken(book.scenario(name).title) if name in book.names() else ""


def _cell(value: Any) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text[:1] in {"=", "+", "-", "@"} else text


class StepShape(StrictSerializer):
    """A step of a scenario that is on the screen; with both sides, what is predicted of it."""

    scenario = serializers.SlugField(max_length=64)
    step = serializers.IntegerField(min_value=0, max_value=1000)
    debit = serializers.CharField(max_length=200, allow_blank=True, required=False)
    credit = serializers.CharField(max_length=200, allow_blank=True, required=False)


class CourseNotes(LabView):
    """What is done in this world's lessons."""

    def post(self, request: Request) -> Response:
        values = self.read(StepShape)
        book.scenario(values["scenario"])
        if "debit" in values and "credit" in values:
            return Response({"right": course.predict(**values)})
        course.note_step(scenario=values["scenario"], step=values["step"])
        return Response(status=204)
