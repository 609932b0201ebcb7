"""Owns which alerts are of one cause: the group a row shows, and which row leads it.

An alert has a chain of groups from narrow to wide (``level/river/上塘河`` → ``level/basin/运河`` →
``storm/city/330100``). It shows the widest that stands. A wider one stands once more than a few
narrower ones of a kind are active, and until hardly any is: in between nothing moves, so that no
row changes its group but at a real crossing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from dashboard.domain.words import Words

STAND_UNTIL = 1
"""A wider group stands until so few narrower ones of every kind are active."""

KEEP_FROM, KEEP_UNTIL = 4, 2
"""A unit with so many overdue cases is a cause of its own, until so few."""

KINDS: Mapping[str, Words] = {
    "danger": Words("险情", "Danger to life"),
    "overdue": Words("超期案件", "Overdue cases"),
    "emergency": Words("应急超期案件", "Cases past their emergency limit"),
    "level": Words("水情", "Water levels"),
    "rain": Words("雨情", "Rain"),
    "ponding": Words("积水", "Ponding"),
    "warning": Words("预警", "Warnings"),
    "storm": Words("全市风雨", "The city's storm"),
    "emission": Words("排放", "Emissions"),
    "silent": Words("数据中断", "Silence"),
}
"""The first part of a group's id."""

_STORM_EVENTS = ("暴雨", "洪水", "台风", "山洪", "内涝", "雷雨大风", "强对流")
_CAUSES = {"warning": 0, "feed": 0, "rain": 1, "level": 2, "ponding": 3}

DRILL = "@drill"
"""The end of a group's id where all in it is of a drill."""

Chain = tuple[str, ...]
Key = tuple[str, str, str]
"""Family of rules, topic and id of the subject."""


class Member(NamedTuple):
    """An active alert as its groups see it; ``order`` puts the cause first."""

    chain: Chain
    order: tuple[int, int, datetime, str]


def of_case(kind: str, unit: str | None, scope: str) -> Chain:
    """Give the chain of a case past its deadline, or past its 应急时限 by the ``kind`` of rule."""
    what = "emergency" if kind == "case_emergency" else "overdue"
    return (f"{what}/unit/{unit or '-'}", f"{what}/district/{district(scope)}")


def of_danger(scope: str) -> Chain:
    """Give the chain of a case that endangers life."""
    return (f"danger/district/{district(scope)}",)


def of_station(
    kind: str, *, scope: str, river: str | None, basin: str | None, feed: str | None
) -> Chain:
    """Give the chain of a station's alert; ``kind`` is that of its rule."""
    storm = f"storm/city/{city(scope)}"
    where = district(scope)
    if kind in ("level_line", "level_rise"):
        if river:
            return (f"level/river/{river}", f"level/basin/{basin or where}", storm)
        return (f"level/district/{where}", storm)
    if kind == "rain_sum":
        return (f"rain/district/{where}", storm)
    if kind == "depth":
        return (f"ponding/district/{where}", storm)
    if kind.startswith("emission_"):
        return (f"emission/district/{where}", f"emission/city/{city(scope)}")
    return (f"silent/feed/{feed or '-'}",)


def of_camera(source: str) -> Chain:
    """Give the chain of a camera that is off."""
    return (f"silent/cameras/{source}",)


def of_feed(feed: str) -> Chain:
    """Give the chain of a feed that is down: that of the stations it told of."""
    return (f"silent/feed/{feed}",)


def of_warning(event: str, scope: str) -> Chain:
    """Give the chain of a warning; one of a storm goes with the city's storm, once there is one."""
    own = f"warning/event/{event}"
    if any(word in event for word in _STORM_EVENTS):
        return (own, f"storm/city/{city(scope)}")
    return (own,)


def of_drill(chain: Chain) -> Chain:
    """Give the same chain among what is of a drill: its groups have nothing real in them."""
    return tuple(f"{group}{DRILL}" for group in chain)


def order(
    topic: str, chain: Chain, priority: int, since: datetime, key: str
) -> tuple[int, int, datetime, str]:
    """Give the order of members: what causes the rest first, then the worse, then the older."""
    kind = "feed" if topic == "feeds" else chain[0].partition("/")[0]
    return (_CAUSES.get(kind, 4), priority, since, key)


def district(scope: str) -> str:
    """Give the district of a scope path; the city's own where it is not in one."""
    parts = scope.split("/")
    return parts[1] if len(parts) > 1 else parts[0]


def city(scope: str) -> str:
    """Give the city of a scope path."""
    return scope.partition("/")[0]


