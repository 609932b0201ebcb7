"""What Pingji brings along to be shown: its scenes, and the hall's first screen."""

from data_access.commands import screens as commands
from data_access.commands import shown
from data_access.queries import scopes
from data_access.queries import screens as queries
from data_access.store import Store
from layouts.wall_geometry import Geometry
from layouts.wall_scenes import shipped

MAIN = "main"
MAIN_NAME = "指挥大厅主屏"


def write_shipped(store: Store, *, scope: str | None = None) -> None:
    """Enter our scenes, and the screen ``main`` once there is a city; what is there stays.

    ``scope``: the city's, where its description is still to come. Raises SceneError where a scene
    of ours is wrong.
    """
    scenes = shipped()
    with store.write() as writer:
        entered = [commands.put_shipped_scene(writer, it.model_dump(mode="json")) for it in scenes]
        if any(entered):
            shown.settle(writer)
        known = queries.find(writer.conn, screen_id=MAIN)
        scope = scope or scopes.city_scope(writer.conn)
        if known is None and scope != scopes.NO_CITY:
            commands.put_screen(
                writer,
                screen_id=MAIN,
                name=MAIN_NAME,
                scope=scope,
                scene_id=None,
                geometry=Geometry().as_json(),
            )
