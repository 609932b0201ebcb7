"""``python -m bench [PART …]``: measure, and say each figure beside what it must reach."""

import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import import_module

PARTS = ("ingest", "road", "drawers", "indicators")
WIDTHS = (58, 34, 34)


def say(what: str, figure: str, beside: str) -> None:
    """Print one figure."""
    columns = zip((what, figure, beside), WIDTHS, strict=True)
    print("  ".join(text.ljust(width) for text, width in columns).rstrip(), flush=True)


def main(names: list[str]) -> int:
    """Run the named parts, or all."""
    unknown = [name for name in names if name not in (*PARTS, "soak")]
    if unknown:
        print(f"no part is called {unknown[0]!r}; there are: {', '.join(PARTS)}", file=sys.stderr)
        return 2
    begun = time.monotonic()
    print(f"bench of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    for name in names or PARTS:
        print(f"\n{name}")
        run: Callable[[Callable[[str, str, str], None]], None] = import_module(f"bench.{name}").run
        run(say)
    print(f"\n{time.monotonic() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
