"""The description of the API and the API are the same."""

import re

from dashboard.http.openapi import STREAM, document
from tests.dashboard.http.town import City


def test_every_route_is_described_and_every_description_is_a_route(town: City) -> None:
    mounted = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in town.server.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    described = {
        (path, method)
        for path, entry in document()["paths"].items()
        for method in entry
        if path != STREAM
    }
    assert mounted == described


def test_every_hole_of_a_path_is_a_parameter() -> None:
    for path, entry in document()["paths"].items():
        for operation in entry.values():
            told = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
            assert told == set(re.findall(r"{(\w+)}", path))
            assert operation["summary"]


def test_it_is_given_to_whoever_is_known(town: City) -> None:
    told = town.client().get("/api/v1/openapi.json", headers=town.bearer("feed")).json
    assert told["openapi"].startswith("3.1")
