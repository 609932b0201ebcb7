"""Owns CAP 1.2 (and 1.1): an XML message becomes the JSON form of a warning.

A message may stand alone or inside Atom entries. CAP writes lat,lon; here it is lon,lat.
Document types and entities are refused. Signatures are passed over, not checked.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from dashboard.domain import warnings
from dashboard.domain.coordinates import circle
from dashboard.domain.records.checks import MAX_HEADLINE, MAX_NAME, MAX_TEXT
from dashboard.domain.records.errors import BadText, BadXml
from dashboard.domain.records.model import Undecodable

_NAMESPACE = re.compile(r"\{urn:oasis:names:tc:emergency:cap:1\.[12]\}")
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._:-]{1,40})["']""")
_DECLARATION = re.compile(r"^\s*<\?xml.*?\?>", re.DOTALL)
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "big5": "big5",
    "utf-16": "utf-16",
    "iso-8859-1": "iso-8859-1",
    "latin-1": "iso-8859-1",
    "windows-1252": "windows-1252",
}
_MAX_DEPTH = 64
_SEVERITY_RANK = {code: rank for rank, code in enumerate(warnings.SEVERITIES)}


class _ShallowBuilder(TreeBuilder):
    """Builds the tree of a document, but of none that nests too deep."""

    def __init__(self) -> None:
        """Begin outside the root."""
        super().__init__()
        self._depth = 0

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        """Go one level down."""
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise BadXml(f"XML 嵌套过深，最多 {_MAX_DEPTH} 层。")
        return super().start(tag, attrs)

    def end(self, tag: str) -> Element:
        """Go one level up."""
        self._depth -= 1
        return super().end(tag)


def decode(body: bytes) -> list[object]:
    """Return the warnings of a CAP message, or of an Atom feed that holds some, as JSON objects.

    An entry that only points to a message, and a message without `info` that is not a
    cancellation, become `Undecodable`.

    Raises:
        BadText: the bytes are not of the encoding they declare, or of one that is not taken.
        BadXml: not well-formed, with a document type, too deep, or neither CAP nor Atom.
    """
    root = _parse(_to_text(body))
    if _NAMESPACE.match(root.tag) and _local(root) == "alert":
        return [_alert(root, 1)]
    if _local(root) != "feed":
        raise BadXml("不是 CAP 1.2 预警消息（根元素应为 alert）。")
    parts = [child for child in root if _local(child) in ("entry", "alert")]
    return [_entry(part, line) for line, part in enumerate(parts, 1)]


def _to_text(body: bytes) -> str:
    """Return the text of an XML document by its byte order mark or declaration."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        body = body.removeprefix(b"\xef\xbb\xbf")
        declared = _DECLARED.match(body[:400])
        name = declared.group(1).decode("ascii").lower() if declared else "utf-8"
        encoding = _ENCODINGS.get(name, "")
        if not encoding or encoding == "utf-16":
            raise BadText(f"不支持的 XML 编码 {name}。")
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError:
        raise BadText(f"XML 内容不是所声明的编码 {encoding}。") from None
    return _DECLARATION.sub("", text, count=1)


def _parse(text: str) -> Element:
    """Return the root of a document without DTD or entities, nested within bounds."""
    parser = XMLParser(target=_ShallowBuilder(), forbid_dtd=True)
    try:
        parser.feed(text.encode("utf-8", "replace"))
        root: Element = parser.close()
    except DefusedXmlException:
        raise BadXml("XML 含文档类型或实体声明，已拒绝。") from None
    except ParseError as error:
        line, column = error.position
        raise BadXml(f"XML 格式错误：第 {line} 行第 {column} 列。") from None
    except (ValueError, LookupError):
        raise BadXml("XML 无法解析。") from None
    return root


def _entry(entry: Element, line: int) -> object:
    """Return the message inside an Atom entry."""
    for element in entry.iter():
        if _local(element) == "alert" and _NAMESPACE.match(element.tag):
            return _alert(element, line)
    reason = "Atom 条目不含完整的 CAP 消息，请按其链接取得。"
    return Undecodable(line, reason, _text(entry, "id", 128))


def _alert(alert: Element, line: int) -> object:
    """Return the JSON form of one message; what is missing is left to validation."""
    id_ = _text(alert, "identifier", 512)
    msg_type = _text(alert, "msgType", 32)
    infos = _chosen(list(_children(alert, "info")))
    if not infos and (msg_type or "").lower() in warnings.STANDING_TYPES:
        reason = "CAP 消息没有 info，不知所警何事。"
        return Undecodable(line, reason, id_ and id_[:128], "info")
    made: dict[str, Any] = {
        "id": id_,
        "sender": _text(alert, "sender"),
        "sent": _text(alert, "sent"),
        "status": _text(alert, "status"),
        "msg_type": msg_type,
        "references": _text(alert, "references", 20_000),
        "areas": [],
    }
    if made["status"] is None or msg_type is None:
        field = "status" if made["status"] is None else "msg_type"
        return Undecodable(line, "CAP 消息缺少必填元素。", id_ and id_[:128], field)
    if not infos:
        return made
    worst = min(infos, key=_rank)
    made |= {
        "event": _text(worst, "event", MAX_NAME),
        "headline": _text(worst, "headline", MAX_HEADLINE),
        "description": _joined(worst),
        "effective_at": _text(worst, "effective"),
        "expires_at": _text(worst, "expires"),
        "sender": _text(worst, "senderName") or made["sender"],
    }
    severity = _text(worst, "severity", 32)
    # the Chinese profile writes the colour where CAP has the severity
    made["colour" if (severity or "").lower() in warnings.COLOURS else "severity"] = severity
    for info in infos:
        for area in _children(info, "area"):
            made["areas"] += _areas(area)
    return made


def _chosen(infos: list[Element]) -> list[Element]:
    """Return the blocks in Chinese where there are some, else those in the first's language."""
    if not infos:
        return []
    languages = [(_text(info, "language", 40) or "en-US").lower() for info in infos]
    chinese = [language for language in languages if language.startswith("zh")]
    wanted = (chinese or languages)[0]
    return [info for info, language in zip(infos, languages, strict=True) if language == wanted]


