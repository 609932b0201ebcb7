"""``pingji import``: files that an operator has, brought into the store."""

import codecs
import dataclasses
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import click

from dashboard.domain.coordinates import CRS
from dashboard.settings import Settings

KINDS = (
    *("cases", "stations", "cameras", "places", "units", "jurisdictions", "categories"),
    *("deadlines", "holidays", "indicators", "bases", "duty", "shifts", "posts", "ladders"),
    *("plans", "typhoons", "hazards", "alert-rules", "matters", "scenes", "event"),
)
FORMATS = ("csv", "tsv", "excel", "json", "jsonl", "parquet")
SHOWN = 20
EPILOG = """\b
Examples:
  pingji import jurisdictions districts.geojson --map id=adcode
  pingji import cameras cameras.xlsx --map id=设备编码 --map name=名称 --crs gcj02
  pingji import alert-rules rules.json
  pingji import matters matters.json
  pingji import typhoons besttrack.csv --only 1818 --shift-to 2026-08-16T00:00+08:00
  pingji import scenes scenes.json
  pingji import event event.geojson --operation 20260719-01 --effective-at 2026-07-19T17:30+08:00
  pingji import hazards 隐患清单.xlsx --map what=隐患 --map unit=责任单位 --map due_at=整改时限
  pingji import cases export.csv --map 'kind={"column": "类型", "values": {"部件": "component"}}'
"""


