"""Processes of our own for tests: forks of one that has everything imported and no thread, so that a start takes tenths of a second instead of three."""

from multiprocessing import get_context

COMMANDS = ("doctor", "lint", "logs", "new", "runs", "schema", "worker")

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(
    ["bot.app", "bot.cli", *(f"bot.commands.{name}" for name in COMMANDS), "openai", "httpx2", "tests.support.forks"]
)
"""One server serves a whole process of tests, with what was loaded first."""
