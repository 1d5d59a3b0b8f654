"""The one place where everything is wired. Nothing here decides anything; nobody imports this but the command line."""

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from bot.adapters.clock import SystemClock
from bot.adapters.git.git import GitCommandLine
from bot.adapters.github.github import AppGitHub
from bot.adapters.github.oauth import AppLogin
from bot.adapters.github.paced import Gate
from bot.adapters.local.clone import Clone, LocalWork
from bot.adapters.local.forge import LocalForge
from bot.adapters.model.endpoints import Endpoints
from bot.adapters.model.faults import Origin
from bot.adapters.model.openai_chat import OpenAIChat, Patience, warm_up
from bot.adapters.model.prices import ModelPrices
from bot.adapters.sandbox.box_uids import BoxUids
from bot.adapters.sandbox.bubblewrap import Bubblewrap
from bot.adapters.sandbox.environments import PythonEnvironments
from bot.adapters.sandbox.off import NoSandbox
from bot.adapters.sandbox.rust import Rust
from bot.adapters.sandbox.setups import SetUpEnvironments
from bot.adapters.store.migrate import migrate
from bot.adapters.store.store import SqlStore
from bot.core.chat import ModelRequest
from bot.core.environments.egress import Operator, tools_settings
from bot.core.ports import GitHub, Tokens
from bot.core.pulls import Annotation, RepoRef
from bot.errors import ConfigFault, Transient
from bot.ids import CommandId, RunId, Sha, TaskId
from bot.logging_setup import configure_logging, live_secrets
from bot.settings import WEB_NEEDS, Settings, load_settings
from bot.web.metrics import WebMetrics
from bot.web.server import Door, create_app
from bot.workflows.asked_review import asked_review
from bot.workflows.engine import Engine, Flow, worker_id
from bot.workflows.house import House, log
from bot.workflows.lifecycle import GROUP, ORCHESTRATE, REVIEW, SEGMENT, SETTLE, TASK
from bot.workflows.merge_group import merge_group
from bot.workflows.orchestrating.flow import orchestrate
from bot.workflows.posting import show, show_in_turn
from bot.workflows.pump import Pump
from bot.workflows.reconcile import Sweep
from bot.workflows.run import safe_segment, task
from bot.workflows.settling import settle

TICK_SECONDS = 1.0
"""How often the worker shows that it lives and looks for the work of dead ones; a twentieth of the lease."""

SHOWING_SECONDS = 0.5
"""How often the worker looks whether progress waits to be shown; small against the ten seconds between two edits."""


def web() -> Flask:
    """The web process, for gunicorn: it stores deliveries and shows pages. It holds no key of the App: people log in with their own."""
    settings = load_settings(os.environ, needs=WEB_NEEDS)
    configure_logging(settings)
    store = SqlStore(settings.database_url.reveal())
    door = Door(
        settings.app_id,
        settings.webhook_secrets,
        open_pages=settings.open_pages,
        github_url=settings.github_url,
        public_url=settings.public_url or "",
        session_secret=settings.client_secret,
    )
    visitors = _visitors(settings)
    return create_app(store, door, clock=SystemClock(), metrics=WebMetrics(), runs=store, visitors=visitors)


def _visitors(settings: Settings) -> AppLogin | None:
    """Who vouches for visitors; None where log-in is not set up, so that pages answer 404."""
    if settings.client_secret is None:
        return None
    return AppLogin(settings.github_url, settings.github_api_url, settings.client_id, settings.client_secret)


