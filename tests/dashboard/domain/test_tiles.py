"""Tile layers: what is told of them is checked, and only their own hosts may be asked."""

import pytest

from dashboard.domain import tiles

OWN = {"name": "own", "folder": "/srv/tiles"}
THEIRS = {"name": "theirs", "url": "https://{s}.tiles.example.org/{z}/{x}/{y}.png", "crs": "gcj02"}
NATIONAL = {"name": "天地图", "kind": "tianditu", "key": "a&b"}


def test_what_is_right_is_taken() -> None:
    assert tiles.read([OWN, THEIRS, NATIONAL]) == (OWN, THEIRS, NATIONAL)
    assert tiles.read('[{"name": "x", "url": "/t/{z}/{x}/{y}"}]')[0]["name"] == "x"


@pytest.mark.parametrize(
    ("table", "named"),
    [
        ({}, "name"),
        ({"name": "x"}, "url or folder"),
        ({**OWN, "url": "/{z}/{x}/{y}"}, "url or folder"),
        ({"name": "x", "url": "https://a.example/tiles"}, "{z}"),
        ({"name": "x", "url": "javascript:alert(1)//{z}{x}{y}"}, "address"),
        ({**OWN, "crs": "gcj-02"}, "crs"),
        ({**OWN, "kind": "wms"}, "kind"),
        ({"name": "x", "kind": "tianditu"}, "key"),
        ({**OWN, "colour": "red"}, "colour"),
    ],
    ids=["none", "nothing", "both", "holes", "scheme", "crs", "kind", "key", "unknown"],
)
def test_what_is_wrong_is_named(table, named) -> None:
    with pytest.raises(ValueError, match=named):
        tiles.read([table])


def test_only_the_layers_hosts_may_be_asked() -> None:
    assert tiles.hosts([OWN]) == []
    assert tiles.hosts([OWN, THEIRS, NATIONAL]) == [
        "https://*.tianditu.gov.cn",
        "https://*.tiles.example.org",
    ]


def test_a_page_is_told_addresses_and_no_folder() -> None:
    own, theirs, national = tiles.for_page([OWN, THEIRS, NATIONAL])
    assert own["urls"] == ["/tiles/0/{z}/{x}/{y}"]
    assert "/srv" not in str(own)
    assert theirs["crs"] == "gcj02"
    assert [url.count("tk=a%26b") for url in national["urls"]] == [1, 1]
