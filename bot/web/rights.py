"""Who may see which repository's runs: GitHub is asked with the visitor's own token, and its answer is remembered for a minute."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.core.ports import Clock, Visitors
from bot.core.visitors import Visitor
from bot.errors import SpecbotError, Transient
from bot.ids import RepoId

REMEMBERED = timedelta(minutes=1)
"""How long an answer counts. A page asks every second while its run works; who loses the right sees nothing a minute later."""

TROUBLE_REMEMBERED = timedelta(seconds=5)
"""How long no clear answer counts as no: short, for it is nobody's fault, and long enough that open pages do not storm GitHub."""

MOST_ANSWERS = 10_000
"""Answers kept at once, about 2 MB; the ones asked for longest ago go first."""

AT_ONCE = 8
"""Questions to GitHub side by side for a list; far below its limit of 100 requests at once."""

_log = structlog.get_logger("specbot.pages")

_Key = tuple[str, RepoId]


@dataclass(frozen=True, slots=True)
class _Answer:
    may: bool
    until: datetime


class Rights:
    """The memory of one process. Safe from any number of threads; never raises: anything unclear is no."""

    def __init__(self, visitors: Visitors, clock: Clock) -> None:
        self._visitors = visitors
        self._clock = clock
        self._lock = threading.Lock()
        self._answers: OrderedDict[_Key, _Answer] = OrderedDict()

    def may_read(self, visitor: Visitor, repo: RepoId) -> bool:
        """May this person read this repository, as GitHub said within the last minute?"""
        key = _key(visitor, repo)
        with self._lock:
            known = self._answers.get(key)
            if known is not None and self._clock.now() < known.until:
                return known.may
        answer = self._ask(visitor, repo)
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)
        return answer.may

    def readable(self, visitor: Visitor, repos: Collection[RepoId]) -> frozenset[RepoId]:
        """Those of the repositories that this person may read."""
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            allowed = pool.map(lambda repo: self.may_read(visitor, repo), repos)
            return frozenset(repo for repo, may in zip(repos, allowed, strict=True) if may)

    def _ask(self, visitor: Visitor, repo: RepoId) -> _Answer:
        try:
            may = self._visitors.may_read(visitor.token, repo)
        except SpecbotError as trouble:
            if not isinstance(trouble, Transient):
                _log.warning("no answer about a visitor's right", repository=repo, why=trouble.message)
            return _Answer(False, self._clock.now() + TROUBLE_REMEMBERED)
        return _Answer(may, self._clock.now() + REMEMBERED)


def _key(visitor: Visitor, repo: RepoId) -> _Key:
    """By token and not by person: a session whose token was revoked must not live on what another session of the same person is told."""
    return hashlib.sha256(visitor.token.reveal().encode()).hexdigest(), repo
