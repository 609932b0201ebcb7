"""``python -m bench [PART …]``: measure, and say each figure beside what it must reach."""

import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module

PARTS = ("ingest", "road", "drawers", "indicators", "alerts", "switch", "browser", "flood")
BESIDE = ("soak", "calm", "hall")  # run when named: they take long
LIMIT_S = 420
WIDTHS = (58, 34, 34)


def say(what: str, figure: str, beside: str) -> None:
    """Print one figure."""
    columns = zip((what, figure, beside), WIDTHS, strict=True)
    print("  ".join(text.ljust(width) for text, width in columns).rstrip(), flush=True)


def main(names: list[str]) -> int:
    """Run the named parts, or all."""
    unknown = [name for name in names if name not in (*PARTS, *BESIDE)]
    if unknown:
        known = ", ".join((*PARTS, *BESIDE))
        print(f"no part is called {unknown[0]!r}; there are: {known}", file=sys.stderr)
        return 2
    begun = time.monotonic()
    print(f"bench of {datetime.now(UTC):%Y-%m-%d %H:%M} UTC")
    failed = []
    for name in names or PARTS:
        print(f"\n{name}", flush=True)
        run: Callable[[Callable[[str, str, str], None]], None] = import_module(f"bench.{name}").run
        try:
            with _within(0 if name in names else LIMIT_S):
                run(say)
        except Exception:  # a part that fails keeps no other from being measured
            traceback.print_exc()
            say(name, "FAILED", "see above")
            failed.append(name)
    print(f"\n{time.monotonic() - begun:.0f} s")
    return 1 if failed else 0


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    """Raise TimeoutError in what takes longer; 0 lets it take what it takes."""

    def too_long(_signal: int, _frame: object) -> None:
        raise TimeoutError(f"took longer than {seconds} s")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
