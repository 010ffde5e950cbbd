"""The health desk: what waits for somebody, how people stand and why, rules, gates."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from config.admin import figures
from config.admin.dashboard import Card
from config.admin.sidebar import address
from config.kernel import clock, panel
from config.kernel.approvals import queries as approvals
from config.kernel.approvals.pages import operator_of
from config.kernel.words import code_in_words, in_reader_language
from healthcode.appeals.models import Appeal
from healthcode.appeals.values import AppealState
from healthcode.decisions.models import Alarm, Override, PersonList, QuarantinedReport
from healthcode.decisions.queries import readings_to_sign
from healthcode.decisions.statistics import statistics
from healthcode.passes.models import Pass, SigningKey
from healthcode.passes.values import KeyState
from healthcode.rules import publication
from healthcode.rules.models import RuleSetVersion
from healthcode.rules.values import BADGES, Colour
from healthcode.verification.models import Verification
from healthcode.verification.values import Verdict

MAY_SEE = "health_decisions.view_head"
TABLE_ROWS = 8
SOON = timedelta(hours=4)
UNDECIDED = (AppealState.OPEN, AppealState.UNDER_REVIEW)
# Verdicts in families, as a gate shows them.
FAMILIES = {
    "Admitted": (Verdict.ADMITTED,),
    "Not by the venue's rule": (Verdict.POLICY,),
    "Expired or out of date": (Verdict.EXPIRED, Verdict.NOT_YET_VALID, Verdict.SUPERSEDED),
    "Revoked": (Verdict.REVOKED,),
    "Not a good code": (
        Verdict.UNREADABLE,
        Verdict.FORGED,
        Verdict.NOT_PROVEN,
        Verdict.REPLAYED,
    ),
    "Specimen": (Verdict.SPECIMEN,),
    "Scanner could not tell": (Verdict.STALE,),
}


@dataclass(frozen=True, slots=True)
class Table:
    """Counts by name, largest first; `whole` is the largest, for the bars."""

    title: str
    rows: list[tuple[str, int]]
    link: str = ""

    @property
    def whole(self) -> int:
        """The largest count."""
        return max((count for _, count in self.rows), default=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many people stand at a colour, with its shape and sign."""

    colour: str
    symbol: str
    shape: str
    count: int
    link: str


def health_desk(request: HttpRequest) -> HttpResponse:
    """The page, for whoever may see how people stand.

    Raises:
        PermissionDenied: this operator may not.
    """
    if not operator_of(request).has_perm(MAY_SEE):
        raise PermissionDenied
    now = clock.now()
    published = statistics(at=now, with_names=True)
    context = {
        **admin.site.each_context(request),
        "title": _("Health desk"),
        "now": now.astimezone(figures.zone()),
        "waiting": [make(request) for make in WAITING],
        "standings": _standings(request, published["now"]),
        "tables": _tables(request, published),
        "rules": _rules(request),
        "gates": _gates(request),
        "machinery": [make(request) for make in MACHINERY],
    }
    return render(request, "console/health_desk.html", context)


def _moment(moment: datetime) -> str:
    """A day and a minute, as the reader's language writes them."""
    return date_format(moment.astimezone(figures.zone()), "SHORT_DATETIME_FORMAT")


def _alarms(request: HttpRequest) -> Card:
    unseen = Alarm.objects.filter(seen_by="").count()
    link = address(request, "health_decisions.Alarm")
    return Card(
        "Alarms", f"{unseen:,}", "nobody has looked at", link, panel.DANGER if unseen else ""
    )


def _approvals(request: HttpRequest) -> Card:
    waiting = approvals.waiting_for(operator_of(request)).filter(action__startswith="health.")
    count = waiting.count()
    link = address(request, "approvals.ApprovalRequest")
    return Card(
        "To approve",
        f"{count:,}",
        "colours, appeals, rules and lists wait for you",
        f"{link}?inbox=mine_to_decide" if link else "",
        panel.WARNING if count else "",
    )


def _appeals(request: HttpRequest) -> Card:
    now = clock.now()
    undecided = Appeal.objects.filter(state__in=UNDECIDED).aggregate(
        n=Count("id"), late=Count("id", filter=Q(due_at__lte=now)), due=Min("due_at")
    )
    late, due = int(undecided["late"]), undecided["due"]
    note = "none is open"
    if late:
        note = _("%(count)s overdue") % {"count": f"{late:,}"}
    elif due is not None:
        note = _("the next is due %(moment)s") % {"moment": _moment(due)}
    tone = panel.DANGER if late else ""
    if not late and due is not None and due - now <= SOON:
        tone = panel.WARNING
    return Card(
        "Appeals", f"{undecided['n']:,}", note, address(request, "health_appeals.Appeal"), tone
    )


