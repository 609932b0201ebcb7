"""The command line: `pingji`. Each command says in --help what it does and what it needs."""

import dataclasses
import sys
from datetime import datetime, time
from pathlib import Path

import click

from dashboard import __version__
from dashboard.accounts.commands import token, user
from dashboard.feed_command import feed
from dashboard.import_command import import_
from dashboard.screen_command import screen
from dashboard.settings import SettingError, Settings, load

MIN_FILES = 65_536


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="pingji")
@click.option(
    "--config",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Settings file; default pingji.toml in this folder.",
)
@click.pass_context
def main(ctx: click.Context, config: Path | None) -> None:
    """Pingji 平急: the open real-time command-center dashboard for a city."""
    try:
        ctx.obj = load(file=config)
    except SettingError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.option("--port", type=int, help="Port to listen on; default 8050.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder.")
@click.option(
    "--scale", type=click.Choice(["small", "hangzhou"]), default="hangzhou", show_default=True
)
@click.option("--seed", type=int, help="The same seed gives the same city.")
@click.option("--speed", type=float, help="City seconds in a real second; default 1.")
@click.option(
    "--scenario",
    type=click.Choice(["calm", "storm"]),
    default="calm",
    show_default=True,
    help="What befalls the city at scale hangzhou.",
)
@click.option("--scenario-at", help="Hour of the city, as 18:00, at which it begins; default: now.")
@click.pass_obj
def demo(
    settings: Settings,
    port: int | None,
    data: Path | None,
    scale: str,
    seed: int | None,
    speed: float | None,
    scenario: str,
    scenario_at: str | None,
) -> None:
    """Show a simulated city on this machine, with feeds that never stop."""
    if scenario != "calm" and scale != "hangzhou":
        raise click.BadParameter(f"{scenario!r} befalls a city of --scale hangzhou alone")
    if scenario_at is not None:
        try:
            time.fromisoformat(scenario_at)
        except ValueError as error:
            raise click.BadParameter(f"{scenario_at!r} is not an hour: {error}") from error
    _serve(
        _with(
            settings,
            feeds=(
                _options(
                    "simulator",
                    scale=scale,
                    seed=seed,
                    speed=speed,
                    scenario=scenario,
                    scenario_at=scenario_at,
                ),
            ),
            demonstration=True,
            host="127.0.0.1",
            data_dir=data or Path("data/demo"),
            port=port,
        )
    )


@main.command()
@click.argument("path", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--port", type=int, help="Port to listen on; default 8050.")
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder.")
@click.option(
    "--data-root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder below which the recording names its files.",
)
@click.option("--speed", type=float, help="City seconds in a real second; default 1.")
@click.option("--start", help="Moment to begin at, ISO 8601; default: the recording's own.")
@click.pass_obj
def play(
    settings: Settings,
    path: tuple[Path, ...],
    port: int | None,
    data: Path | None,
    data_root: Path | None,
    speed: float | None,
    start: str | None,
) -> None:
    """Replay recordings (each a city.toml or its folder) as if they were live.

    Several cities may play together. The city's clock never runs backward in a data folder: a
    folder that has played goes on where it stood, and another --start wants a fresh one.
    """
    from data_access.feeds.recording import RecordingError, verify  # noqa: PLC0415 - as above

    if start:
        try:
            datetime.fromisoformat(start)
        except ValueError as error:
            raise click.BadParameter(f"{start!r} is not a moment: {error}") from error
    for given in path:
        try:
            verify(given, data_root)
        except RecordingError as error:
            raise click.UsageError(str(error)) from error
    name = "+".join(given.parent.name if given.is_file() else given.name for given in path)
    _serve(
        _with(
            settings,
            feeds=(
                _options(
                    "recording",
                    paths=[str(given.absolute()) for given in path],
                    data_root=str(data_root.absolute()) if data_root else None,
                    speed=speed,
                    start=start,
                ),
            ),
            demonstration=True,
            host="127.0.0.1",
            data_dir=data or Path("data") / f"play-{name}",
            port=port,
        )
    )


@main.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Run everything from pingji.toml: web and ingest, watched and restarted."""
    _serve(settings)


@main.command()
@click.pass_obj
def web(settings: Settings) -> None:
    """Run the web processes alone: streams in front, pages and API behind."""
    from dashboard.logs import configure  # noqa: PLC0415 - light --help
    from dashboard.supervisor import supervise, web_children  # noqa: PLC0415

    configure(settings.log_level, "supervisor")
    _raise_file_limit()
    _migrate(settings)
    sys.exit(supervise(web_children(settings)))


@main.command()
@click.pass_obj
def ingest(settings: Settings) -> None:
    """Run the ingest process alone: feeds and what recurs. One is active, others wait."""
    from dashboard import ingest as process  # noqa: PLC0415 - light --help
    from dashboard.logs import configure  # noqa: PLC0415

    configure(settings.log_level, "ingest")
    _migrate(settings)
    process.run(settings)


@main.command()
@click.pass_obj
def migrate(settings: Settings) -> None:
    """Bring the database to this version."""
    _migrate(settings)
    click.echo("the database is at this version")


@main.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Say what works: one line for each thing; exit 1 if any fails."""
    from dashboard.check import findings  # noqa: PLC0415 - light --help

    failed = False
    for finding in findings(settings):
        click.echo(finding.line())
        failed |= bool(finding.wrong) and not finding.warning
    sys.exit(1 if failed else 0)


main.add_command(import_)
main.add_command(screen)
main.add_command(feed)
main.add_command(user)
main.add_command(token)


def _options(kind: str, **options: object) -> dict[str, object]:
    return {"kind": kind} | {name: value for name, value in options.items() if value is not None}


def _with(settings: Settings, **values: object) -> Settings:
    given = {name: value for name, value in values.items() if value is not None}
    return dataclasses.replace(settings, **given)  # type: ignore[arg-type]


def _serve(settings: Settings) -> None:
    from dashboard.logs import configure  # noqa: PLC0415 - light --help
    from dashboard.supervisor import Child, supervise, web_children  # noqa: PLC0415

    configure(settings.log_level, "supervisor")
    _raise_file_limit()
    _migrate(settings)
    if settings.demo:
        from dashboard.demo import open_city  # noqa: PLC0415

        try:
            open_city(settings)
        except (OSError, ValueError) as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"Pingji 平急 · http://{settings.host}:{settings.port} · {settings.data_dir}")
    command = [sys.executable, "-m", "dashboard", "ingest"]
    children = [Child("ingest", command, settings.environment()), *web_children(settings)]
    sys.exit(supervise(children))


def _migrate(settings: Settings) -> None:
    from dashboard.shipped import write_shipped  # noqa: PLC0415 - light --help
    from data_access.schema import migrate as bring_up  # noqa: PLC0415

    store = settings.store()
    try:
        bring_up(store)
        write_shipped(store)
    finally:
        store.dispose()


def _raise_file_limit() -> None:
    """A stream is a file: let this process and its children have as many as the machine allows."""
    import resource  # noqa: PLC0415 - absent where there are no such limits

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MIN_FILES if hard == resource.RLIM_INFINITY else min(MIN_FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
