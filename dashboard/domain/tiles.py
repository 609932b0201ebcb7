"""Tile layers that a site may lay over the offline map: what is told of each, and its addresses.

Pure: nothing is fetched here. A layer's coordinate system is stated, never guessed; the browser
moves the layer, not the city's points.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

Table = Mapping[str, Any]

KINDS = ("xyz", "tianditu")
SYSTEMS = ("wgs84", "gcj02", "bd09")
KEYS = frozenset({"name", "kind", "url", "folder", "crs", "attribution", "key", "max_zoom"})

TIANDITU = "https://t{s}.tianditu.gov.cn"
_TIANDITU_LAYERS = ("vec", "cva")  # streets, and their names over them
_DEEPEST = 18


def read(raw: Any) -> tuple[Table, ...]:
    """Check the tables; raises TypeError or ValueError with what would do."""
    tables = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(tables, list | tuple):
        raise TypeError("tiles are tables: [[tiles]]")
    for table in tables:
        if not isinstance(table, dict):
            raise TypeError("tiles are tables: [[tiles]]")
        _check(table)
    return tuple(tables)


def _check(table: Table) -> None:
    unknown = sorted(table.keys() - KEYS)
    if unknown:
        raise ValueError(f"tiles: unknown key {unknown[0]!r}; known: {', '.join(sorted(KEYS))}")
    if not isinstance(table.get("name"), str) or not table["name"]:
        raise ValueError("each of tiles has a name")
    if table.get("kind", "xyz") not in KINDS:
        raise ValueError(f"tiles: kind is one of {', '.join(KINDS)}")
    if table.get("crs", "wgs84") not in SYSTEMS:
        raise ValueError(f"tiles: crs is one of {', '.join(SYSTEMS)}")
    if table.get("kind") == "tianditu":
        if not table.get("key"):
            raise ValueError("tiles of kind tianditu need the key of your own account")
        return
    if bool(table.get("url")) == bool(table.get("folder")):
        raise ValueError("each of tiles has either url or folder")
    url = table.get("url")
    if url and not (
        re.match(r"https?://[^/{}]*(\{s\})?[^/{}]+/|/", url)
        and all(hole in url for hole in ("{z}", "{x}", "{y}"))
    ):
        raise ValueError("tiles: url is an address with {z}, {x} and {y}")


def hosts(tables: Sequence[Table]) -> list[str]:
    """Return the hosts that a page asks for pictures, as a policy names them."""
    found = {_host(address) for table in tables for address in addresses(table, 0)}
    return sorted(found - {""})


def _host(address: str) -> str:
    if address.startswith("/"):
        return ""
    parts = urlsplit(re.sub(r"//[^/]*\{s\}[^/.]*\.", "//*.", address))
    return f"{parts.scheme}://{parts.netloc}"


def addresses(table: Table, number: int) -> list[str]:
    """Return the address templates of a layer, the lowest first; ``number``: its place."""
    if table.get("kind") == "tianditu":
        return [
            f"{TIANDITU}/{layer}_w/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER={layer}"
            "&STYLE=default&TILEMATRIXSET=w&FORMAT=tiles&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
            f"&tk={quote(str(table['key']), safe='')}"
            for layer in _TIANDITU_LAYERS
        ]
    if table.get("folder"):
        return [f"/tiles/{number}/{{z}}/{{x}}/{{y}}"]
    return [str(table["url"]).replace("{key}", quote(str(table.get("key", "")), safe=""))]


def for_page(tables: Sequence[Table]) -> list[dict[str, Any]]:
    """Return the layers as a page is told of them."""
    return [
        {
            "name": table["name"],
            "urls": addresses(table, number),
            # the national map is CGCS2000: WGS84 at this precision
            "crs": table.get("crs", "wgs84"),
            "attribution": table.get(
                "attribution", "天地图" if table.get("kind") == "tianditu" else ""
            ),
            "subdomains": "01234567" if table.get("kind") == "tianditu" else "abc",
            "max_zoom": int(table.get("max_zoom", _DEEPEST)),
        }
        for number, table in enumerate(tables)
    ]
