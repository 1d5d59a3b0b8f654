"""Pages for people, rendered here, without any script.

A run's page needs a log-in that does not exist yet, so it answers 404 unless pages are open (the demo on loopback).
"""

from datetime import datetime
from typing import Protocol

from flask import Blueprint, Response, abort, render_template

from bot.core.codec import decode
from bot.core.proofs.model import Verification
from bot.core.runs import Run, Spent
from bot.core.visible import visible
from bot.errors import Defect, Transient
from bot.ids import RunId

EVENTS_SHOWED = 500
"""The newest events on a page; a run of an hour makes some hundred."""

REFRESH_SECONDS = 3
"""How often the page of a live run is loaded again, without a script."""


class RunReader(Protocol):
    """What the pages read of the store."""

    def run(self, run: RunId) -> Run | None: ...

    def events(self, run: RunId, after: int = 0) -> tuple[tuple[int, datetime, str, str], ...]: ...

    def note(self, run: RunId, kind: str) -> str | None: ...

    def spent(self, run: RunId) -> Spent: ...


def pages(runs: RunReader | None) -> Blueprint:
    """`/` and `/runs/<id>`. Without a reader no run is shown to anybody."""
    routes = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    routes.add_app_template_filter(visible, "visible")

    def front() -> str:
        return render_template("front.html")

    def run_page(run_id: str) -> str | Response:
        if runs is None:
            abort(404)
        try:
            return _run_page(runs, RunId(run_id))
        except Transient:
            abort(503)

    routes.add_url_rule("/", "front", front)
    routes.add_url_rule("/runs/<run_id>", "run", run_page)
    return routes


def _run_page(runs: RunReader, run_id: RunId) -> str:
    run = runs.run(run_id)
    if run is None:
        abort(404)
    events = runs.events(run_id)
    return render_template(
        "run.html",
        run=run,
        refresh=REFRESH_SECONDS if run.state.live else None,
        events=events[-EVENTS_SHOWED:],
        left_out=max(0, len(events) - EVENTS_SHOWED),
        verification=_verification(runs.note(run_id, "verification")),
        spent=runs.spent(run_id),
    )


def _verification(note: str | None) -> Verification | None:
    """What was proven; None when nothing was, or when another version of the code wrote it."""
    if note is None:
        return None
    try:
        return decode(Verification, note)
    except Defect:
        return None
