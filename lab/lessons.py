"""Lessons: the book's scenarios as pages, their recordings, and the forty doors.

A scenario's file is a lesson, a test and this documentation at once: nothing here says more than
the file, and a door is called open only by a run of its scenario that passed.
"""

import functools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from config.http.serializers import StrictSerializer
from healthcode.abuses.queries import abuses
from lab import recordings
from lab.scenarios import book
from lab.scenarios import doors as forty
from lab.scenarios.faults import catalogue
from lab.scenarios.values import Result, Scenario, Step
from lab.views import LabView, lab_only
from lab.words import job_in_words

PACK = Path(__file__).parent / "instructor"
FLAGSHIP = "journee-de-li"


def spoken(texts: Any) -> str:
    """A scenario's text in the reader's language."""
    return str(texts[(translation.get_language() or "en")[:2]])


def _heading(name: str) -> dict[str, Any]:
    scenario = book.scenario(name)
    return {
        "name": name,
        "title": spoken(scenario.title),
        "doors": list(scenario.doors),
        "steps": len(scenario.steps),
        "result": recordings.ended(name),
    }


def _ordered() -> list[str]:
    """The flagship first, the others by name."""
    return sorted(book.names(), key=lambda name: (name != FLAGSHIP, name))


@require_safe
def index(request: HttpRequest) -> HttpResponseBase:
    """All lessons of the book."""
    lab_only()
    return render(request, "lab/lessons.html", {"lessons": [_heading(name) for name in _ordered()]})


@require_safe
def lesson(request: HttpRequest, name: str) -> HttpResponseBase:
    """One lesson, to read and to print: with answers, or as a sheet to fill in (`?sheet`)."""
    lab_only()
    try:
        scenario = book.scenario(name)
    except book.ScenarioUnknown as error:
        raise Http404 from error
    lines = recordings.lines(name)[1:]
    context = {
        **_heading(name),
        "services": scenario.services,
        "rows": list(_rows(scenario, lines)),
        "sheet": "sheet" in request.GET,
        "people": [(who.name, who.balance_minor) for who in scenario.world.people],
        "shops": [shop.name for shop in scenario.world.shops],
    }
    return render(request, "lab/lesson.html", context)


def _rows(scenario: Scenario, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each step with what its recording says of it, where it has been played."""
    for place, step in enumerate(scenario.steps):
        yield _row(place, step, lines[place] if place < len(lines) else {})


def _row(place: int, step: Step, line: dict[str, Any]) -> dict[str, Any]:
    return {
        "number": place + 1,
        "at": step.at,
        "say": spoken(step.say),
        "entries": [_sides(entry) for entry in step.entries or ()],
        "nothing": step.entries == (),
        "balances": step.balances,
        "colours": step.colours,
        "expect": step.expect,
        "not_built": step.not_built,
        "result": line.get("result", ""),
        "differences": line.get("differences", []),
    }


def _sides(entry: str) -> dict[str, str]:
    """`Dr a 1.00 / Cr b 1.00` as its two sides."""
    debit, _, credit = entry.removeprefix("Dr ").partition(" / Cr ")
    return {"debit": debit, "credit": credit}


@require_safe
def doors(request: HttpRequest) -> HttpResponseBase:
    """The article's forty services: which scenario opens each, or why it stays closed."""
    lab_only()
    ended = {name: recordings.ended(name) for name in book.names()}
    rows = []
    for door in forty.articles():
        names = [name for name in ended if door["number"] in book.scenario(name).doors]
        state = "closed"
        if names:
            state = "open" if any(ended[name] == Result.PASSED for name in names) else "ready"
        titles = [(name, spoken(book.scenario(name).title)) for name in names]
        why = spoken(door["why"]) if "why" in door else _("no scenario opens it yet")
        service = spoken(door["service"])
        rows.append({**door, "service": service, "state": state, "scenarios": titles, "why": why})
    return render(request, "lab/doors.html", {"doors": rows})


@require_safe
def faults(request: HttpRequest) -> HttpResponseBase:
    """The catalogue of faults, each with what must hold and the lamp of its last run."""
    lab_only()
    rows = [
        {
            "switch": fault["switch"],
            "scenario": fault["scenario"],
            "title": spoken(fault["title"]),
            "holds": spoken(fault["holds"]),
            "result": recordings.ended(fault["scenario"]),
        }
        for fault in catalogue()
    ]
    return render(request, "lab/faults.html", {"faults": rows})


@require_safe
def abuse_book(request: HttpRequest) -> HttpResponseBase:
    """What was tried with health codes elsewhere, what stops it here, and what is left of it."""
    lab_only()
    context = {"abuses": abuses(), "lesson": _heading("book-of-abuses")}
    return render(request, "lab/abuses.html", context)


@require_safe
def worksheets(request: HttpRequest) -> HttpResponseBase:
    """The instructor's pack: twelve worksheets, with answers where `?answers` asks, a glossary."""
    lab_only()
    context = {
        "answers": "answers" in request.GET,
        "sheets": [_sheet(row) for row in pack("worksheets")],
        "glossary": pack("glossary"),
    }
    return render(request, "lab/worksheets.html", context)


@functools.cache
def pack(name: str) -> list[dict[str, Any]]:
    """A file of the instructor's pack."""
    text = (PACK / f"{name}.yaml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = yaml.safe_load(text)
    return rows


def _sheet(row: dict[str, Any]) -> dict[str, Any]:
    """A worksheet in the reader's language."""
    tasks = [{part: spoken(task[part]) for part in ("ask", "answer")} for task in row["tasks"]]
    return {
        **row,
        "title": spoken(row["title"]),
        "tasks": tasks,
        "scenario_title": spoken(book.scenario(row["scenario"]).title),
    }


class RecordShape(StrictSerializer):
    """Whether a scenario is to be run anew."""

    again = serializers.BooleanField(default=False)


class Scenarios(LabView):
    """The scenarios to choose from."""

    def get(self, request: Request) -> Response:
        return Response({"scenarios": [_heading(name) for name in _ordered()]})


class Recording(LabView):
    """A scenario's recording: begun by POST, read line by line."""

    def get(self, request: Request, name: str) -> Response:
        after = request.query_params.get("after", "0")
        lines = recordings.lines(name, int(after) if after.isdecimal() else 0)
        language = (translation.get_language() or "en")[:2]
        for line in lines:
            if "say" in line:
                line["say"] = line["say"][language]
            for due in line.get("next", ()):
                due["words"] = job_in_words(due["job"])
        scenario = book.scenario(name)
        return Response(
            {"title": spoken(scenario.title), "steps": len(scenario.steps), "lines": lines}
        )

    def post(self, request: Request, name: str) -> Response:
        recordings.start(name, again=self.read(RecordShape)["again"])
        return Response({"name": name}, status=202)
