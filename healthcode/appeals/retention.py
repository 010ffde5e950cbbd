"""How long what is kept of people is kept: a row for every table, in three languages.

Where `days` is None, time alone deletes nothing: erasure does, or the programme's end. The
notice says so; a test holds the rows to the tables, and measures the days by the clock.
"""

from typing import Any

from config.kernel.retention import Kept
from config.kernel.retention import in_languages as _t
from healthcode.decisions.usecases.purge import SUPERSEDED_DAYS
from healthcode.decisions.usecases.receive_report import QUARANTINE_DAYS
from healthcode.evidence.values import RETENTION_DAYS, EvidenceKind
from healthcode.subjects.rules import CLOSED_KEPT
from healthcode.tracing import rules as tracing
from healthcode.verification import rules as gates

_GONE = _t("deleted", "supprimé", "删除")
_STANDING = _t(
    "deleted; later only while a standing yellow or red rests on it",
    "supprimé ; plus tard seulement tant qu'un jaune ou un rouge en vigueur s'appuie dessus",
    "删除；仅当现行黄码或红码以其为依据时延后删除",
)
_ERASED = _t(
    "kept until you erase yourself, or the programme ends",
    "conservé jusqu'à votre effacement ou la fin du programme",
    "保存至本人注销或健康码停用",
)
_ENDS = _t(
    "deleted at the end that it states itself",
    "supprimé à l'échéance qu'il indique",
    "到其自身载明的期限即删除",
)
_STAYS = _t(
    "kept until the programme ends; it names nobody, or no more than an operator needs",
    "conservé jusqu'à la fin du programme ; ne nomme personne, ou pas plus que nécessaire",
    "保存至健康码停用；不含姓名，或仅含办理所必需的信息",
)

_PROOF = _t(
    "kept as proof; after an erasure nothing in it leads back to you",
    "conservé comme preuve ; après un effacement, rien n'y ramène à vous",
    "作为凭证保存；注销后其中无任何信息可追溯到本人",
)

