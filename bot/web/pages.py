"""Pages for people: the list of runs, a run, and what is new on it. Rendered here; a small script of ours brings a run's page up to date.

Whether somebody may see a run is asked before anybody looks whether there is such a run, and every no is the same answer: a stranger
learns nothing, not even from the time it takes.
"""

import hashlib

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from bot.core.ports import Clock
from bot.core.runs import Run, RunState, worked
from bot.core.visible import visible
from bot.errors import Transient
from bot.ids import AgentKey, RunId, repo_of_run
from bot.reporting.happenings import agent_name
from bot.reporting.words import duration, money
from bot.web.coded import coded
from bot.web.gate import Gate
from bot.web.run_view import RunReader, RunView, held_of, log_view, news, run_view

RUNS_SHOWN = 30
"""Runs on one page of the list."""

MOST_REPOSITORIES = 100
"""Repositories of which a list asks whether the visitor may read them, the ones with the newest runs first. With eight questions at a
time that takes GitHub about two seconds, once a minute."""

REFRESH_SECONDS = 3
"""How often the page of a live run is loaded again where no script runs."""

POLL_SECONDS = 1
"""How often the page of a live run asks for news. Asking again beats one long answer here: an answer that waits holds one of the door's
few threads, which webhooks need, and most questions are answered by one look at a number."""

IDLE_POLL_SECONDS = 10
"""The same for a run that waits for a person, which a command may set going again."""

PARTS = ("state", "held", "plan", "proofs", "bill", "whose")
"""The parts of a run's page that change as a whole; the log only grows."""


def pages(runs: RunReader | None, gate: Gate, clock: Clock, github_url: str) -> Blueprint:
    """`/`, `/runs`, `/runs/<id>`, `/runs/<id>/live` and `/runs/<id>/held.diff`. Without a reader no run is shown to anybody."""
    site = _Pages(runs, gate, clock, github_url)
    routes = Blueprint(
        "pages", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
    )
    for name, of in (("visible", visible), ("coded", coded), ("duration", duration), ("money", money)):
        routes.add_app_template_filter(of, name)
    routes.record_once(lambda setup: setup.app.jinja_env.globals.update(worked=worked, agent_name=agent_name))
    routes.app_context_processor(lambda: {"visitor": gate.visitor, "login": gate.login is not None})
    routes.add_url_rule("/", "front", site.front)
    routes.add_url_rule("/runs", "runs", site.runs)
    routes.add_url_rule("/runs/<run_id>", "run", site.run)
    routes.add_url_rule("/runs/<run_id>/live", "live", site.live)
    routes.add_url_rule("/runs/<run_id>/held.diff", "held", site.held)
    return routes


class _Pages:
    def __init__(self, runs: RunReader | None, gate: Gate, clock: Clock, github_url: str) -> None:
        self._runs, self._gate, self._clock, self._github_url = runs, gate, clock, github_url

    def front(self) -> str:
        return render_template("front.html")

    def runs(self) -> Response:
        """The runs that whoever asks may see, newest first."""
        reader = self._runs
        if reader is None or not (self._gate.open or self._gate.visitor):
            return self._nothing()
        page = max(1, _number("page") or 1)
        try:
            repos = self._gate.readable(reader.repositories(MOST_REPOSITORIES))
            found = reader.recent_runs(RUNS_SHOWN + 1, skip=(page - 1) * RUNS_SHOWN, repos=repos)
            rows = [(run, reader.spent(run.run_id)) for run in found[:RUNS_SHOWN]]
        except Transient:
            abort(503)
        more = len(found) > RUNS_SHOWN
        return make_response(render_template("runs.html", rows=rows, page=page, more=more, now=self._clock.now()))

    def run(self, run_id: str) -> Response:
        """A run's whole page."""
        try:
            run = self._shown(run_id)
            if run is None or self._runs is None:
                return self._nothing()
            number = self._runs.last_event(run.run_id)
            view, agent, before = self._view(run), self._agent(run), _number("before")
            log = log_view(self._runs, run.run_id, before=before, agent=agent)
        except Transient:
            abort(503)
        parts = _rendered(view, agent)
        return make_response(
            render_template(
                "run.html",
                view=view,
                parts=parts,
                digests={name: _digest(html) for name, html in parts.items()},
                log=log,
                agent=agent or "",
                number=number,
                poll=None if before else _poll(run),
                refresh=REFRESH_SECONDS if run.state.live and not before else None,
            )
        )

    def live(self, run_id: str) -> Response:
        """What is new since event `after`: the parts whose digests are not in `have`, and what the log has to add."""
        try:
            run = self._shown(run_id)
            if run is None or self._runs is None:
                return self._nothing()
            after, have = _number("after") or 0, set(request.args.get("have", "").split(","))
            number = self._runs.last_event(run.run_id)
            if number <= after and "all" not in request.args:
                return jsonify(number=after, again=_poll(run), parts={}, log="")
            view, agent = self._view(run), self._agent(run)
            told = [one for one in news(self._runs, run.run_id, after, agent) if one.number <= number]
        except Transient:
            abort(503)
        changed = {name: html for name, html in _rendered(view, agent).items() if _digest(html) not in have}
        return jsonify(
            number=number,
            again=_poll(run),
            said=f"{run.state.value}: {run.stage.value}",
            parts={name: {"html": html, "digest": _digest(html)} for name, html in changed.items()},
            log=render_template("run/log.html", happenings=told),
        )

    def held(self, run_id: str) -> Response:
        """The patch that waits for a word, as a file: a browser never renders it."""
        try:
            run = self._shown(run_id)
            waiting = held_of(self._runs, run) if run is not None and self._runs is not None else None
        except Transient:
            abort(503)
        if run is None or waiting is None or not waiting.patch:
            return self._nothing()
        answer = Response(waiting.patch, mimetype="text/plain")
        answer.headers["Content-Disposition"] = f'attachment; filename="pull-{run.number}-{waiting.commit[:7]}.diff"'
        return answer

    def _shown(self, run_id: str) -> Run | None:
        """The run, if whoever asks may see it. The right comes first, told from the id alone."""
        repo = repo_of_run(run_id)
        if self._runs is None or not self._gate.may_read(repo):
            return None
        run = self._runs.run(RunId(run_id))
        return run if run is not None and run.repo.repo_id == repo else None

    def _nothing(self) -> Response:
        """One answer for what is not there, what is not for this visitor, and for strangers."""
        return make_response(render_template("nothing.html", to=request.path), 404)

    def _view(self, run: Run) -> RunView:
        assert self._runs is not None  # noqa: S101 - nobody is shown anything without a reader
        return run_view(self._runs, run, github_url=self._github_url, now=self._clock.now())

    def _agent(self, run: Run) -> AgentKey | None:
        """The one agent whose log is wanted."""
        wanted = request.args.get("agent", "")
        return AgentKey(wanted) if wanted.startswith(f"{run.run_id}/") else None


def _rendered(view: RunView, agent: AgentKey | None) -> dict[str, str]:
    return {name: render_template(f"run/{name}.html", view=view, run=view.run, agent=agent) for name in PARTS}


def _digest(html: str) -> str:
    """Short: it only tells two states of one part from each other."""
    return hashlib.sha256(html.encode()).hexdigest()[:12]


def _poll(run: Run) -> int | None:
    """Seconds until it is worth to ask again; None when nothing more will come."""
    if run.state.live:
        return POLL_SECONDS
    return IDLE_POLL_SECONDS if run.state is RunState.WAITING else None


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
