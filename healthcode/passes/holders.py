"""Whether a certificate is about a person: name and date of birth. Pure.

Dates are compared as far as the certificate writes them. Names are compared in A to Z, as
ICAO 9303 spells them; a name in Chinese characters alone by its family name, which is read
by the list of the commonest, or by the characters where the certificate has them too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from healthcode.codec.claims import Verified
from healthcode.passes.dcc import spelled

_FAMILY_NAMES: Mapping[str, str] = {
    name: latin
    for latin, names in {
        "AI": "艾", "AN": "安", "BAI": "白柏", "BAO": "鲍包", "BI": "毕", "BIAN": "卞边",
        "BU": "卜步", "CAI": "蔡", "CAO": "曹", "CEN": "岑", "CHAI": "柴", "CHANG": "常",
        "CHE": "车", "CHEN": "陈谌", "CHENG": "程成", "CHI": "池", "CHU": "褚楚", "CONG": "丛",
        "CUI": "崔", "DAI": "戴", "DANG": "党", "DI": "狄", "DIAO": "刁", "DOU": "窦",
        "DENG": "邓", "DING": "丁", "DONG": "董", "DU": "杜", "DUAN": "段", "FAN": "范樊",
        "FANG": "方房", "FENG": "冯", "FU": "傅付符", "GAN": "甘", "GAO": "高", "GE": "葛",
        "GENG": "耿", "GONG": "龚宫", "GU": "顾古", "GUAN": "关管", "GUO": "郭", "HAN": "韩",
        "HAO": "郝", "HE": "何贺和", "HONG": "洪", "HOU": "侯", "HU": "胡", "HUA": "华",
        "HUANG": "黄", "HUO": "霍", "JI": "季纪姬", "JIA": "贾", "JIANG": "江蒋姜", "JIAO": "焦",
        "JIN": "金靳", "JING": "荆景井", "JU": "鞠", "KANG": "康", "KONG": "孔", "KOU": "寇",
        "KUANG": "邝", "LAI": "赖", "LAN": "兰蓝", "LEI": "雷", "LI": "李黎厉", "LIANG": "梁",
        "LIAO": "廖", "LIN": "林", "LING": "凌", "LIU": "刘柳", "LONG": "龙", "LOU": "娄楼",
        "LUAN": "栾", "LU": "卢陆路鲁", "LUO": "罗骆", "LYU": "吕", "MA": "马", "MAO": "毛",
        "MEI": "梅", "MENG": "孟", "MIAO": "苗缪", "MU": "穆牧", "MO": "莫", "NAN": "南",
        "NI": "倪", "NING": "宁", "NIE": "聂", "NIU": "牛", "OUYANG": "欧", "PAN": "潘",
        "PANG": "庞", "PEI": "裴", "PENG": "彭", "PU": "蒲", "QI": "齐祁", "QIAN": "钱",
        "QIAO": "乔", "QIN": "秦", "QIU": "邱丘", "QU": "曲", "RAO": "饶", "REN": "任",
        "RUAN": "阮", "SANG": "桑", "SHANG": "尚商", "SHANGGUAN": "上", "SHAO": "邵",
        "SHEN": "沈申", "SHI": "石史施时", "SHU": "舒", "SIMA": "司", "SONG": "宋", "SU": "苏",
        "SUN": "孙", "TAN": "谭", "TANG": "唐汤", "TAO": "陶", "TENG": "滕", "TIAN": "田",
        "TONG": "童", "TU": "涂", "WAN": "万", "WANG": "王汪", "WEI": "魏韦卫", "WEN": "温文闻",
        "WU": "吴武伍邬", "XI": "习席", "XIA": "夏", "XIANG": "向项", "XIAO": "肖萧",
        "XIE": "谢解", "XIN": "辛", "XING": "邢", "XIONG": "熊", "XU": "徐许", "XUE": "薛",
        "YAN": "严颜闫", "YANG": "杨阳", "YAO": "姚", "YE": "叶", "YI": "易", "YIN": "尹殷",
        "YOU": "尤", "YU": "于余俞虞喻", "YUAN": "袁", "YUE": "岳", "ZENG": "曾", "ZHAI": "翟",
        "ZHAN": "詹", "ZHANG": "张章", "ZHAO": "赵", "ZHEN": "甄", "ZHENG": "郑", "ZHONG": "钟",
        "ZHOU": "周", "ZHU": "朱祝", "ZHUGE": "诸", "ZHUANG": "庄", "ZOU": "邹", "ZUO": "左",
    }.items()
    for name in names
}  # fmt: skip
# A year, a month or a day as ISO 8601 writes it.
_DATE_LENGTHS = frozenset({4, 7, 10})
# Other spellings of a family name in passports.
_ALIKE = {"LV": "LYU", "LU": "LYU"}


@dataclass(frozen=True, slots=True)
class Named:
    """The person a certificate names; whatever it does not say is empty.

    Args:
        family, given: in A to Z, parts apart by `<`.
        written: the name in its own script.
        born: an ISO date, or the year or month of one.
    """

    family: str
    given: str
    written: str
    born: str


def named_by(found: Verified) -> Named | None:
    """Whom a verified certificate names; None where it names nobody at all."""
    if found.kind == "HC1":
        names = found.payload.get("nam")
        nam: Mapping[str, Any] = names if isinstance(names, Mapping) else {}
        return Named(
            family=_text(nam, "fnt") or spelled(_text(nam, "fn")),
            given=_text(nam, "gnt") or spelled(_text(nam, "gn")),
            written=_text(nam, "fn") + _text(nam, "gn"),
            born=str(found.payload.get("dob", ""))[:10],
        )
    credential = _mapping(found.payload.get("vc"), "credentialSubject")
    if found.kind == "NZCP":
        family, given = _text(credential, "familyName"), _text(credential, "givenName")
        return Named(spelled(family), spelled(given), family + given, _text(credential, "dob"))
    return _patient(credential)


def _patient(credential: Mapping[str, Any]) -> Named | None:
    """The patient of a SMART Health Card's bundle."""
    entries = _mapping(credential, "fhirBundle").get("entry")
    for entry in entries if isinstance(entries, list) else []:
        resource = _mapping(entry, "resource")
        if resource.get("resourceType") != "Patient":
            continue
        names = resource.get("name")
        first = names[0] if isinstance(names, list) and names else {}
        name: Mapping[str, Any] = first if isinstance(first, Mapping) else {}
        given = name.get("given")
        rest = " ".join(str(part) for part in given) if isinstance(given, list) else ""
        family = _text(name, "family")
        return Named(spelled(family), spelled(rest), family + rest, _text(resource, "birthDate"))
    return None