def _rank(info: Element) -> int:
    """Order blocks by severity, the worst first."""
    severity = (_text(info, "severity", 32) or "unknown").lower()
    return _SEVERITY_RANK.get(warnings.SEVERITY_BY_COLOUR.get(severity, severity), 9)


def _joined(info: Element) -> str | None:
    """Return description and instruction as one text."""
    parts = [_text(info, "description", MAX_TEXT), _text(info, "instruction", MAX_TEXT)]
    return "\n\n".join(part for part in parts if part)[:MAX_TEXT] or None


def _areas(area: Element) -> list[dict[str, Any]]:
    """Return an area as one entry a polygon or circle, or one of words alone."""
    desc = _text(area, "areaDesc", 20_000)
    codes = [
        value
        for geocode in _children(area, "geocode")
        if (value := _text(geocode, "value", 128)) is not None
    ][:200]
    rings: list[Any] = [_polygon(item.text or "") for item in _children(area, "polygon")]
    for item in _children(area, "circle"):
        ring = _circle(item.text or "")
        if ring is not None:
            rings.append(ring)
    if not rings:
        return [{"desc": desc, "codes": codes}]
    return [{"desc": desc, "codes": codes, "polygon": ring} for ring in rings]


def _polygon(text: str) -> list[Any]:
    """Turn `lat,lon lat,lon …` into [[lon, lat], …]; what is no number stays a text."""
    return [[_value(part) for part in reversed(pair.split(","))] for pair in text.split()]


def _circle(text: str) -> list[Any] | None:
    """Turn `lat,lon radius_km` into a ring, None for radius 0; nonsense stays for validation."""
    centre, _, radius = text.strip().partition(" ")
    values = [_value(part) for part in centre.split(",")]
    far = _value(radius.strip())
    if len(values) != 2 or not all(isinstance(value, float) for value in (*values, far)):
        return [[text.strip()]]
    lat, lon, km = float(values[0]), float(values[1]), float(far)
    if km == 0.0:
        return None
    if not (abs(lat) <= 90.0 and abs(lon) <= 180.0 and 0.0 < km <= 20_000.0):
        return [[text.strip()]]
    return [list(corner) for corner in circle(lon, lat, km * 1_000.0)]


def _value(text: str) -> float | str:
    """Return a number where the text is one."""
    try:
        return float(text)
    except ValueError:
        return text


def _local(element: Element) -> str:
    """Return an element's name without its namespace; "" for comments."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _children(element: Element, name: str) -> Iterator[Element]:
    """Return the children of that name, whatever their namespace."""
    return (child for child in element if _local(child) == name)


def _text(element: Element, name: str, limit: int = 500) -> str | None:
    """Return the first such child's text without outer blanks, None where empty."""
    for child in _children(element, name):
        return (child.text or "").strip()[:limit] or None
    return None