class Groups:
    """All active alerts and the groups that stand; what is asked of it is how rows change."""

    def __init__(self, join_above: int = 3) -> None:
        """Know of no alert."""
        self.join_above = join_above
        self._members: dict[Key, Member] = {}
        self._by_group: dict[str, set[Key]] = defaultdict(set)  # by the narrowest
        self._parents: dict[str, str | None] = {}
        self._children: dict[str, set[str]] = defaultdict(set)
        self._stands: set[str] = set()
        self._kept: set[str] = set()
        self._touched: set[str] = set()
        self._causes: dict[str, Key] = {}
        self._shown: dict[Key, tuple[str, bool]] = {}

    def restore(self, shown: Mapping[Key, tuple[str, bool]]) -> None:
        """Say what the rows of active alerts show: what stood goes on standing, nothing moves."""
        self._shown = dict(shown)
        self._stands |= {group for group, _ in shown.values()}
        self._causes |= {group: key for key, (group, cause) in shown.items() if cause}

    def put(self, key: Key, member: Member) -> None:
        """Enter an active alert, or one whose place in the order changed."""
        known = self._members.get(key)
        if known == member:
            return
        if known is not None and known.chain != member.chain:
            self.drop(key)
        self._members[key] = member
        for below, above in zip(member.chain, (*member.chain[1:], None), strict=True):
            self._parents[below] = above
            if above is not None:
                self._children[above].add(below)
        self._by_group[member.chain[0]].add(key)
        self._touched.add(member.chain[0])

    def drop(self, key: Key) -> None:
        """Take out an alert that is active no more; its row keeps the group it showed."""
        member = self._members.pop(key, None)
        if member is None:
            return
        self._by_group[member.chain[0]].discard(key)
        self._shown.pop(key, None)
        self._touched.add(member.chain[0])

    def settle(self) -> dict[Key, tuple[str, bool]]:
        """Give each alert whose group, or whose lead of it, changed: (group, cause)."""
        touched, self._touched = self._touched, set()
        if not touched:
            return {}
        again = set(touched)
        for narrow in touched:
            self._keep_or_not(narrow)
        for narrow in touched:
            again |= self._stand_or_not(narrow)
        changed: dict[Key, tuple[str, bool]] = {}
        shown = {self._group(narrow) for narrow in again}
        for narrow in again:
            group = self._group(narrow)
            for key in self._by_group[narrow]:
                before = self._shown.get(key)
                if before is None or before[0] != group:
                    changed[key] = self._shown[key] = (group, False)
                    if before is not None:
                        shown.add(before[0])
        for group in shown:
            self._lead(group, changed)
        return changed

    def group_of(self, key: Key) -> str | None:
        """Give the group that an active alert shows."""
        found = self._shown.get(key)
        return None if found is None else found[0]

    def _lead(self, group: str, changed: dict[Key, tuple[str, bool]]) -> None:
        keys = list(self._keys_of(group))
        best = min(keys, key=lambda key: self._members[key].order, default=None)
        before = self._causes.get(group)
        if best is None:
            self._causes.pop(group, None)
            return
        if before is not None and before != best and self._shown.get(before) == (group, True):
            changed[before] = self._shown[before] = (group, False)
        if self._shown[best] != (group, True):
            changed[best] = self._shown[best] = (group, True)
        self._causes[group] = best

    def _keys_of(self, group: str) -> Iterable[Key]:
        """All alerts that show a group: its own, or those of what joined into it."""
        pending, found = [group], []
        while pending:
            at = pending.pop()
            found += [key for key in self._by_group.get(at, ()) if self._shows(key, group)]
            pending += self._children.get(at, ())
        return found

    def _shows(self, key: Key, group: str) -> bool:
        shown = self._shown.get(key)
        return shown is not None and shown[0] == group

    def _group(self, narrow: str) -> str:
        """Give the widest group that stands above a narrow one."""
        shown = narrow
        if narrow in self._kept:
            return narrow
        at: str | None = narrow
        while at is not None:
            at = self._parents.get(at)
            if at is not None and at in self._stands:
                shown = at
        return shown

    def _keep_or_not(self, narrow: str) -> None:
        if not narrow.startswith(("overdue/unit/", "emergency/unit/")):
            return
        count = len(self._by_group[narrow])
        if count >= KEEP_FROM:
            self._kept.add(narrow)
        elif count <= KEEP_UNTIL:
            self._kept.discard(narrow)

    def _stand_or_not(self, narrow: str) -> set[str]:
        """Let the groups above stand or fall; gives the narrow ones below those that changed."""
        changed: set[str] = set()
        at = self._parents.get(narrow)
        while at is not None:
            most = self._most_active(at)
            if at not in self._stands and most > self.join_above:
                self._stands.add(at)
                changed |= self._below(at)
            elif at in self._stands and most <= STAND_UNTIL:
                self._stands.discard(at)
                changed |= self._below(at)
            at = self._parents.get(at)
        return changed

    def _most_active(self, group: str) -> int:
        """Count the active narrower groups of that kind of which there are most.

        A warning follows a storm, it does not make one.
        """
        counts: dict[str, int] = defaultdict(int)
        for child in self._children[group]:
            if child not in self._kept and not child.startswith("warning/") and self._active(child):
                counts[child.partition("/")[0]] += 1
        return max(counts.values(), default=0)

    def _active(self, group: str) -> bool:
        if self._by_group.get(group):
            return True
        return any(self._active(child) for child in self._children.get(group, ()))

    def _below(self, group: str) -> set[str]:
        """Give the narrowest groups below one."""
        found: set[str] = set()
        for child in self._children.get(group, ()):
            found |= self._below(child) or {child}
        return found