def run_worker(settings: Settings, *, store: SqlStore | None = None) -> None:
    """The worker process: pump and workflows until SIGTERM or SIGINT. What is in flight is left to the next start."""
    configure_logging(settings)
    settings.state_dir.mkdir(parents=True, exist_ok=True, mode=0o711)
    migrate(settings.database_url.reveal())
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    store = store or SqlStore(settings.database_url.reveal())
    github = _github(settings, store)
    house = build_house(settings, store, github)
    try:
        with working(house, engine_url(settings)) as engine:
            log.info("worker up", worker=engine.worker, sandbox=house.sandbox.probe().mode)
            warm_up()
            sweep = Sweep(house, engine, lambda since: github.redeliver_lost(since).seen_until)
            sweeping = threading.Thread(target=sweep.run, args=(stop,), name="sweep")
            sweeping.start()
            Pump(house, engine).run(stop)
            sweeping.join()
    except BaseException:
        # A half-dead worker would go on claiming work that it never does: DBOS's pollers are daemon threads.
        logging.getLogger("specbot").exception("the worker failed")
        logging.shutdown()
        os._exit(1)


@contextmanager
def working(house: House, database_url: str) -> Iterator[Engine]:
    """A launched engine with all workflows, its beat, and the adoption of dead workers' runs."""
    engine = Engine(database_url, worker_id())

    async def run_segment(run_id: str, number: str = "1") -> str:
        return await safe_segment(house, engine, RunId(run_id))

    async def run_task(run_id: str, task_id: str, attempt: str, segment: str) -> str:
        return await task(house, RunId(run_id), TaskId(task_id), int(attempt), int(segment))

    async def run_group(group: str, attempt: str) -> str:
        return await merge_group(house, RunId(group), int(attempt))

    async def run_review(run_id: str, asked: str) -> str:
        return await asked_review(house, RunId(run_id), CommandId(asked))

    async def run_orchestrate(run_id: str, number: str = "1") -> str:
        return await orchestrate(house, engine, RunId(run_id))

    async def run_settle(run_id: str, state: str, reason: str) -> str:
        return await settle(house, RunId(run_id), state, reason)

    over = threading.Event()
    house.git.discard_abandoned()
    house.store.beat(engine.worker)
    flows: dict[str, Flow] = {
        SEGMENT: run_segment,
        TASK: run_task,
        SETTLE: run_settle,
        GROUP: run_group,
        REVIEW: run_review,
        ORCHESTRATE: run_orchestrate,
    }
    engine.start(flows)
    beating = threading.Thread(target=_beat, args=(house, engine, over), name="beat")
    showing = threading.Thread(target=_show, args=(house, over), name="showing")
    beating.start()
    showing.start()
    try:
        yield engine
    finally:
        over.set()
        beating.join()
        showing.join()
        house.model.close()
        engine.stop()
        house.git.close()
        with suppress(Transient):
            house.store.forget_worker(engine.worker)


def _beat(house: House, engine: Engine, over: threading.Event) -> None:
    while True:
        try:
            house.store.beat(engine.worker)
            adopted = engine.adopt_orphans(house.store)
            if adopted:
                log.info("took over", workflows=adopted)
        except Exception:
            log.exception("no beat")
        if over.wait(TICK_SECONDS):
            return


def _show(house: House, over: threading.Event) -> None:
    while not over.wait(SHOWING_SECONDS):
        try:
            show_in_turn(house)
        except Exception:
            log.exception("progress not shown")


def build_house(settings: Settings, store: SqlStore, github: AppGitHub | None = None) -> House:
    """The house on GitHub (or on the hub)."""
    github = github or _github(settings, store)

    def remote_url(repo: RepoRef) -> str:
        return f"{settings.github_url}/{repo.full_name}.git"

    return _house(settings, store, github, github, remote_url, github_url=settings.github_url)


def _github(settings: Settings, store: SqlStore) -> AppGitHub:
    if settings.private_key is None:
        raise ConfigFault("PRIVATE_KEY is not set", hint="set PRIVATE_KEY or PRIVATE_KEY_PATH")
    gate = Gate(store, SystemClock())
    return AppGitHub(
        settings.github_api_url, settings.app_id, settings.private_key, gate=gate, log_hosts=settings.log_hosts
    )


