"""Store the lines of a batch: its sales by one statement, the rest row by row."""

from collections.abc import Iterable

from django.db import connection
from django.db.models import CharField, F, QuerySet, UUIDField, Value

from config.kernel import transactions
from merchants.settlement.models import FeeRule, SettlementBatch, SettlementLine
from merchants.settlement.usecases.collect_sales import by_rule
from merchants.settlement.usecases.keep_fee_rule import FeeRules, terms_of
from merchants.settlement.values import LineFacts, LineKind
from merchants.terms.queries import fee_column
from wallet.public import PaymentRow

AT_ONCE = 2000


def store_sales(batch: SettlementBatch, sales: QuerySet[PaymentRow], rules_of: FeeRules) -> None:
    """Store a line for each of some sales, with its fee; part of the caller's transaction.

    Raises:
        IntegrityError: one of them is on a line already.
    """
    transactions.require()
    rule = batch.fee_rule or rules_of.of("", batch.business_date)
    for one, rows in by_rule(sales, rules_of, rule):
        _insert(batch, rows, one)


def store_lines(batch: SettlementBatch, lines: Iterable[LineFacts]) -> None:
    """Store a batch's other lines; part of the caller's transaction.

    Raises:
        IntegrityError: one of them is on a line already.
    """
    transactions.require()
    rows = (_line(batch, line) for line in lines)
    SettlementLine.objects.bulk_create(rows, batch_size=AT_ONCE)


def _insert(batch: SettlementBatch, sales: QuerySet[PaymentRow], rule: FeeRule) -> None:
    fee = fee_column(terms_of(rule))
    values = {
        "id": F("id"),
        "batch_id": Value(batch.id, output_field=UUIDField()),
        "kind": Value(LineKind.PAYMENT.value, output_field=CharField()),
        "payment_id": F("id"),
        "number": F("number"),
        "reference": F("reference"),
        "request_no": Value("", output_field=CharField()),
        "amount_minor": F("amount_minor"),
        "fee_minor": fee,
        "net_minor": F("amount_minor") - fee,
        "pending_minor": F("amount_minor"),
        "occurred_at": F("paid_at"),
        "journal_id": F("journal_id"),
        "fee_rule_id": Value(rule.id, output_field=UUIDField()),
    }
    # Under names of their own: a payment has some of the same.
    rows = sales.annotate(**{f"line_{name}": value for name, value in values.items()})
    select = rows.order_by("paid_at", "id").values_list(*(f"line_{name}" for name in values))
    sql, parameters = select.query.get_compiler(connection=connection).as_sql()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {SettlementLine._meta.db_table} ({', '.join(values)}) {sql}",
            parameters,
        )


def _line(batch: SettlementBatch, line: LineFacts) -> SettlementLine:
    row = SettlementLine(
        batch=batch,
        kind=line.kind,
        payment_id=line.payment_id,
        refund_id=line.refund_id,
        split_id=line.split_id,
        number=line.number,
        reference=line.reference,
        request_no=line.request_no,
        amount_minor=line.amount_minor,
        fee_minor=line.fee_minor,
        net_minor=line.net_minor,
        pending_minor=line.pending_minor,
        fee_rule_id=line.fee_rule_id,
        occurred_at=line.occurred_at,
        journal_id=line.journal_id,
    )
    if line.kind is LineKind.PAYMENT:
        row.id = line.payment_id
    return row
