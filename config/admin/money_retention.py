"""Retention of personal data in wallet and merchants: periods by table, one deleting job.

The rows are what the slices declare; the grounds on which books are kept stand here. The
health code has a table of its own (`healthcode.appeals.retention`): the two know nothing of
each other. What moved money is kept as books; what only prepared it, or came to nothing, goes
by the clock.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.apps import AppConfig, apps
from django.db.models import QuerySet

from config.kernel import slices, timetable
from config.kernel.due_times import Earliest, earliest_of
from config.kernel.retention import Kept, Text, forget, in_languages
from config.kernel.slices import Books, Ending

JOB = "retention.forget"
_GONE = in_languages("deleted", "supprimé", "删除")
_BOOKS = in_languages(
    "kept as books: the law asks for five years at least, and time alone deletes nothing",
    "conservé comme écritures : la loi demande cinq ans au moins, le temps seul ne supprime rien",
    "作为账目保存：法律要求至少五年，不因时间流逝而删除",
)
_OPEN = in_languages(
    "kept while the wallet is open; afterwards as the books need it",
    "conservé tant que le portefeuille est ouvert ; ensuite selon les besoins des écritures",
    "钱包存续期间保存；此后按账目需要保存",
)
_PROOF = in_languages(
    "kept as proof of what was allowed or decided",
    "conservé comme preuve de ce qui a été permis ou décidé",
    "作为授权或决定的凭证保存",
)


_GROUNDS: dict[Books, tuple[Text, Text]] = {
    Books.IDENTITY: (
        in_languages(
            "who you are, your devices, sign-ins and messages",
            "votre identité, vos appareils, connexions et messages",
            "身份信息、设备、登录与短信",
        ),
        _OPEN,
    ),
    Books.PAYMENTS: (
        in_languages(
            "payments, refunds, transfers and what belongs to them",
            "paiements, remboursements, virements et ce qui s’y rattache",
            "支付、退款、转账及其附属记录",
        ),
        _BOOKS,
    ),
    Books.SERVICES: (
        in_languages(
            "savings, credit, coupons, shared bills, red packets, currencies, rides, speakers",
            "épargne, crédit, bons, additions, enveloppes rouges, devises, trajets, enceintes",
            "理财、先用后付、优惠券、AA 收款、红包、外币、乘车、音箱",
        ),
        _BOOKS,
    ),
    Books.RISK: (
        in_languages(
            "decisions and cases about risk", "décisions et dossiers de risque", "风险判定与案例"
        ),
        _PROOF,
    ),
    Books.CONSENTS: (
        in_languages(
            "what you allowed others", "ce que vous avez permis à d’autres", "您对他人的授权"
        ),
        _PROOF,
    ),
}


def _rows() -> Iterator[Kept]:
    """The table: what stays, by its ground, then what goes by the clock."""
    for books, (what, then) in _GROUNDS.items():
        models = [
            slices.label_of(app, name)
            for app, declaration in slices.declared()
            for name in declaration.books.get(books, ())
        ]
        yield Kept(tuple(apps.get_model(name)._meta.db_table for name in models), None, what, then)
    for app, declaration in slices.declared():
        yield from (_ending(app, entry) for entry in declaration.endings)


def _ending(app: AppConfig, entry: Ending) -> Kept:
    model = app.get_model(entry.model)

    def rows() -> QuerySet[Any]:
        return model._default_manager.filter(**entry.where)

    ends = Earliest(rows, entry.moment, timedelta(entry.days))
    what = in_languages(entry.en, entry.fr, entry.zh)
    tables = (model._meta.db_table,)
    return Kept(tables, entry.days, what, _GONE, None if entry.by_own_job else ends)


ROWS: tuple[Kept, ...] = tuple(_rows())
_ENDING = tuple(row for row in ROWS if row.ends is not None)


@timetable.job(
    JOB,
    tells="nothing changes for merchants",
    next_due=earliest_of(*(row.ends for row in ROWS if row.ends is not None)),
)
def forget_due(now: datetime) -> int:
    """Delete a batch of each kind of row whose days are over."""
    return sum(forget(row, now) for row in _ENDING)
