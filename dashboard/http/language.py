"""Chinese first, English where it was chosen: the language of the plain pages."""

from typing import Literal

from flask import request

from dashboard.domain.refusals import COOKIE

Language = Literal["zh", "en"]


def of_request() -> Language:
    """The language asked for by ``?lang=``, else the one chosen before, else Chinese."""
    chosen = request.args.get("lang") or request.cookies.get(COOKIE)
    return "en" if chosen == "en" else "zh"
