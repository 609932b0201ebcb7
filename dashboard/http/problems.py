"""Errors: RFC 9457 problem details for programs, a plain page for people."""

import logging
from http import HTTPStatus
from typing import Any

import orjson
from flask import Flask, Response, render_template, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from dashboard.domain.refusals import english
from dashboard.http import language

MIME = "application/problem+json"

_log = logging.getLogger(__name__)

_TITLES: dict[int, tuple[str, str]] = {
    400: ("请求有误", "Bad request"),
    401: ("需要登录", "Sign in first"),
    403: ("没有权限", "Not allowed"),
    404: ("没有找到", "Not found"),
    405: ("不支持此方法", "Method not allowed"),
    409: ("已被他人更改", "Conflict"),
    413: ("内容过大", "Too large"),
    415: ("不支持此格式", "Unsupported media type"),
    422: ("无法处理", "Cannot be processed"),
    429: ("请求过于频繁", "Too many requests"),
    500: ("服务器内部错误", "Internal server error"),
    503: ("服务暂不可用", "Service unavailable"),
}


class Problem(Exception):
    """An answer that is an error; raised anywhere below a route."""

    def __init__(self, status: int, detail: str, **members: Any) -> None:
        """``members``: what the problem carries beside the standard members."""
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.members = members


def register(server: Flask) -> None:
    """Answer every error of ``server`` in this form."""
    server.register_error_handler(Problem, _told)
    server.register_error_handler(HTTPException, _http)
    server.register_error_handler(OperationalError, _away)
    server.register_error_handler(Exception, _unforeseen)


def answer(status: int, detail: str, **members: Any) -> Response:
    """Give the error as a problem, or as a page where a person's browser asked for one.

    In English where that language was chosen: its sentence, and the reasons of what was rejected.
    """
    if language.of_request() == "en":
        detail, members = english(detail), _in_english(members)
    title = _TITLES.get(status)
    titles = title or (HTTPStatus(status).phrase, HTTPStatus(status).phrase)
    if wants_page():
        lang = language.of_request()
        page = render_template(
            "error.html", lang=lang, status=status, title=titles[lang == "en"], detail=detail
        )
        return Response(page, status, mimetype="text/html")
    body = {
        "type": "about:blank",
        "title": titles[1],
        "status": status,
        "detail": detail,
        **members,
    }
    response = Response(orjson.dumps(body), status, mimetype=MIME)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="pingji"'
    return response


def _in_english(members: dict[str, Any]) -> dict[str, Any]:
    rejected = members.get("rejected")
    if not isinstance(rejected, list):
        return members
    told = [{**it, "reason": english(it["reason"])} if "reason" in it else it for it in rejected]
    return {**members, "rejected": told}


def wants_page() -> bool:
    """Say whether a person's browser asks for a page, rather than a program for data."""
    if request.path.startswith(("/api/", "/_dash", "/_reload", "/metrics", "/live")):
        return False
    return "text/html" in request.headers.get("Accept", "")


def _told(problem: Exception) -> Response:
    assert isinstance(problem, Problem)
    return answer(problem.status, problem.detail, **problem.members)


def _http(error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.response is not None and isinstance(error.response, Response):
        return error.response
    status = error.code or 500
    if status < 400:
        made = error.get_response()
        return Response(made.get_data(), status, headers=dict(made.headers))
    response = answer(status, _DETAILS.get(status) or error.description or "")
    valid = getattr(error, "valid_methods", None)
    if valid:
        response.headers["Allow"] = ", ".join(sorted(valid))
    return response


def _away(error: Exception) -> Response:
    _log.warning("%s %s: the database does not answer: %s", request.method, request.path, error)
    response = answer(503, "数据库暂时无法访问，请稍后重试。")
    response.headers["Retry-After"] = "2"
    return response


def _unforeseen(error: Exception) -> Response:
    _log.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(500, "服务器内部错误，已记入日志。")


_DETAILS = {
    404: "没有此地址，或不在您的权限范围内。",
    405: "此地址不支持这一方法。",
    413: "请求体超过 10 MB。",
}