def _mapping(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _text(values: Mapping[str, Any], name: str) -> str:
    found = values.get(name)
    return found.strip() if isinstance(found, str) else ""


def is_about(named: Named, *, name: str, birth_date: date | None) -> bool:
    """Whether a person of that name, born on that day, is the one who is named."""
    if birth_date is None or len(named.born) not in _DATE_LENGTHS:
        return False
    return birth_date.isoformat().startswith(named.born) and _is_named(named, name)


def _is_named(named: Named, name: str) -> bool:
    own = {part for part in spelled(name).split("<") if part}
    if own:
        family, given = (_parts(text) for text in (named.family, named.given))
        rest = own - family
        # Either may leave given names out; siblings share some and differ in others.
        alike = not given or given <= own or (bool(rest) and rest <= given)
        return bool(family | given) and family <= own and alike
    if named.written and _characters(named.written):
        return _characters(named.written) == _characters(name)
    latin = _FAMILY_NAMES.get(name.strip()[:1])
    # A family name that is not in the list is no proof of anything: the desk compares.
    return latin is not None and _alike(latin) in {_alike(part) for part in _parts(named.family)}


def _parts(text: str) -> set[str]:
    return {part for part in text.split("<") if part}


def _alike(name: str) -> str:
    return _ALIKE.get(name, name)


def _characters(name: str) -> str:
    """The Chinese characters of a name."""
    return "".join(letter for letter in name if "\u4e00" <= letter <= "\u9fff")