ROWS: tuple[Kept, ...] = (
    Kept(("health_subject", "health_device"), None,
         _t("who you are, and your phones", "votre identité et vos téléphones",
            "身份信息与手机"), _ERASED),
    Kept(("health_guardianship",), CLOSED_KEPT.days,
         _t("guardianships that are over", "tutelles terminées", "已结束的代管关系"), _GONE),
    Kept(("health_evidence",), RETENTION_DAYS[EvidenceKind.AREA_STAY],
         _t("stays and overlaps", "séjours et croisements", "停留与时空交集"), _STANDING),
    Kept(("health_evidence", "health_evidence_hold"), RETENTION_DAYS[EvidenceKind.NAAT],
         _t("tests and declarations", "tests et déclarations", "检测与申报"), _STANDING),
    Kept(("health_decision_head",), None,
         _t("your standing colour", "votre couleur actuelle", "当前颜色"), _ERASED),
    Kept(("health_decision",), SUPERSEDED_DAYS,
         _t("superseded decisions", "décisions remplacées", "已被取代的判定"),
         _t("deleted; counts of colours stay", "supprimé ; les totaux par couleur restent",
            "删除；仅保留颜色统计")),
    Kept(("health_override", "health_colour_act"), None,
         _t("colours set by hand, and by whom", "couleurs fixées à la main, et par qui",
            "人工设置的颜色及经办人"), _ERASED),
    Kept(("health_notice",), SUPERSEDED_DAYS,
         _t("what you were told", "ce qui vous a été annoncé", "发给您的通知"), _GONE),
    Kept(("health_quarantined_report", "health_laboratory_report"), QUARANTINE_DAYS,
         _t("reports that wait for their person, and versions of reports",
            "rapports en attente de leur personne, et versions de rapports",
            "待匹配本人的报告与报告版本"), _GONE),
    Kept(("health_erasure_stub",), None,
         _t("the sealed rest of a red reason after an erasure",
            "reste scellé d'un motif rouge après un effacement", "注销后密封保存的红码依据"),
         _ENDS),
    Kept(("health_person_list", "health_alarm"), None,
         _t("lists of a case, without the people, and alarms",
            "listes d'un cas, sans les personnes, et alertes", "病例名单（不含人员）与警报"),
         _STAYS),
    Kept(("health_pass",), 1,
         _t("passes that have ended", "passes expirés", "已到期的通行码"), _GONE),
    Kept(("health_party_key",), None,
         _t("fingerprints of the keys of passes", "empreintes des clés des passes",
            "通行码密钥的指纹"),
         _ENDS),
    Kept(("health_denied_pass",), None,
         _t("hashes of revoked passes", "empreintes de passes révoqués", "已吊销通行码的摘要"),
         _ENDS),
    Kept(("health_revoked_certificate",), None,
         _t("hashes of certificates that issuers have revoked",
            "empreintes de certificats révoqués par leurs émetteurs", "签发方已吊销证书的摘要"),
         _ENDS),
    Kept(("health_code_grant",), None,
         _t("which apps may call your code", "quelles applications peuvent appeler votre code",
            "可调用您健康码的应用"), _ERASED),
    Kept(("health_appeal",), None,
         _t("your corrections", "vos demandes de rectification", "您的申诉"), _ERASED),
    Kept(("health_inside",), 1,
         _t("who is inside a venue", "qui se trouve dans un lieu", "场所内人员"),
         _t("deleted on leaving, after 12 hours at the latest",
            "supprimé à la sortie, au plus tard après 12 heures", "离开即删，最迟12小时")),
    Kept(("health_checkin",), gates.CHECKIN_KEPT.days,
         _t("check-ins at venues", "passages dans les lieux", "场所签到"), _GONE),
    Kept(("health_look",), gates.ACCESS_LOG_KEPT.days,
         _t("who looked at a code", "qui a consulté un code", "谁查看过健康码"), _GONE),
    Kept(("health_verification",), gates.SUBJECT_KEPT.days,
         _t("verifications with the person", "contrôles avec la personne", "含本人的核验记录"),
         _t("the person is taken off", "la personne en est retirée", "去除本人信息")),
    Kept(("health_verification",), gates.VERIFICATION_KEPT.days,
         _t("verifications without", "contrôles sans la personne", "不含本人的核验记录"), _GONE),
    Kept(("health_shown",), 1,
         _t("hashes of codes that were shown", "empreintes de codes présentés",
            "已出示二维码的摘要"),
         _t("deleted after two minutes", "supprimé après deux minutes", "两分钟后删除")),
    Kept(("health_trace_match",), tracing.CASE_KEPT.days,
         _t("whom a search found", "personnes trouvées par une recherche", "流调匹配到的人员"),
         _GONE),
    Kept(("health_trace_case",), tracing.RECORD_KEPT.days,
         _t("searches, without the people", "recherches, sans les personnes",
            "流调记录（不含人员）"), _GONE),
    Kept(("outbox_outboxevent",), SUPERSEDED_DAYS,
         _t("events that carry work on, under names drawn by lot",
            "événements internes, sous des noms tirés au sort", "内部事件（仅含随机代号）"), _GONE),
    Kept(("approvals_approvalrequest", "approvals_approvalvote", "approvals_targetversion"), None,
         _t("what operators asked for and approved, under names drawn by lot",
            "ce que des agents ont demandé et approuvé, sous des noms tirés au sort",
            "经办人申请与审批的记录（仅含随机代号）"), _PROOF),
    Kept(("audit_auditevent",), None,
         _t("who did what, under names drawn by lot",
            "qui a fait quoi, sous des noms tirés au sort", "操作审计日志（仅含随机代号）"),
         _PROOF),
)  # fmt: skip


def retention() -> list[dict[str, Any]]:
    """The rows as they are published."""
    return [{"what": row.what, "days": row.days, "then": row.then} for row in ROWS]
