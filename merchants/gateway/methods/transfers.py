"""Money from a merchant's balance: transfer, its query, the balance, and their old forms."""

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings

from config.kernel import clock
from config.kernel.errors import NotPermitted, Refused
from merchants.consents.values import Scope
from merchants.funds import queries
from merchants.funds.models import MerchantTransfer, TransferBatch
from merchants.funds.rules import TransferUnknown, has_lapsed
from merchants.funds.usecases.send_transfer import send_transfer
from merchants.funds.values import (
    BatchState,
    Order,
    Payee,
    PayeeNamedBy,
    TransferKind,
    TransferState,
)
from merchants.gateway.methods.transfer_codes import TRANSFERS
from merchants.gateway.schema import (
    Answer,
    Call,
    FieldInvalid,
    FieldMissing,
    Form,
    Method,
    amount,
    part,
    parts,
    person,
    read,
    text,
)
from merchants.onboarding.queries import merchant
from merchants.protocol.formats import ZERO, beijing, yuan
from merchants.protocol.persons import number_of
from merchants.protocol.transfers import STATUS
from merchants.protocol.values import PersonBy

UNI: Final = "alipay.fund.trans.uni.transfer"
OLD: Final = "alipay.fund.trans.toaccount.transfer"
TO_ACCOUNT: Final = "TRANS_ACCOUNT_NO_PWD"
TO_CARD: Final = "TRANS_BANKCARD_NO_PWD"
RED_PACKET: Final = "STD_RED_PACKET"
CARD: Final = "BANKCARD_ACCOUNT"
NAMED_BY: Final = {
    "ALIPAY_USER_ID": PayeeNamedBy.NUMBER,
    "ALIPAY_OPEN_ID": PayeeNamedBy.NUMBER,
    "ALIPAY_LOGON_ID": PayeeNamedBy.LOGIN,
    CARD: PayeeNamedBy.CARD,
}
NAMED_BY_OLD: Final = {
    "ALIPAY_USERID": PayeeNamedBy.NUMBER,
    "ALIPAY_OPENID": PayeeNamedBy.NUMBER,
    "ALIPAY_LOGONID": PayeeNamedBy.LOGIN,
}
# Printable ASCII without blanks.
TRANSFER_NUMBER: Final = r"[!-~]{1,64}"
# What a bank says of a transfer that it did not keep, for people.
_FAILED: Final = {
    "account_closed": "收款账户已注销",
    "account_unknown": "收款账户不存在",
    "recalled_by_bank": "收款银行退回",
}
_CARD: Final = r"[0-9]{12,24}"
# Whose account a card leads to.
COMPANY, PERSON = "1", "2"


class ProductNotSigned(Refused):
    """The merchant has not signed up for this product."""

    code = "product_not_signed"
    message = "The merchant has not signed up for this product."


class AccountNotOwn(NotPermitted):
    """A merchant asks for an account that is not its own."""

    code = "account_not_own"
    message = "This account is not the merchant's."


@dataclass(kw_only=True, slots=True)
class BankForm(Form):
    """`bankcard_ext_info` of a payee: whose card it is."""

    inst_name: str = text(longest=128)
    account_type: str = text(one_of=frozenset({COMPANY, PERSON}))
    inst_province: str = text(longest=64)
    inst_city: str = text(longest=64)
    inst_branch_name: str = text(longest=128)
    bank_code: str = text(longest=64)


@dataclass(kw_only=True, slots=True)
class PayeeForm(Form):
    """`payee_info` of a transfer."""

    identity: str = person(PersonBy.TYPED, required=True)
    identity_type: str = text(required=True, one_of=frozenset(NAMED_BY))
    name: str = text(longest=128, echoed=True)
    bankcard_ext_info: BankForm | None = part(BankForm)


@dataclass(kw_only=True, slots=True)
class SceneReportForm(Form):
    """One of `transfer_scene_report_infos`: what the scene wants said, kept unread."""

    info_type: str = text(required=True, longest=64)
    info_content: str = text(required=True, longest=256)


