"""Acts about money: top-ups, sales, refunds, transfers, agreements, deposits, guaranteed trades."""

from typing import Any
from urllib.parse import quote, urlencode

from config.kernel.errors import required
from lab.mock_merchant.receiver import ResponsePlan
from lab.scenarios.acting import Facts, acts_of, answered
from lab.scenarios.stage import Stage
from lab.usecases.plant_seed import partners_in_a_hurry
from lab.usecases.plant_seed import top_up as credit
from merchants.checkout.usecases.scan_as_buyer import PhoneScan, scan_as_buyer
from wallet import public as wallet
from wallet.money import format_amount, parse_amount

_SIGN = "alipay.user.agreement.page.sign"


def top_up(stage: Stage, *, person: str, amount: str) -> Facts:
    """Credit somebody's wallet through the simulated bank."""
    with partners_in_a_hurry():
        credit(
            stage.person(person).id,
            parse_amount(amount, "CNY"),
            key=f"{stage.scenario.name}-{stage.next_number()}",
        )
    return {}


def sell_by_code(
    stage: Stage, *, shop: str, person: str, amount: str, order: str, **more: Any
) -> Facts:
    """Scan the payment code on somebody's phone; `code_of` names a code shown before."""
    code_name = more.pop("code_of", "")
    code = stage.kept[code_name] if code_name else _fresh_code(stage, person)
    answer = stage.client(shop).pay(
        out_trade_no=stage.number(shop, order),
        amount=amount,
        subject=more.pop("subject", order),
        auth_code=code,
        **more,
    )
    return answered(answer)


def show_code(stage: Stage, *, person: str, keep: str) -> Facts:
    """Show a payment code on somebody's phone, and keep it under a name."""
    stage.kept[keep] = _fresh_code(stage, person)
    return {}


def sell_by_qr(stage: Stage, *, shop: str, person: str, amount: str, order: str) -> Facts:
    """Show an order's code, which somebody scans and pays."""
    client, number = stage.client(shop), stage.number(shop, order)
    offered = client.precreate(out_trade_no=number, amount=amount, subject=order)
    _scan(stage, person, str(offered["qr_code"]))
    return answered(client.query(out_trade_no=number))


def query(stage: Stage, *, shop: str, order: str) -> Facts:
    """Ask how a trade stands."""
    return answered(stage.client(shop).query(out_trade_no=stage.number(shop, order)))


def cancel(stage: Stage, *, shop: str, order: str) -> Facts:
    """Take a sale back."""
    return answered(stage.client(shop).cancel(out_trade_no=stage.number(shop, order)))


def refund(stage: Stage, *, shop: str, order: str, amount: str, request: str) -> Facts:
    """Give money back, all or a part."""
    answer = stage.client(shop).refund(
        out_trade_no=stage.number(shop, order), amount=amount, out_request_no=request
    )
    return answered(answer)


def transfer(
    stage: Stage, *, person: str, to: str, amount: str, note: str = "", pin: str = ""
) -> Facts:
    """Send money from one to another; `pin` where it is not the sender's own."""
    sender = stage.person(person)
    outcome = wallet.transfer_money(
        key=f"{stage.scenario.name}-{stage.next_number()}",
        payer_id=sender.id,
        payee_phone=stage.person(to).phone,
        amount_minor=parse_amount(amount, "CNY"),
        pin=pin or sender.pin,
        note=note,
    )
    return {"transfer": format_amount(outcome.transfer.amount_minor, "CNY")}


def agree(stage: Stage, *, shop: str, person: str, single: str, keep: str) -> Facts:
    """Let somebody sign an agreement with a shop: debits up to `single` each."""
    request = stage.client(shop).signed(
        _SIGN,
        personal_product_code="GENERAL_WITHHOLDING_P",
        product_code="GENERAL_WITHHOLDING",
        sign_scene="INDUSTRY|CARPARK",
        access_params={"channel": "QRCODE"},
        period_rule_params={"single_amount": single},
    )
    link = f"alipays://platformapi/startapp?appId=60000157&sign_params={quote(urlencode(request))}"
    facts = _scan(stage, person, link)
    stage.kept[keep] = facts["agreement_no"]
    return facts


