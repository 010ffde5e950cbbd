"""Retention of personal data in wallet and merchants: periods by table, one deleting job.

The health code has a table of its own (`healthcode.appeals.retention`): the two know nothing
of each other. What moved money is kept as books; what only prepared it, or came to nothing,
goes by the clock.
"""

from datetime import datetime, timedelta

from config.kernel import timetable
from config.kernel.due_times import Earliest, earliest_of
from config.kernel.retention import Kept, forget, in_languages
from merchants.deals.models import ParcelEvent, Prescription
from merchants.exchange.models import FxQuote
from merchants.selfscan.models import Trip
from merchants.selfscan.values import TripState
from merchants.speakers.models import VoiceOrder
from merchants.transit.models import Tap
from merchants.transit.values import TapState
from wallet.funding.models import MarketingConsent
from wallet.passkeys.models import Passkey, PasskeyChallenge
from wallet.passkeys.values import PasskeyState
from wallet.payments.usecases.drop_codes import KEPT

JOB = "retention.forget"
_MONTH, _HALF_YEAR, _THREE_YEARS = timedelta(28), timedelta(180), timedelta(1_095)
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


def _ends(what: Earliest, table: str, en: str, fr: str, zh: str) -> Kept:
    return Kept((table,), what.plus.days, in_languages(en, fr, zh), _GONE, what)


ROWS: tuple[Kept, ...] = (
    Kept(("accounts_walletuser", "accounts_person", "accounts_kycapplication", "accounts_device",
          "accounts_limitusage", "accounts_customernote", "accounts_sessiontoken",
          "accounts_loginthrottle", "accounts_phonecode", "accounts_smsmessage"), None,
         in_languages("who you are, your devices, sign-ins and messages",
                      "votre identité, vos appareils, connexions et messages",
                      "身份信息、设备、登录与短信"), _OPEN),
    Kept(("payments_payment", "payments_refund", "payments_transfer", "payments_payeractivity",
          "payments_badcodecount", "accounts_topup", "accounts_withdrawal",
          "accounts_bankinstruction", "authorisations_authorisation", "authorisations_arrears",
          "authorisations_trustdispute",
          "agreements_agreement", "customs_customsdeclaration", "disputes_dispute", "deals_deal",
          "splits_split", "splits_splitrelation", "splits_splitshare", "funds_merchanttransfer",
          "funds_batchline", "payouts_payout", "gateway_notification"), None,
         in_languages("payments, refunds, transfers and what belongs to them",
                      "paiements, remboursements, virements et ce qui s’y rattache",
                      "支付、退款、转账及其附属记录"), _BOOKS),
    Kept(("funding_savings", "funding_savingsorder", "funding_creditline", "funding_fundingorder",
          "sharing_splitbill", "sharing_splitshare", "sharing_redpacket", "sharing_packetclaim",
          "exchange_fxpayment", "transit_transitcertificate", "transit_ride", "speakers_speaker"),
         None,
         in_languages("savings, credit, shared bills, red packets, currencies, rides, speakers",
                      "épargne, crédit, additions, enveloppes rouges, devises, trajets, enceintes",
                      "理财、先用后付、AA 收款、红包、外币、乘车、音箱"), _BOOKS),
    Kept(("risk_riskcase", "risk_riskdecision", "risk_listentry", "risk_payeerefund"), None,
         in_languages("decisions and cases about risk", "décisions et dossiers de risque",
                      "风险判定与案例"), _PROOF),
    Kept(("consents_grant", "consents_shownopenid", "consents_certification",
          "authorisations_trustchoice", "faces_faceenrolment", "faces_facetoken"), None,
         in_languages("what you allowed others", "ce que vous avez permis à d’autres",
                      "您对他人的授权"), _PROOF),
    Kept(("payments_paymentcode",), KEPT.days,
         in_languages("payment codes that ran out", "codes de paiement expirés",
                      "过期的付款码"), _GONE),
    _ends(Earliest(lambda: FxQuote.objects.filter(used_at__isnull=True), "expires_at", _MONTH),
          "exchange_fxquote", "quotes that nobody took", "cotations non utilisées",
          "未使用的报价"),
    _ends(Earliest(lambda: PasskeyChallenge.objects.filter(used_at__isnull=True), "expires_at",
                   _MONTH),
          "passkeys_passkeychallenge", "what a passkey was asked to sign and did not",
          "ce qu’une clé d’accès n’a pas signé", "通行密钥未签署的内容"),
    _ends(Earliest(lambda: Passkey.objects.filter(state=PasskeyState.PENDING.value),
                   "expires_at", _MONTH),
          "passkeys_passkey", "passkeys that were never set up",
          "clés d’accès jamais configurées", "未完成设置的通行密钥"),
    _ends(Earliest(lambda: Tap.objects.filter(state=TapState.REFUSED.value), "uploaded_at",
                   _MONTH),
          "transit_tap", "taps that gates refused", "passages refusés aux portillons",
          "被拒的闸机记录"),
    _ends(Earliest(lambda: Trip.objects.filter(state=TripState.ABANDONED.value), "ended_at",
                   _MONTH),
          "selfscan_trip", "baskets that were left behind", "paniers abandonnés", "放弃的购物篮"),
    _ends(Earliest(VoiceOrder.objects.all, "expires_at", _HALF_YEAR),
          "speakers_voiceorder", "what was spoken to speakers",
          "ce qui a été dit aux enceintes", "对音箱说的订单"),
    _ends(Earliest(lambda: MarketingConsent.objects.filter(withdrawn_at__isnull=False),
                   "withdrawn_at", _THREE_YEARS),
          "funding_marketingconsent", "a consent to offers that you took back",
          "un consentement aux offres que vous avez retiré", "已撤回的营销同意"),
    _ends(Earliest(lambda: Prescription.objects.filter(used_by__isnull=True), "valid_until",
                   _MONTH),
          "deals_prescription", "prescriptions that nobody used", "ordonnances non utilisées",
          "未使用的处方"),
    _ends(Earliest(lambda: ParcelEvent.objects.filter(parcel__isnull=True), "received_at",
                   _MONTH),
          "deals_parcelevent", "a carrier's word about a parcel that we do not know",
          "avis d’un transporteur sur un colis inconnu", "无对应包裹的物流消息"),
)  # fmt: skip
_ENDING = tuple(row for row in ROWS if row.ends is not None)


@timetable.job(JOB, next_due=earliest_of(*(row.ends for row in ROWS if row.ends is not None)))
def forget_due(now: datetime) -> int:
    """Delete a batch of each kind of row whose days are over."""
    return sum(forget(row, now) for row in _ENDING)