@dataclass(kw_only=True, slots=True)
class SceneForm(Form):
    """What says in which scene a merchant sends; judged where the installation has scenes."""

    transfer_scene_name: str = text(longest=64)
    transfer_scene_report_infos: list[SceneReportForm] | None = parts(SceneReportForm, most=20)


@dataclass(kw_only=True, slots=True)
class TransferForm(SceneForm):
    """alipay.fund.trans.uni.transfer."""

    out_biz_no: str = text(required=True, pattern=TRANSFER_NUMBER, echoed=True)
    trans_amount: int = amount(required=True)
    product_code: str = text(required=True, one_of=frozenset({TO_ACCOUNT, TO_CARD, RED_PACKET}))
    biz_scene: str = text(required=True, longest=64)
    payee_info: PayeeForm = part(PayeeForm, required=True)
    order_title: str = text(longest=128, echoed=True)
    remark: str = text(longest=200, echoed=True)
    business_params: str = text(longest=2048)


@dataclass(kw_only=True, slots=True)
class OldTransferForm(Form):
    """alipay.fund.trans.toaccount.transfer, as older libraries send it."""

    out_biz_no: str = text(required=True, pattern=TRANSFER_NUMBER, echoed=True)
    payee_type: str = text(required=True, one_of=frozenset(NAMED_BY_OLD))
    payee_account: str = person(PersonBy.TYPED, required=True)
    amount: int = amount(required=True)
    payer_show_name: str = text(longest=128)
    payee_real_name: str = text(longest=128)
    remark: str = text(longest=200, echoed=True)


@dataclass(kw_only=True, slots=True)
class TransferQueryForm(Form):
    """alipay.fund.trans.common.query: any one number is enough."""

    product_code: str = text(longest=64)
    biz_scene: str = text(longest=64)
    out_biz_no: str = text(pattern=TRANSFER_NUMBER, echoed=True)
    order_id: str = text(longest=32)
    pay_fund_order_id: str = text(longest=32)


@dataclass(kw_only=True, slots=True)
class AccountForm(Form):
    """alipay.fund.account.query: the merchant's own account, by either of its ids."""

    alipay_user_id: str = text(longest=32)
    alipay_open_id: str = text(longest=128)
    open_id: str = text(longest=128)
    account_type: str = text(one_of=frozenset({"ACCTRANS_ACCOUNT"}))


@dataclass(kw_only=True, slots=True)
class TransferAnswer(Answer):
    """A transfer that has been made, or is with the bank (DEALING)."""

    order_id: str
    out_biz_no: str
    pay_fund_order_id: str
    status: str
    trans_date: str


@dataclass(kw_only=True, slots=True)
class OldTransferAnswer(Answer):
    """A transfer that has been made."""

    order_id: str
    out_biz_no: str
    pay_date: str


@dataclass(kw_only=True, slots=True)
class TransferQueryAnswer(Answer):
    """How a transfer stands."""

    arrival_time_end: str | None
    error_code: str | None
    fail_reason: str | None
    order_fee: str
    order_id: str
    out_biz_no: str
    pay_date: str | None
    pay_fund_order_id: str | None
    status: str
    trans_amount: str | None


@dataclass(kw_only=True, slots=True)
class AccountAnswer(Answer):
    """What the merchant's balance holds."""

    available_amount: str
    freeze_amount: str
    total_amount: str