def debit(stage: Stage, *, shop: str, agreement: str, amount: str, order: str) -> Facts:
    """Debit under an agreement, without the payer's phone."""
    answer = stage.client(shop).call(
        "alipay.trade.pay",
        out_trade_no=stage.number(shop, order),
        total_amount=amount,
        subject=order,
        product_code="GENERAL_WITHHOLDING",
        agreement_params={"agreement_no": stage.kept[agreement]},
    )
    return answered(answer)


def agreement_of(stage: Stage, shop: str, agreement: str) -> wallet.AgreementView:
    """An agreement that was signed with a shop in this scenario."""
    payee_id, number = stage.merchant(shop).id, stage.kept[agreement]
    return required(
        wallet.agreement_by_number(payee_id=payee_id, number=number), "it was signed here"
    )


def unsign(stage: Stage, *, person: str, shop: str, agreement: str) -> Facts:
    """End an agreement as its payer."""
    signed = agreement_of(stage, shop, agreement)
    who = stage.person(person)
    outcome = wallet.unsign_agreement(
        agreement_id=signed.id, by=wallet.Party.PAYER, actor=f"user:{who.id}", payer_id=who.id
    )
    return {"status": outcome.agreement.status.value}


def hold_deposit(
    stage: Stage, *, shop: str, person: str, amount: str, order: str, keep: str
) -> Facts:
    """Hold a deposit by the code on somebody's phone."""
    answer = stage.client(shop).call(
        "alipay.fund.auth.order.freeze",
        out_order_no=stage.number(shop, order),
        out_request_no=stage.number(shop, f"{order}_R"),
        order_title=order,
        amount=amount,
        product_code="PRE_AUTH",
        auth_code=_fresh_code(stage, person),
        auth_code_type="bar_code",
    )
    stage.kept[keep] = answer.get("auth_no", "")
    return answered(answer)


def capture(stage: Stage, *, shop: str, deposit: str, amount: str, order: str) -> Facts:
    """Take a part of a held deposit and free the rest."""
    answer = stage.client(shop).call(
        "alipay.trade.pay",
        out_trade_no=stage.number(shop, order),
        total_amount=amount,
        subject=order,
        product_code="PRE_AUTH",
        auth_no=stage.kept[deposit],
        auth_confirm_mode="COMPLETE",
    )
    return answered(answer)


def confirm_receipt(stage: Stage, *, shop: str, order: str, request: str) -> Facts:
    """Release what a guaranteed trade still holds to the shop."""
    client = stage.client(shop)
    trade = client.query(out_trade_no=stage.number(shop, order))
    answer = client.call(
        "alipay.trade.settle.confirm", trade_no=trade["trade_no"], out_request_no=request
    )
    return answered(answer)


def payouts(stage: Stage) -> Facts:
    """What has gone to merchants' banks so far."""
    paid = stage.payouts()
    total_minor = sum(parse_amount(amount, "CNY") for amount in paid)
    return {"count": len(paid), "total": format_amount(total_minor, "CNY"), "amounts": paid}


def notifications(stage: Stage, *, order: str, shop: str, fail_next: int = 0) -> Facts:
    """What a shop's server has heard of an order so far, and how often; it may fail next."""
    inbox, number = stage.receiver.inbox, stage.number(shop, order)
    calls = [call for call in inbox.calls if call.get("out_trade_no") == number]
    if fail_next:
        stage.receiver.plan = ResponsePlan(fail_first=len(inbox.calls) + fail_next)
    accepted = [call for call in inbox.accepted.values() if call.get("out_trade_no") == number]
    return {
        "calls": len(calls),
        "accepted": len(accepted),
        "forged": len(inbox.refused),
        "status": accepted[-1]["trade_status"] if accepted else "",
    }


def look(stage: Stage) -> Facts:
    """Do nothing but look at what is expected."""
    return {"trial_balance": wallet.trial_balance().get("CNY", 0)}


def _fresh_code(stage: Stage, person: str) -> str:
    return wallet.issue_fresh_code(user_id=stage.person(person).id).code


def _scan(stage: Stage, person: str, payload: str) -> Facts:
    who = stage.person(person)
    return scan_as_buyer(PhoneScan(payload=payload, buyer=who.phone, pay=True, pin=who.pin))


ACTS = acts_of(
    top_up, sell_by_code, show_code, sell_by_qr, query, cancel, refund, transfer, agree, debit,
    unsign, hold_deposit, capture, confirm_receipt, payouts, notifications, look,
)  # fmt: skip
