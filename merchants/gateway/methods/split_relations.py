"""Whom a merchant may pay from its trades: bind, unbind, list."""

from dataclasses import dataclass
from typing import Any, Final

from config.kernel.errors import InvalidRequest
from merchants.consents.values import Scope
from merchants.gateway.methods.split_codes import RELATIONS
from merchants.gateway.methods.split_parts import ReceiverForm, read_receivers
from merchants.gateway.schema import Answer, Call, Form, Method, parts, text
from merchants.protocol.persons import payee_field
from merchants.splits import queries
from merchants.splits.models import SplitRelation
from merchants.splits.usecases.bind_payees import bind_payees, unbind_payees
from merchants.splits.values import Named, NamedBy

_TYPE: Final = {NamedBy.NUMBER.value: "userId", NamedBy.LOGIN.value: "loginName"}
_PAGE: Final = r"[1-9][0-9]{0,5}"
_LARGEST_PAGE: Final = 100
_USUAL_PAGE: Final = 20
MOST_RECEIVERS: Final = 100


class ReceiversMissing(InvalidRequest):
    """No payee is named."""

    code = "receivers_missing"
    message = "At least one payee must be named."


@dataclass(kw_only=True, slots=True)
class RelationForm(Form):
    """alipay.trade.royalty.relation.bind and unbind."""

    out_request_no: str = text(required=True, longest=64)
    receiver_list: list[ReceiverForm] | None = parts(ReceiverForm, most=MOST_RECEIVERS)


@dataclass(kw_only=True, slots=True)
class RelationListForm(Form):
    """alipay.trade.royalty.relation.batchquery; pages count from 1."""

    out_request_no: str = text(required=True, longest=64)
    page_num: str = text(pattern=_PAGE)
    page_size: str = text(pattern=_PAGE)


@dataclass(kw_only=True, slots=True)
class RelationAnswer(Answer):
    """It is done."""

    result_code: str = "SUCCESS"


@dataclass(kw_only=True, slots=True)
class RelationListAnswer(Answer):
    """A page of the relations. The counts are numbers: typed libraries read integers here."""

    current_page_num: int
    current_page_size: int
    receiver_list: list[dict[str, str]] | None
    result_code: str = "SUCCESS"
    total_page_num: int
    total_record_num: int


def bind(call: Call, form: RelationForm) -> RelationAnswer:
    """Bind payees, all or none; those who are bound stay so."""
    bind_payees(merchant_id=call.app.merchant_id, payees=_named(call, form))
    return RelationAnswer()


def unbind(call: Call, form: RelationForm) -> RelationAnswer:
    """End relations; one that is not there is ended already."""
    unbind_payees(merchant_id=call.app.merchant_id, payees=_named(call, form))
    return RelationAnswer()


def _named(call: Call, form: RelationForm) -> list[Named]:
    if not form.receiver_list:
        raise ReceiversMissing(field="receiver_list")
    return read_receivers(form.receiver_list, seller=call.app)


def relation_list(call: Call, form: RelationListForm) -> RelationListAnswer:
    """List the relations in force, page by page."""
    rows = queries.relations(call.app.merchant_id)
    number, size = int(form.page_num or 1), min(int(form.page_size or _USUAL_PAGE), _LARGEST_PAGE)
    total = rows.count()
    page = rows[(number - 1) * size : number * size]
    return RelationListAnswer(
        current_page_num=number,
        current_page_size=size,
        receiver_list=[_relation_fields(row, call.app.app_number) for row in page] or None,
        total_page_num=-(-total // size),
        total_record_num=total,
    )


def _relation_fields(row: SplitRelation, app_number: str) -> dict[str, str]:
    account, named_by = row.account, _TYPE[row.named_by]
    if named_by == "userId":
        account, named_by = payee_field(app_number, account)
    fields = {
        "account": account,
        "memo": row.memo,
        "name": row.name,
        "type": named_by,
    }
    return {name: value for name, value in fields.items() if value}


METHODS: Final[tuple[Method[Any], ...]] = (
    Method("alipay.trade.royalty.relation.bind", RelationForm, bind, RELATIONS, Scope.SPLIT),
    Method("alipay.trade.royalty.relation.unbind", RelationForm, unbind, RELATIONS, Scope.SPLIT),
    Method(
        "alipay.trade.royalty.relation.batchquery",
        RelationListForm,
        relation_list,
        RELATIONS,
        Scope.SPLIT,
    ),
)
