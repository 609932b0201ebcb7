"""A wheel carries everything that running needs, and nothing of the tests."""

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.conftest import ROOT

PACKAGES = ("dashboard", "data_access", "layouts", "callbacks", "assets")
CODE = {".py", ".js", ".css", ".html", ".mako", ".geojson", ".csv", ".md", ".svg"}


def test_a_wheel_carries_what_running_needs(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--wheel-dir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    missing = [
        str(path.relative_to(ROOT))
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file()
        and "__pycache__" not in path.parts
        and path.suffix in CODE
        and str(path.relative_to(ROOT)) not in names
    ]
    assert missing == []
    assert not [name for name in names if name.startswith(("tests/", "bench/"))]
    metadata = next(name for name in names if name.endswith("entry_points.txt"))
    assert b"pingji = dashboard.cli:main" in zipfile.ZipFile(wheel).read(metadata)