def transfer(call: Call, form: TransferForm) -> TransferAnswer:
    """Send money to a wallet or a bank card; `out_biz_no` is the key."""
    if form.product_code == RED_PACKET:
        raise ProductNotSigned()
    if form.biz_scene != "DIRECT_TRANSFER":
        raise FieldInvalid(field="biz_scene")
    check_scene(form)
    to_card = form.product_code == TO_CARD
    order = Order(
        reference=form.out_biz_no,
        kind=TransferKind.BANK_CARD if to_card else TransferKind.WALLET,
        payee=payee_of(call, form.payee_info, to_card=to_card),
        amount_minor=form.trans_amount,
        title=form.order_title,
        remark=form.remark,
        app_number=call.app.app_number,
        product=form.product_code,
        scene=form.biz_scene,
        origin=UNI,
    )
    row, _ = send_transfer(merchant_id=call.app.merchant_id, order=order)
    return TransferAnswer(
        order_id=row.number,
        out_biz_no=row.reference,
        pay_fund_order_id=row.fund_number,
        status=STATUS[TransferState(row.state)],
        trans_date=beijing(row.created_at),
    )


def check_scene(form: SceneForm) -> None:
    """Check the scene of a transfer, where the installation has scenes (`SAOMA_TRANSFER_SCENES`).

    Raises:
        FieldMissing, FieldInvalid: no scene, none that is open to merchants, or nothing said
            of it.
    """
    scenes = settings.SAOMA_TRANSFER_SCENES
    if not scenes:
        return
    if not form.transfer_scene_name:
        raise FieldMissing(field="transfer_scene_name")
    if form.transfer_scene_name not in scenes:
        raise FieldInvalid(field="transfer_scene_name")
    if not form.transfer_scene_report_infos:
        raise FieldMissing(field="transfer_scene_report_infos")


def payee_of(call: Call, form: PayeeForm, *, to_card: bool) -> Payee:
    """Read whom a transfer is for.

    Raises:
        FieldMissing, FieldInvalid: the payee is not named as this kind of transfer wants.
    """
    named_by = NAMED_BY[form.identity_type]
    if (named_by is PayeeNamedBy.CARD) is not to_card:
        raise FieldInvalid(field="identity_type")
    if named_by is not PayeeNamedBy.NUMBER and not form.name:
        raise FieldMissing(field="name")
    bank = ""
    if to_card:
        read(CardForm, {"identity": form.identity})
        bank = _bank_of(form)
    identity = form.identity
    if form.identity_type == "ALIPAY_OPEN_ID":
        identity = number_of(call.app, open_id=identity)
    return Payee(named_by, identity, form.name, bank[:64])


def _bank_of(form: PayeeForm) -> str:
    """The bank of a card's owner; "" where a person's is not said.

    Raises:
        FieldMissing: nothing says whose the account is, or a company's cannot be found by it.
    """
    card = form.bankcard_ext_info
    if card is None:
        raise FieldMissing(field="bankcard_ext_info")
    if not card.account_type:
        raise FieldMissing(field="account_type")
    if card.account_type == COMPANY:
        if not card.inst_name:
            raise FieldMissing(field="inst_name")
        if not (card.bank_code or card.inst_branch_name):
            raise FieldMissing(field="inst_branch_name")
    return card.inst_name


@dataclass(kw_only=True, slots=True)
class CardForm(Form):
    """A bank card's number."""

    identity: str = text(required=True, pattern=_CARD)


def old_transfer(call: Call, form: OldTransferForm) -> OldTransferAnswer:
    """Send money to a wallet, in the words of 2016."""
    account = form.payee_account
    if form.payee_type == "ALIPAY_OPENID":
        account = number_of(call.app, open_id=account)
    order = Order(
        reference=form.out_biz_no,
        kind=TransferKind.WALLET,
        payee=Payee(NAMED_BY_OLD[form.payee_type], account, form.payee_real_name),
        amount_minor=form.amount,
        title=form.payer_show_name,
        remark=form.remark,
        app_number=call.app.app_number,
        product=TO_ACCOUNT,
        scene="DIRECT_TRANSFER",
        origin=OLD,
    )
    row, _ = send_transfer(merchant_id=call.app.merchant_id, order=order)
    return OldTransferAnswer(
        order_id=row.number, out_biz_no=row.reference, pay_date=beijing(row.created_at)
    )


