"""``pingji screen``: the screens of halls, what they measure, and the codes that enrol them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from dashboard.accounts import enrol, manage
from dashboard.accounts.commands import HasStore
from data_access.changes import Writer
from data_access.clock import StoreClock
from data_access.commands import screens as commands
from data_access.queries import scopes
from data_access.queries import screens as queries
from data_access.store import Store
from layouts.wall_geometry import Geometry, GeometryError, of_json
from layouts.wall_scenes import KEYS, SceneError, can_show, layout_key, parse


@click.group()
def screen() -> None:
    """Walls: what they measure, what they show, and how they are enrolled."""


@screen.command("list")
@click.pass_obj
def screen_list(settings: HasStore) -> None:
    """List screens: id, scene, measures, name."""
    with _acting(settings) as (store, _), store.read() as conn:
        found = queries.all_screens(conn)
    for row in found:
        told = row["geometry"]
        wide, high = told["pixels"]
        measures = f"{told['width_mm']:g} mm, {wide}x{high}, {told['rows']}x{told['columns']}"
        click.echo(
            f"{row['id']}\t{row['scene'] or '-'}\t{measures}, {told['seat_m']:g} m\t{row['name']}"
        )


@screen.command("set")
@click.argument("screen_id", metavar="ID")
@click.option("--name", help="What people call it.")
@click.option("--width-mm", type=float, help="Width of the picture in millimetres.")
@click.option("--pixels", help="Pixels, as 3840x2160.")
@click.option("--panels", help="Rows and columns of physical panels, as 2x4.")
@click.option("--seam-mm", type=float, help="What lies between two panels, in millimetres.")
@click.option("--seat-m", type=float, help="Distance of the farthest seat in metres.")
@click.option("--scene", help="Its own scene of routine; '-' for the one of all.")
@click.option("--hall", help="Hall in which it hangs; guests see its screens at once.")
@click.option("--event", help="Operation whose room it is in; '-' for none.")
@click.option("--scope", help="Jurisdiction that it shows, by id or path; default the city.")
@click.pass_obj
def screen_set(settings: HasStore, /, screen_id: str, **told: str | float | None) -> None:
    """Add a wall's screen or change it; letters are as large as its farthest seat needs."""
    with _acting(settings) as (store, _), store.write() as writer:
        known = queries.find(writer.conn, screen_id=screen_id)
        usual = known["geometry"] if known else Geometry().as_json()
        geometry = _geometry(usual, told)
        scene_id = _changed(told["scene"], known["home"] if known else None)
        _check_scene(writer, scene_id, geometry)
        named = told["scope"] or (known["scope"] if known else scopes.city_scope(writer.conn))
        scope = scopes.find_scope(writer.conn, name=str(named))
        if scope is None:
            raise manage.ManageError(f"没有辖区 {named}")
        commands.put_screen(
            writer,
            screen_id=_checked(screen_id),
            name=str(told["name"] or (known["name"] if known else screen_id)),
            scope=scope,
            scene_id=scene_id,
            geometry=geometry.as_json(),
            hall=str(told["hall"] or (known["hall"] if known else "main")),
            event=_changed(told["event"], known["event"] if known else None),
        )
        enrol.follow(writer, screen_id)
    click.echo(f"{screen_id}: letters at least {geometry.em_px:.0f} px, at /wall/{screen_id}")


@screen.command("code")
@click.argument("screen_id", metavar="ID")
@click.pass_obj
def screen_code(settings: HasStore, screen_id: str) -> None:
    """Make a code, to be typed or scanned once at the screen; it is good for ten minutes."""
    with _acting(settings) as (store, actor):
        code = enrol.make_code(store, actor, screen_id)
    click.echo(f"{code.digits[:4]} {code.digits[4:]}")


@screen.command("unenrol")
@click.argument("screen_id", metavar="ID")
@click.pass_obj
def screen_unenrol(settings: HasStore, screen_id: str) -> None:
    """Turn a screen's browser into a stranger's."""
    with _acting(settings) as (store, actor):
        enrol.unenrol(store, actor, screen_id)
    click.echo(f"{screen_id} is no longer enrolled")


def _geometry(usual: dict[str, object], told: dict[str, str | float | None]) -> Geometry:
    measures = dict(usual)
    for name in ("width_mm", "seam_mm", "seat_m"):
        if told[name] is not None:
            measures[name] = told[name]
    if told["pixels"] is not None:
        measures["pixels"] = _pair(str(told["pixels"]), "--pixels")
    if told["panels"] is not None:
        measures["rows"], measures["columns"] = _pair(str(told["panels"]), "--panels")
    return of_json(measures)


def _changed(told: str | float | None, known: str | None) -> str | None:
    """What an option says, ``-`` being nothing; what was known where it says nothing."""
    return known if told is None else None if told == "-" else str(told)


def _check_scene(writer: Writer, scene_id: str | None, geometry: Geometry) -> None:
    """Raise where the scene, or without one every scene of routine, has no layout for the wall."""
    rows = queries.scenes(writer.conn, screen_kind="wall")
    usual = {"purpose": "mode", "mode": "routine"}
    if scene_id is None:
        meant = [row for row in rows if all(row[name] == value for name, value in usual.items())]
    else:
        meant = [row for row in rows if row["id"] == scene_id]
    if not meant:
        raise manage.ManageError(f"没有场景 {scene_id or '平时'}")
    if not any(can_show(parse({key: row[key] for key in KEYS}), geometry) for row in meant):
        names = "、".join(row["id"] for row in meant)
        kind = layout_key(geometry)
        raise manage.ManageError(f"场景 {names} 没有为 {kind} 拼接屏准备版面")


def _pair(told: str, option: str) -> tuple[int, int]:
    first, _, second = told.lower().partition("x")
    if not (first.isdigit() and second.isdigit()):
        raise click.BadParameter("two numbers with an x between", param_hint=option)
    return int(first), int(second)


def _checked(screen_id: str) -> str:
    if not enrol.SCREEN_ID.fullmatch(screen_id):
        raise manage.ManageError("屏的编号只能用小写字母、数字和 -，最长 40 个字符")
    return screen_id


@contextmanager
def _acting(settings: HasStore) -> Iterator[tuple[Store, manage.Actor]]:
    """Give the store and the command line as actor; an act that cannot be done ends in exit 1."""
    store = settings.store()
    try:
        actor = manage.Actor(name="cli", role="", city_at=StoreClock(store).now())
        yield store, actor
    except (manage.ManageError, GeometryError, SceneError) as error:
        click.echo(str(error), err=True)
        sys.exit(1)
    finally:
        store.dispose()
