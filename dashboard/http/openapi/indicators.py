"""Indicators."""

from dashboard.domain.periods import SPANS
from dashboard.http.openapi.parts import Schema, listed, query, responses

_ASKED = [
    query("period", "up to now; month unless said", enum=[str(span) for span in SPANS]),
    query("first", "with last, days instead of a period", format="date"),
    query("last", "the last day", format="date"),
    query("scope", "id of a city, district or subdistrict; default: what the caller may see"),
    query("by", "district, subdistrict, unit, class, subcategory or source"),
    query("basis", "口径, an id of /api/v1/indicators/bases; the first one unless said"),
]
_BEHIND = [
    *_ASKED,
    query("measure", "which number: reported, filed, due, timely, late, unanswered, closed …"),
    query("of", "one value of what the figures are by"),
    query("box", "west,south,east,north in degrees: only cases that lie in it"),
]

PATHS: dict[str, Schema] = {
    "/api/v1/indicators": {
        "get": {
            "summary": "Figures of a period with their basis and moment, ranked, and their trend",
            "parameters": _ASKED,
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/indicators/bases": {
        "get": {
            "summary": "The bases 口径 by which rates are counted, as a file of them has them",
            "parameters": [],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/indicators/cases": {"get": listed("The cases behind a figure", _BEHIND)},
    "/api/v1/indicators/heat": {
        "get": {
            "summary": "How many of a period's cases lie in each cell, at most 2000 cells",
            "parameters": [*_BEHIND, query("cell_m", "how wide, default 250", type="number")],
            "responses": responses({"type": "object"}),
        }
    },
    "/api/v1/indicators/repeats": {
        "get": {
            "summary": "Spots with several cases of one matter lately, and the newest of each",
            "parameters": [query("scope", "id of a city, district or subdistrict")],
            "responses": responses({"type": "object"}),
        }
    },
}
