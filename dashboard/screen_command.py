"""``pingji screen``: the screens of halls, what they measure, and the codes that enrol them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from dashboard.accounts import enrol, manage
from dashboard.accounts.commands import HasStore
from data_access.clock import StoreClock
from data_access.commands import screens as commands
from data_access.queries import scopes
from data_access.queries import screens as queries
from data_access.store import Store
from layouts.wall_geometry import Geometry, GeometryError, of_json
from layouts.wall_scenes import SceneError, can_show, parse

_KEYS = ("id", "name", "name_en", "screen_kind", "mode", "content")


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
@click.option("--scene", help="Scene that it shows.")
@click.option("--scope", help="Jurisdiction that it shows, by id or path; default the city.")
@click.pass_obj
def screen_set(settings: HasStore, /, screen_id: str, **told: str | float | None) -> None:
    """Add a wall's screen or change it; letters are as large as its farthest seat needs."""
    with _acting(settings) as (store, _), store.write() as writer:
        known = queries.find(writer.conn, screen_id=screen_id)
        usual = known["geometry"] if known else Geometry().as_json()
        geometry = _geometry(usual, told)
        scene_id = told["scene"] or (known["scene"] if known else "routine")
        row = queries.find_scene(writer.conn, scene_id=str(scene_id))
        if row is None:
            raise manage.ManageError(f"没有场景 {scene_id}")
        if not can_show(parse({key: row[key] for key in _KEYS}), geometry):
            kind = f"{geometry.rows}x{geometry.columns}"
            raise manage.ManageError(f"场景 {scene_id} 没有为 {kind} 拼接屏准备版面")
        named = told["scope"] or (known["scope"] if known else scopes.city_scope(writer.conn))
        scope = scopes.find_scope(writer.conn, name=str(named))
        if scope is None:
            raise manage.ManageError(f"没有辖区 {named}")
        commands.put_screen(
            writer,
            screen_id=_checked(screen_id),
            name=str(told["name"] or (known["name"] if known else screen_id)),
            scope=scope,
            scene_id=str(scene_id),
            geometry=geometry.as_json(),
        )
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
