"""Owns how the bytes of a request become raw objects, safely.

JSON array, NDJSON or one object, in UTF-8 (with or without a byte order mark), UTF-16 with one,
or GB18030; CAP as XML goes to `cap`. What is wrong with one record stays with that record.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import orjson

from dashboard.domain.records import cap
from dashboard.domain.records.errors import BadBody, BadJson, BadText, TooDeep, TooLarge
from dashboard.domain.records.model import Undecodable

MAX_BODY = 10 * 1024 * 1024
"""Bytes in a request's body."""

MAX_RECORDS = 200_000
MAX_DEPTH = 32
"""How deep objects and arrays of one record may nest."""

_DEEP = f"嵌套过深，最多 {MAX_DEPTH} 层。"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)
_GB = frozenset({"gb18030", "gbk", "gb2312", "cp936"})
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|["\[\]{},]', re.DOTALL)
_SURROGATE = re.compile("[\udc80-\udcff]")
_NOT_ASCII = re.compile("[^\x00-\x7f\udc80-\udcff]")


def decode(body: bytes, content_type: str = "application/json") -> list[object]:
    """Return the raw records of a body, in order; an unreadable one as `Undecodable`.

    Raises:
        TooLarge: more than `MAX_BODY` bytes or `MAX_RECORDS` records.
        BadText: neither UTF-8 nor GB18030.
        TooDeep, BadJson, BadXml: the body as a whole cannot be read. All are `BadBody`.
    """
    if len(body) > MAX_BODY:
        raise TooLarge(f"请求体过大：{len(body)} 字节，最多 {MAX_BODY} 字节。")
    kind = content_type.partition(";")[0].strip().lower()
    if kind.endswith(("/xml", "+xml")):
        return cap.decode(body)
    text = to_text(body, content_type)
    start = text.lstrip(" \t\r\n")[:1]
    if not start:
        raise BadJson("请求体为空，应为 JSON 数组或 NDJSON。")
    if "ndjson" in kind or "jsonl" in kind or "json-lines" in kind or "json-seq" in kind:
        records = _whole_array(text) if start == "[" else None
        records = _lines(text) if records is None else records
    elif start == "[":
        records = _array(text)
    elif start == "{":
        records = _objects(text)
    else:
        raise BadJson("应为 JSON 数组、NDJSON 或一个 JSON 对象。")
    return [_shallow(record, line) for line, record in enumerate(records, 1)]


def to_text(body: bytes, content_type: str = "") -> str:
    """Return the text of a body; a few bytes that are not of its encoding become surrogates.

    GB18030 is taken where the charset says so, or where the bytes are more that than UTF-8.

    Raises:
        BadText: neither fits.
    """
    found = _CHARSET.search(content_type)
    charset = found.group(1).lower() if found else ""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return body.decode("utf-16")
        except UnicodeDecodeError:
            raise BadText("有 UTF-16 标记，但内容不是 UTF-16。") from None
    if charset in _GB:
        try:
            return body.decode("gb18030")
        except UnicodeDecodeError as error:
            raise BadText(f"第 {error.start} 字节起不是 GB18030。") from None
    body = body.removeprefix(b"\xef\xbb\xbf")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return _mixed_text(body, declared=bool(charset))


def _mixed_text(body: bytes, *, declared: bool) -> str:
    """Return the text of bytes that are not clean UTF-8."""
    lenient = body.decode("utf-8", "surrogateescape")
    broken = len(_SURROGATE.findall(lenient))
    sound = len(_NOT_ASCII.findall(lenient))
    if declared or sound > broken:
        return lenient
    try:
        return body.decode("gb18030")
    except UnicodeDecodeError:
        if sound:
            return lenient
        raise BadText("文字既不是 UTF-8 也不是 GB18030。") from None


def _objects(text: str) -> list[object]:
    """Return the records of a text that begins with an object: one, or one a line."""
    try:
        return [orjson.loads(text)]
    except (ValueError, UnicodeEncodeError):
        pass
    lines = _lines(text)
    if all(isinstance(line, Undecodable) for line in lines):
        return [_loads(text)]
    return lines


def _lines(text: str) -> list[object]:
    """Return a record for each line that is not blank."""
    records: list[object] = []
    for number, raw_line in enumerate(text.split("\n"), 1):
        line = raw_line.strip("\x1e \t\r")
        if not line:
            continue
        _room_for_one_more(records)
        try:
            records.append(_loads(line))
        except BadBody as error:
            records.append(Undecodable(number, f"第 {number} 行：{error.reason}", came=line))
    if not records:
        raise BadJson("请求体为空，应为 JSON 数组或 NDJSON。")
    return records


def _whole_array(text: str) -> list[object] | None:
    """Return the records of an array sent as NDJSON, None where it is not one array."""
    try:
        return _array(text)
    except BadJson:
        return None


def _array(text: str) -> list[object]:
    """Return the records of an array; where it is not clean JSON, element by element."""
    try:
        whole = orjson.loads(text)
    except (ValueError, UnicodeEncodeError):
        return _elements(text)
    if len(whole) > MAX_RECORDS:
        _too_many()
    return list(whole)


def _elements(text: str) -> list[object]:
    """Split an array at its own commas and read each element for itself."""
    records: list[object] = []
    first_error: BadBody | None = None
    sound = False
    for part in _split(text):
        _room_for_one_more(records)
        try:
            records.append(_loads(part))
            sound = True
        except BadBody as error:
            first_error = first_error or error
            records.append(Undecodable(len(records) + 1, error.reason, came=part))
    if first_error is not None and not sound:
        raise first_error
    return records


def _split(text: str) -> list[str]:
    """Return the texts of an array's elements.

    Raises:
        BadJson: a string or bracket stays open, or something follows the array; TooDeep.
    """
    parts: list[str] = []
    begin, end, deepest = 0, -1, 0
    for sign, start, after, depth in _brackets(text):
        if end >= 0:
            break
        deepest = max(deepest, depth)
        if sign == "[" and depth == 1:
            begin = after
        elif sign == "," and depth == 1:
            parts.append(text[begin:start])
            begin = after
        elif depth == 0:
            parts.append(text[begin:start])
            end = after
    if end < 0 and deepest > MAX_DEPTH + 1:
        raise TooDeep(_DEEP)
    if end < 0:
        raise BadJson("JSON 格式错误：数组没有结束，请求体可能被截断。")
    if text[end:].strip():
        raise BadJson(f"JSON 格式错误：第 {end} 个字符处数组已结束，其后还有内容。")
    if len(parts) == 1 and not parts[0].strip():
        return []
    return parts


def _brackets(text: str) -> Iterator[tuple[str, int, int, int]]:
    """Yield brackets and commas outside strings: sign, start, end, and the depth after it."""
    depth = 0
    for token in _TOKEN.finditer(text):
        sign = token.group()
        if len(sign) > 1:
            continue
        if sign == '"':
            raise BadJson(f"JSON 格式错误：第 {token.start()} 个字符起的文本没有结束。")
        depth += 1 if sign in "[{" else -1 if sign in "]}" else 0
        yield sign, token.start(), token.end(), depth


def _loads(text: str) -> Any:
    """Read one JSON value; NaN and Infinity become floats, for validation to name the field."""
    try:
        return orjson.loads(text)
    except (ValueError, UnicodeEncodeError):
        pass
    if _deep(text):
        raise TooDeep(_DEEP)
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise BadJson(f"JSON 格式错误：第 {error.pos} 个字符处无法解析。") from None
    except ValueError:
        raise BadJson("JSON 格式错误：数字过长。") from None
    except RecursionError:
        raise TooDeep(_DEEP) from None


def _deep(text: str) -> bool:
    """Say whether the brackets of a text nest too deep, without recursion."""
    try:
        return any(depth > MAX_DEPTH for _, _, _, depth in _brackets(text))
    except BadJson:
        return False


def _shallow(record: object, line: int) -> object:
    """Return the record, or in its place that it nests too deep."""
    if not isinstance(record, dict | list):
        return record
    level: list[Any] = [record]
    for _ in range(MAX_DEPTH):
        inner: list[Any] = []
        for value in level:
            for child in value.values() if isinstance(value, dict) else value:
                if isinstance(child, dict | list):
                    inner.append(child)  # noqa: PERF401  the nested form is slower
        if not inner:
            return record
        level = inner
    id_ = record.get("id") if isinstance(record, dict) else None
    return Undecodable(line, _DEEP, id_[:128] if isinstance(id_, str) else None)


def _room_for_one_more(records: list[object]) -> None:
    """Raise where a body holds more records than are taken at once."""
    if len(records) >= MAX_RECORDS:
        _too_many()


def _too_many() -> None:
    """Raise for too many records."""
    raise TooLarge(f"记录过多，一次最多 {MAX_RECORDS} 条。")