def local_house(settings: Settings, store: SqlStore, clone: Clone, work: LocalWork) -> tuple[House, LocalForge]:
    """The house on a local clone, for `specbot run`."""
    forge = LocalForge(clone, work)
    return _house(settings, store, forge, forge, lambda repo: str(clone.root)), forge


def _others_say(github: GitHub, repo: RepoRef, head: Sha) -> tuple[Annotation, ...]:
    """What other Apps' checks say about lines of a commit."""
    checks = github.foreign_checks(repo, head)
    return tuple(said for one in checks if one.check is not None for said in github.annotations(repo, one.check))


def engine_url(settings: Settings) -> str:
    """Where DBOS keeps its state: with our tables on PostgreSQL, in a file beside them on SQLite, so that the two never wait for each other."""
    url = settings.database_url.reveal()
    return url.removesuffix(".db") + "-engine.db" if url.startswith("sqlite:") else url


def build_sandbox(settings: Settings, uids: BoxUids) -> Bubblewrap | NoSandbox:
    """The box, or none when the setting says so on purpose."""
    return Bubblewrap(settings.state_dir, uids) if settings.sandbox_on else NoSandbox(settings.state_dir, uids)


def build_environments(settings: Settings, sandbox: Bubblewrap | NoSandbox) -> PythonEnvironments:
    return PythonEnvironments(
        settings.state_dir, sandbox, wheels=settings.wheels, interpreter=settings.box_python, environ=os.environ
    )


def build_operator(settings: Settings) -> Operator:
    """What set-ups may reach whatever a repository says: the operator's hosts, and those of the tools' own settings."""
    tools, hosts = tools_settings(os.environ)
    return Operator((*settings.setup_hosts, *hosts), settings.registry_credentials, tools, bool(settings.setup_hosts))


def build_model(settings: Settings) -> Endpoints:
    """The default endpoint and those that repositories may name, each with its own key and its own connections."""
    return Endpoints(build_client(settings, ""), {name: build_client(settings, name) for name in settings.endpoint_of})


def build_client(
    settings: Settings,
    name: str,
    *,
    patience: Patience | None = None,
    heard: Callable[[ModelRequest, str], object] | None = None,
) -> OpenAIChat:
    """A client for the endpoint of that name; "" is the default one. Raises `KeyError` for another name."""
    prices = ModelPrices(settings.price_of)
    key, url, origin = settings.openai_api_key, settings.openai_base_url, Origin()
    if name:
        endpoint = settings.endpoint_of[name]
        key, url = endpoint.key, endpoint.url
        origin = Origin(f"the key of `{name}` in SPECBOT_ENDPOINTS", f"the address of `{name}` in SPECBOT_ENDPOINTS")
    return OpenAIChat(key, prices, base_url=url, origin=origin, patience=patience, heard=heard)


def _house(
    settings: Settings,
    store: SqlStore,
    github: GitHub,
    tokens: Tokens,
    remote_url: Callable[[RepoRef], str],
    *,
    github_url: str = "",
) -> House:
    uids = BoxUids(settings.state_dir)
    sandbox = build_sandbox(settings, uids)
    git = GitCommandLine(settings.state_dir, remote_url, tokens, uids)
    return House(
        store=store,
        github=github,
        git=git,
        sandbox=sandbox,
        environments=SetUpEnvironments(
            settings.state_dir,
            build_environments(settings, sandbox),
            sandbox,
            git,
            operator=build_operator(settings),
            rust=Rust(settings.state_dir, os.environ),
        ),
        model=build_model(settings),
        clock=SystemClock(),
        implementer_model=settings.model,
        reviewer_model=settings.reviewer,
        public_url=settings.public_url or "",
        secrets=live_secrets(settings),
        github_url=github_url,
        month_cap=settings.month_cap,
        show=show,
        others_say=lambda repo, head: _others_say(github, repo, head),
    )