@click.command("import", epilog=EPILOG)
@click.argument("kind", type=click.Choice(KINDS))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--data", type=click.Path(file_okay=False, path_type=Path), help="Data folder.")
@click.option(
    "--map",
    "pairs",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Where a field comes from: a column, or in JSON a JMESPath expression; repeatable. "
    "Default: the column of the field's name.",
)
@click.option("--crs", type=click.Choice(CRS), default="wgs84", show_default=True)
@click.option("--time-zone", help="Zone of times that state none; default: the city's.")
@click.option("--encoding", help="Of texts; default: UTF-8, else GB18030.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="Where the suffix does not say.")
@click.option("--learn", is_flag=True, help="Enter codes that no list knows, as unverified.")
@click.option("--operation", help="event, hazards: of which event; default: the only one in force.")
@click.option("--effective-at", help="event: when the change takes force, ISO 8601; default: now.")
@click.option("--reason", default="导入", show_default=True, help="event: why.")
@click.option("--approved-by", help="event: on whose word.")
@click.option("--replace", is_flag=True, help="event: what the file does not name is taken away.")
@click.option("--day", help="event: the day of times such as 19:30; default: the city's today.")
@click.option("--only", metavar="NUMBER", help="typhoons: this one alone.")
@click.option("--shift-to", metavar="ISO", help="typhoons: move the first of all times there.")
@click.pass_obj
def import_(
    settings: Settings,
    /,
    kind: str,
    file: Path,
    *,
    data: Path | None,
    pairs: tuple[str, ...],
    crs: str,
    time_zone: str | None,
    encoding: str | None,
    form: str | None,
    learn: bool,
    only: str | None,
    shift_to: str | None,
    **wish: Any,
) -> None:
    """Import FILE of KIND: CSV, Excel, JSON, JSON lines, GeoJSON or Parquet, gzip or not.

    Each row is accepted, unchanged or rejected; a bad one costs no good one, and the same file
    again changes nothing. Jurisdictions first, then units and categories, then what lies in them.
    An event's zones, routes, points, posts and phases are one version, whole or not at all; enter
    no classified information 严禁录入涉密信息, here or among its hazards 隐患清单.
    """
    from data_access.imports import RecordingError, Source, import_file, parse_map  # noqa: PLC0415
    from data_access.schema import migrate  # noqa: PLC0415 - light --help

    _known_zone(time_zone)
    _known_encoding(encoding)
    try:
        given = parse_map(pairs)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--map") from error
    if kind != "typhoons" and (only or shift_to):
        raise click.UsageError("--only and --shift-to are for typhoons")
    if kind == "alert-rules":
        _import_rules(dataclasses.replace(settings, data_dir=data) if data else settings, file)
        return
    if kind == "matters":
        _import_matters(dataclasses.replace(settings, data_dir=data) if data else settings, file)
        return
    if kind == "scenes":
        _import_scenes(dataclasses.replace(settings, data_dir=data) if data else settings, file)
        return
    source = Source(
        path=file,
        given=given,
        crs=crs,
        zone=time_zone,
        encoding=encoding,
        form=form,
        learn=learn,
        only=only,
        operation=wish["operation"],
        shift_to=_moment(shift_to, "--shift-to"),
    )
    settings = dataclasses.replace(settings, data_dir=data) if data else settings
    if kind == "event":
        _import_event(settings, source, wish)
        return
    store = settings.store()
    try:
        migrate(store)
        outcome = import_file(store, kind, source, progress=_bar(kind))
    except RecordingError as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.dispose()
    click.echo(
        f"{file.name}: read {outcome.read} = accepted {outcome.accepted} "
        f"+ unchanged {outcome.unchanged} + rejected {len(outcome.rejected)}"
    )
    for reject in outcome.rejected[:SHOWN]:
        name = f" ({reject.id})" if reject.id else ""
        click.echo(f"  row {reject.index + 1}{name}: {reject.field}: {reject.reason}", err=True)
    if len(outcome.rejected) > SHOWN:
        click.echo(f"  … and {len(outcome.rejected) - SHOWN} more", err=True)


def _import_rules(settings: Settings, file: Path) -> None:
    """Take a whole list of rules of alerts, or refuse it with the rule that cannot be."""
    from dashboard.domain.alerts.rules import RuleError  # noqa: PLC0415 - light --help
    from data_access.feeds.recording.errors import RecordingError  # noqa: PLC0415
    from data_access.imports.alert_rules import import_rules  # noqa: PLC0415
    from data_access.schema import migrate  # noqa: PLC0415

    store = settings.store()
    try:
        migrate(store)
        number, version = import_rules(store, file)
    except (RecordingError, RuleError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.dispose()
    told = "the same as before" if version is None else f"version {version}"
    click.echo(f"{file.name}: {number} rules, {told}")


def _import_matters(settings: Settings, file: Path) -> None:
    """Take the common matters of a call, or refuse them with the one that cannot be."""
    from dashboard.domain.matters import MatterError  # noqa: PLC0415 - light --help
    from data_access.feeds.recording.errors import RecordingError  # noqa: PLC0415
    from data_access.imports.matters import import_matters  # noqa: PLC0415
    from data_access.schema import migrate  # noqa: PLC0415

    store = settings.store()
    try:
        migrate(store)
        number = import_matters(store, file)
    except (RecordingError, MatterError) as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.dispose()
    click.echo(f"{file.name}: {number} matters")


def _import_scenes(settings: Settings, file: Path) -> None:
    """Take scenes of walls, all of the file or none; a wrong one is named with step and panel."""
    from data_access.commands.screens import put_scene  # noqa: PLC0415 - light --help
    from data_access.schema import migrate  # noqa: PLC0415
    from layouts.wall_scenes import SceneError, parse_file  # noqa: PLC0415

    store = settings.store()
    try:
        migrate(store)
        scenes = parse_file(json.loads(file.read_text("utf-8-sig")))
        with store.write() as writer:
            versions = {it.id: put_scene(writer, it.model_dump(mode="json")) for it in scenes}
    except (SceneError, OSError, ValueError) as error:
        raise click.ClickException(f"{file.name}: {error}") from error
    finally:
        store.dispose()
    for name, version in versions.items():
        told = "the same as before" if version is None else f"version {version}"
        click.echo(f"{name}: {told}")


def _import_event(settings: Settings, source: Any, wish: Mapping[str, Any]) -> None:
    """Take a file as one version of an event, or refuse it with every fault."""
    from dashboard.domain.operations import Refused  # noqa: PLC0415 - light --help
    from data_access.commands.events import Rejected  # noqa: PLC0415
    from data_access.feeds.recording.errors import RecordingError  # noqa: PLC0415
    from data_access.imports import event_from  # noqa: PLC0415
    from data_access.imports.events import Wish  # noqa: PLC0415
    from data_access.schema import migrate  # noqa: PLC0415

    effective_at = _moment(wish["effective_at"], "--effective-at")
    told = {**wish, "effective_at": effective_at, "day": _day(wish["day"])}
    store = settings.store()
    try:
        migrate(store)
        done = event_from(store, source, Wish(**told))
    except Rejected as wrong:
        for fault in wrong.faults[:SHOWN]:
            row = "" if fault.place < 0 else f"row {fault.place + 1} "
            click.echo(f"  {row}({fault.id or '-'}): {fault.field}: {fault.reason}", err=True)
        message = f"{source.path.name}: nothing was taken: {len(wrong.faults)} faults"
        raise click.ClickException(message) from wrong
    except (RecordingError, Refused) as error:
        raise click.ClickException(str(error)) from error
    finally:
        store.dispose()
    if done.version is None:
        click.echo(f"{source.path.name}: {done.records} records, all as they are already")
        return
    at = f"{done.effective_at:%Y-%m-%dT%H:%M:%SZ}"
    click.echo(
        f"{source.path.name}: {done.records} records, version {done.version} of {done.operation}, "
        f"in force from {at}"
    )


def _moment(told: str | None, option: str) -> datetime | None:
    """Read a moment that states its offset; in UTC."""
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error
    if moment.tzinfo is None:
        raise click.BadParameter("must state its offset, as +08:00", param_hint=option)
    return moment.astimezone(UTC)


def _day(told: str | None) -> date | None:
    try:
        return None if told is None else date.fromisoformat(told)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--day") from error


def _bar(kind: str) -> Callable[[Iterable[Any], int], Iterable[Any]]:
    def progress(rows: Iterable[Any], number: int) -> Iterator[Any]:
        with click.progressbar(rows, length=number, label=kind, show_pos=True) as bar:
            yield from bar

    return progress


def _known_zone(name: str | None) -> None:
    if name is not None and name not in available_timezones():
        raise click.BadParameter(
            f"{name!r} is not the name of a time zone", param_hint="--time-zone"
        )


def _known_encoding(name: str | None) -> None:
    try:
        codecs.lookup(name or "utf-8")
    except LookupError as error:
        raise click.BadParameter(f"{name!r} is not an encoding", param_hint="--encoding") from error