def transfer_query(call: Call, form: TransferQueryForm) -> TransferQueryAnswer:
    """Tell how a transfer stands."""
    if not (form.out_biz_no or form.order_id or form.pay_fund_order_id):
        raise FieldMissing(field="out_biz_no")
    try:
        row = queries.transfer(
            merchant_id=call.app.merchant_id,
            reference=form.out_biz_no,
            number=form.order_id,
            fund_number=form.pay_fund_order_id,
        )
    except TransferUnknown:
        waiting = queries.single(call.app.merchant_id, form.out_biz_no or form.order_id)
        if waiting is None:
            raise
        return _waiting(waiting)
    return _transfer_answer(row)


def _waiting(batch: TransferBatch) -> TransferQueryAnswer:
    """A transfer that its owner has not released, or never will."""
    state = BatchState(batch.state)
    waits = state is BatchState.WAITING and not has_lapsed(state, batch.expires_at, now=clock.now())
    status = "WAIT_PAY" if waits else "CLOSED"
    if state in {BatchState.SENDING, BatchState.DONE}:
        status = "DEALING" if state is BatchState.SENDING else "FAIL"
    return TransferQueryAnswer(
        arrival_time_end=None,
        error_code=None,
        fail_reason=None,
        order_fee=ZERO,
        order_id=batch.number,
        out_biz_no=batch.reference,
        pay_date=None,
        pay_fund_order_id=None,
        status=status,
        trans_amount=yuan(batch.total_minor),
    )


def old_transfer_query(call: Call, form: TransferQueryForm) -> TransferQueryAnswer:
    """Tell how a transfer stands, without what came later to the protocol."""
    return dataclasses.replace(
        transfer_query(call, form), trans_amount=None, pay_fund_order_id=None
    )


def _transfer_answer(row: MerchantTransfer) -> TransferQueryAnswer:
    state = TransferState(row.state)
    dealing = state is TransferState.PROCESSING
    failed = state in {TransferState.FAILED, TransferState.RETURNED}
    ended = None if row.finished_at is None else beijing(row.finished_at)
    return TransferQueryAnswer(
        arrival_time_end=None if dealing else ended,
        error_code=row.reason.upper() if failed and row.reason else None,
        fail_reason=_FAILED.get(row.reason, "转账失败") if failed and row.reason else None,
        order_fee=ZERO,
        order_id=row.number,
        out_biz_no=row.reference,
        pay_date=None if dealing else ended,
        pay_fund_order_id=row.fund_number,
        status=STATUS[state],
        trans_amount=yuan(row.amount_minor),
    )


def account(call: Call, form: AccountForm) -> AccountAnswer:
    """Tell what the merchant's own balance holds; another's is nobody's business."""
    account_number = form.alipay_user_id or form.alipay_open_id or form.open_id
    if not account_number:
        raise FieldMissing(field="alipay_user_id")
    if account_number != call.app.merchant_number:
        raise AccountNotOwn(field="alipay_user_id")
    balance = queries.balance_of(merchant(call.app.merchant_id))
    return AccountAnswer(
        available_amount=yuan(balance.available_minor),
        freeze_amount=yuan(balance.held_minor),
        total_amount=yuan(balance.posted_minor),
    )


METHODS: Final[tuple[Method[Any], ...]] = (
    Method(UNI, TransferForm, transfer, TRANSFERS, Scope.TRANSFER),
    Method(
        "alipay.fund.trans.common.query",
        TransferQueryForm,
        transfer_query,
        TRANSFERS,
        Scope.TRANSFER,
        rest_verb="GET",
    ),
    Method(OLD, OldTransferForm, old_transfer, TRANSFERS, Scope.TRANSFER),
    Method(
        "alipay.fund.trans.order.query",
        TransferQueryForm,
        old_transfer_query,
        TRANSFERS,
        Scope.TRANSFER,
    ),
    Method(
        "alipay.fund.account.query", AccountForm, account, TRANSFERS, Scope.READ, rest_verb="GET"
    ),
)
