"""`/metrics`: figures about money and waiting work, for Prometheus.

Each figure is read from the database when it is asked for, so that every web process
gives the same answer; nothing is counted in a process's memory. The proofs of the books
are read at most every 30 s. Rules that alert on these figures: `docker/prometheus/alerts.yml`.
"""

import hmac
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from config.admin import figures
from config.http import problems
from config.kernel import clock, timetable
from config.kernel.alarms.models import Alarm
from config.kernel.outbox import relay
from config.kernel.ports import SIMULATED
from wallet.ledger.queries.proofs import latest_proof
from wallet.payments.models import Payment
from wallet.payments.values import PaymentStatus

# A payment that is open for longer after its end than the job that closes it may take.
STUCK_AFTER = timedelta(minutes=5)


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give all figures as text; 403 without the token or an operator's session."""
    if not _may_read(request):
        return problems.forbidden(request, PermissionError("metrics"))
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _may_read(request: HttpRequest) -> bool:
    token: str = settings.SAOMA_METRICS_TOKEN
    authorization = request.headers.get("Authorization", "")
    if token and hmac.compare_digest(authorization.encode(), f"Bearer {token}".encode()):
        return True
    return bool(request.user.is_active and request.user.has_perm("payments.view_payment"))


class Figures(Collector):
    """All families, read from the database in about a dozen queries."""

    def collect(self) -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
        yield from _books()
        yield from _outbox()
        yield from _notifications()
        yield from _payments()
        yield from _jobs()
        yield from _desks()
        yield from _parts()


def _gauge(name: str, text: str, figure: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=figure)


def _labelled(
    name: str, text: str, label: str, rows: Iterable[tuple[str, float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for key, figure in rows:
        family.add_metric([key], figure)
    return family


def _age_s(moment: datetime | None) -> float:
    return max((clock.now() - moment).total_seconds(), 0.0) if moment else 0.0


def _books() -> Iterator[GaugeMetricFamily]:
    proofs = figures.proof_figures()
    yield _labelled(
        "saoma_trial_balance_minor",
        "Debits less credits of the whole books, in minor units; anything but 0 is a fault.",
        "currency",
        proofs["trial_balance_zero"].items(),
    )
    yield _labelled(
        "saoma_safeguarding_surplus_minor",
        "What covers clients' money less what is owed to them, in minor units.",
        "currency",
        proofs["safeguarding"].items(),
    )
    proof = latest_proof()
    yield _gauge(
        "saoma_proof_passed",
        "Whether the last nightly proof of the books passed; 1 before the first.",
        float(proof.passed if proof else True),
    )
    yield _gauge(
        "saoma_proof_age_seconds",
        "Age of the last nightly proof; 0 before the first.",
        _age_s(proof.proved_at if proof else None),
    )


def _outbox() -> Iterator[GaugeMetricFamily | CounterMetricFamily]:
    life = relay.life()
    yield _gauge(
        "saoma_outbox_unfinished",
        "Events with an effect still to come.",
        figures.events_waiting(),
    )
    yield _gauge(
        "saoma_outbox_oldest_seconds",
        "Age of the oldest event with an effect still to come.",
        _age_s(life.oldest),
    )
    yield _gauge(
        "saoma_workers_silent_seconds",
        "For how long no worker has had a message of the scheduler's; 0 before the first.",
        _age_s(life.beaten_at),
    )
    events, finished = relay.progress()
    yield CounterMetricFamily(
        "saoma_outbox_events", "Events handed to the workers since the beginning.", value=events
    )
    yield CounterMetricFamily(
        "saoma_outbox_finished",
        "Events with all effects; workers fall behind by rate(events) less rate(finished).",
        value=finished,
    )


def _notifications() -> Iterator[GaugeMetricFamily]:
    waiting = figures.waiting_notifications()
    yield _gauge(
        "saoma_notifications_waiting",
        "Notifications that their merchants have not taken yet.",
        waiting.count(),
    )
    overdue = waiting.filter(due_at__lt=clock.now()).aggregate(due=Min("due_at"))["due"]
    yield _gauge(
        "saoma_notifications_overdue_seconds",
        "For how long the most overdue notification should have been sent.",
        _age_s(overdue),
    )


def _payments() -> Iterator[GaugeMetricFamily]:
    start = figures.day_start(figures.today())
    rows = (
        Payment.objects.filter(created_at__gte=start)
        .order_by("status")
        .values_list("status")
        .annotate(count=Count("id"))
    )
    yield _labelled(
        "saoma_payments_today", "Payments made since midnight by their status.", "status", rows
    )
    stuck = Payment.objects.filter(
        status=PaymentStatus.PENDING, expires_at__lt=clock.now() - STUCK_AFTER
    )
    yield _gauge(
        "saoma_payments_stuck",
        "Payments still open five minutes after their time to pay ended.",
        stuck.count(),
    )


def _jobs() -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    dues = [
        (name, (now - due).total_seconds()) for name, due in timetable.dues().items() if due < now
    ]
    yield _labelled(
        "saoma_job_overdue_seconds",
        "For how long work of the timetable has been due; jobs with nothing due are left out.",
        "job",
        dues,
    )


def _desks() -> Iterator[GaugeMetricFamily]:
    unseen = Alarm.objects.filter(seen_at__isnull=True)
    yield _gauge("saoma_alarms_unseen", "Alarms that nobody has looked at.", unseen.count())
    yield _gauge(
        "saoma_settlement_batches_held",
        "Batches that wait for approval or came back from the bank.",
        figures.batches_waiting(),
    )
    yield _gauge("saoma_risk_cases_open", "Risk cases to be looked at.", figures.risk_cases_open())


def _parts() -> Iterator[GaugeMetricFamily]:
    yield _labelled(
        "saoma_part_simulated",
        "Whether a part of the world outside is simulated here.",
        "part",
        ((name, float(path == SIMULATED)) for name, path in sorted(settings.SAOMA_PARTS.items())),
    )
