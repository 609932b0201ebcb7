"""Facts that the project carries as its own data.

``hangzhou.geojson``: the thirteen districts (see ``assets/map/NOTICE.md``). ``categories.csv``:
大类 and 小类 after CJ/T 214 and GB/T 30428.2 with how sure each is: ``verified`` code and name
were seen in use, ``name`` only the name was, ``memory`` neither, ``local`` the city's own.
"""

import csv
import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent


@cache
def districts() -> tuple[dict[str, Any], ...]:
    """Hangzhou's districts as GeoJSON features with id, name, name_en."""
    found = json.loads((FOLDER / "hangzhou.geojson").read_text("utf-8"))["features"]
    return tuple(found)


@cache
def categories() -> tuple[dict[str, Any], ...]:
    """The category list as rows for ``feeds.lists.write_categories``."""
    with (FOLDER / "categories.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            {**row, "verified": row["confidence"] == "verified", "source": row["confidence"]}
            for row in csv.DictReader(file)
        )
