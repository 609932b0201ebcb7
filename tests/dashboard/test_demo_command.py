"""`pingji demo` refuses what would silently do nothing."""

import pytest
from click.testing import CliRunner

from dashboard.cli import main


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (["--scale", "small", "--scenario", "storm"], "hangzhou alone"),
        (["--scenario-at", "25:00"], "is not an hour"),
    ],
)
def test_a_demonstration_that_cannot_be_is_refused(told: list[str], said: str) -> None:
    done = CliRunner().invoke(main, ["demo", *told])
    assert done.exit_code == 2
    assert said in done.output
