"""Which build runs: the version and a hash of what pages are made of."""

import hashlib
from functools import cache
from pathlib import Path

from dashboard import __version__

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"


@cache
def build() -> str:
    """Give a name that differs whenever a page must be loaded anew to be right."""
    digest = hashlib.sha256(__version__.encode())
    for folder, pattern in (
        (ASSETS, "*"),
        (ROOT / "layouts", "*.py"),
        (ROOT / "callbacks", "*.py"),
    ):
        for path in sorted(folder.rglob(pattern)):
            if path.is_file():
                digest.update(path.name.encode())
                digest.update(path.read_bytes())
    return f"{__version__}-{digest.hexdigest()[:10]}"
