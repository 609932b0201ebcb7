"""Tabs of /admin: what leaves and was not delivered, to be sent again; the rules of alerts."""

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from callbacks.admin_tabs import MOST, clock, zone
from callbacks.services import Services
from dashboard.domain.alerts.rules import ACTS, KINDS, PRIORITIES, Rule
from dashboard.domain.words import Words, said
from data_access import outbox
from data_access.alerts import book
from data_access.commands import audit
from data_access.queries import duty
from data_access.queries import outbox as queries
from data_access.queries.visible import Sight
from layouts import words
from layouts.outbox_words import OUTBOX_KINDS
from layouts.rule_text import asks
from layouts.screens.admin import button, table

_UNDELIVERED = (outbox.FAILED, outbox.WAITING)


def tab(services: Services) -> list[Component]:
    """Show what was given up and what still waits, the newest first."""
    with services.store.read() as conn:
        found = queries.page(
            conn, after=None, limit=MOST, sight=_sight(services), states=_UNDELIVERED
        )
    if not found:
        return [html.P(words.text("outbox_none"), className="admin__empty")]
    when = clock(services)
    rows = [
        [
            when(row["put_at"]),
            words.both(said(OUTBOX_KINDS, row["kind"])),
            row["subject"],
            row["destination"],
            str(row["attempts"]),
            words.text(f"delivery_{row['state']}"),
            _reason(row["reason"]),
            button("outbox-again", row["id"], "outbox_again")
            if row["state"] == outbox.FAILED
            else "",
        ]
        for row in found
    ]
    columns = ["when", "outbox_message", "subject", "outbox_to", "outbox_attempts"]
    return [table([*columns, "outbox_state", "reason", ""], rows, note=zone(services))]


def again(services: Services, message_id: str) -> bool:
    """Let a message that was given up wait once more; False where there is none of the scope."""
    who = services.guard.known()
    with services.store.write() as writer:
        found = queries.find(writer.conn, message_id=message_id, sight=_sight(services))
        if found is None or not outbox.again(writer, message_id):
            return False
        audit.record(
            writer,
            actor=who.name,
            role=str(who.role),
            act="outbox-retry",
            subject=message_id,
            detail={"kind": found["kind"], "about": found["subject"]},
            address=services.guard.address(),
            city_at=services.clock.now(),
            scope=found["scope"],
            drill=bool(found["drill"]),
        )
    return True


def rules(services: Services) -> list[Component]:
    """Show the rules of alerts that count, each in words."""
    with services.store.read() as conn:
        version = book.stored(conn)[0]
        found = book.current(conn).rules.values()
        ladders = {it["id"]: it for it in duty.newest(conn, "ladders").items}
    rows = [_rule(rule, ladders) for rule in sorted(found, key=lambda it: (it.kind, it.priority))]
    columns = ["rule_of", "kind", "alert_means", "priority", "rule_act", "rule_calls"]
    note = words.text("rules_version", n=str(version))
    return [table([*columns, "rule_delays", "rule_sounds"], rows, note=note)]


def _rule(rule: Rule, ladders: Mapping[str, Mapping[str, Any]]) -> list[Any]:
    more = [words.text("rule_latch")] if rule.latch else []
    more += [] if rule.enabled else [words.text("rule_off")]
    ladder = ladders.get(rule.ladder or "", {"name": rule.ladder or "—"})
    acts: list[Any] = [words.both(ACTS[rule.act])]
    if rule.department:
        acts += [" · ", words.both(Words(rule.department, rule.department_en or rule.department))]
    return [
        words.both(Words(rule.name, rule.name_en)),
        words.both(KINDS[rule.kind].words),
        html.Span([words.both(asks(rule)), *(part for each in more for part in (" · ", each))]),
        words.both(PRIORITIES[rule.priority]),
        html.Span(acts),
        words.both(Words(ladder["name"], ladder.get("name_en") or ladder["name"])),
        f"{rule.on_delay_s:g} s / {rule.off_delay_s:g} s",
        words.text("rule_sounding" if rule.sound else "rule_silent"),
    ]


def _reason(reason: str | None) -> Any:
    key = f"delivery_{(reason or '').replace('-', '_')}"
    return words.text(key) if key in words.CATALOGUE else reason or "—"


def _sight(services: Services) -> Sight:
    who = services.guard.known()
    return Sight(scopes=who.scopes, events=who.events)