def _readings(request: HttpRequest) -> Card:
    count = len(readings_to_sign())
    link = address(request, "health_evidence.Evidence")
    return Card(
        "Readings",
        f"{count:,}",
        "of machines wait for a clinician",
        f"{link}?task=sign_off" if link else "",
        panel.WARNING if count else "",
    )


def _quarantine(request: HttpRequest) -> Card:
    reports = QuarantinedReport.objects.aggregate(n=Count("id"), oldest=Min("received_at"))
    oldest = reports["oldest"]
    note = "reports about people we cannot place"
    if oldest is not None:
        note = _("since %(moment)s") % {"moment": _moment(oldest)}
    return Card(
        "Quarantine",
        f"{reports['n']:,}",
        note,
        address(request, "health_decisions.QuarantinedReport"),
        panel.WARNING if reports["n"] else "",
    )


def _by_hand(request: HttpRequest) -> Card:
    now = clock.now()
    count = Override.objects.filter(starts_at__lte=now, ends_at__gt=now).count()
    lists = PersonList.objects.filter(expires_at__gt=now, expired_at__isnull=True).count()
    return Card(
        "Colours by hand",
        f"{count:,}",
        _("in force now; %(count)s lists of people") % {"count": f"{lists:,}"},
        address(request, "health_decisions.Override"),
    )


def _passes(request: HttpRequest) -> Card:
    now = clock.now()
    live = Pass.objects.filter(expires_at__gt=now, revoked_at__isnull=True).count()
    denied = Pass.objects.filter(expires_at__gt=now, revoked_at__isnull=False).count()
    return Card(
        "Passes in force",
        f"{live:,}",
        _("%(count)s on the deny list") % {"count": f"{denied:,}"},
        address(request, "health_passes.Pass"),
    )


def _signing(request: HttpRequest) -> Card:
    key = SigningKey.objects.filter(state=KeyState.ACTIVE).first()
    since = "none is active"
    if key:
        since = _("in force since %(moment)s") % {"moment": _moment(key.created_at)}
    return Card(
        "Signing key",
        f"{key.kid[:8]}…" if key else "-",
        since,
        address(request, "health_passes.SigningKey"),
        "" if key else panel.DANGER,
    )


WAITING: tuple[Callable[[HttpRequest], Card], ...] = (
    _alarms,
    _approvals,
    _readings,
    _appeals,
    _quarantine,
)
MACHINERY: tuple[Callable[[HttpRequest], Card], ...] = (_by_hand, _passes, _signing)


def _standings(request: HttpRequest, counts: dict[str, int]) -> list[Standing]:
    link = address(request, "health_decisions.Head")
    return [
        Standing(
            colour=in_reader_language(BADGES[colour].label),
            symbol=BADGES[colour].symbol,
            shape=BADGES[colour].shape,
            count=counts.get(colour, 0),
            link=f"{link}?decision__colour__exact={colour}" if link else "",
        )
        for colour in (Colour.GREEN, Colour.YELLOW, Colour.RED, Colour.UNKNOWN)
    ]


def _tables(request: HttpRequest, published: dict[str, Any]) -> list[Table]:
    link = address(request, "health_decisions.DayCount")
    titles = {
        "reds_by_rule": "Turns to red by rule",
        "reds_by_region": "By region",
        "reds_by_source": "By source of the evidence",
        "reds_by_operator": "By operator",
    }
    return [
        Table(_(title), list(published[name].items())[:TABLE_ROWS], link)
        for name, title in titles.items()
    ]


def _rules(request: HttpRequest) -> dict[str, Any]:
    now = clock.now()
    rule_set = publication.in_force(at=now)
    drafts = RuleSetVersion.objects.filter(valid_from__isnull=True).count()
    following = publication.next_in_force(after=now)
    return {
        "version": rule_set.version,
        "title": in_reader_language(rule_set.title),
        "region": rule_set.region,
        "rules": len(rule_set.rules),
        "tests": sum(len(rule.tests) for rule in rule_set.rules),
        "hash": rule_set.content_hash[:16],
        "next": following.astimezone(figures.zone()) if following else None,
        "drafts": drafts,
        "link": address(request, "health_rules.RuleSetVersion"),
    }


def _gates(request: HttpRequest) -> Table:
    since = figures.day_start(figures.today())
    rows = Verification.objects.filter(at__gte=since).values_list("verdict")
    counts = dict(rows.annotate(n=Count("id")).order_by())
    families = [
        (code_in_words(name), sum(counts.get(verdict, 0) for verdict in verdicts))
        for name, verdicts in FAMILIES.items()
    ]
    return Table(
        _("Codes looked at today"), families, address(request, "health_verification.Verification")
    )
