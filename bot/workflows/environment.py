"""The environment of a run's boxes, from the configuration and the base tree's manifests: nothing the pull request brings decides it."""

from bot.core.ports import Environment
from bot.core.runs import Run
from bot.workflows.house import House, in_thread
from bot.workflows.notes import Facts

MANIFEST_NAMES = ("pyproject.toml", "setup.cfg", "pytest.ini", "tox.ini")
"""Files that say what a Python project needs, besides `requirements*.txt`; looked for at the root."""

MANIFEST_BYTES = 256 * 1024
"""Of each; larger ones are no manifests."""


async def prepared(house: House, run: Run, facts: Facts) -> Environment:
    """The environment, made now or found again by its content. Raises `EnvironmentFault`."""
    files = await in_thread(lambda: _manifests(house, run, facts))
    return await house.environments.prepare(run.repo, facts.config.environment, files, facts.base_tree)


def _manifests(house: House, run: Run, facts: Facts) -> dict[str, bytes]:
    """The manifests' contents, and every other path of the base tree with nothing in it: places tell a project's layout."""
    files: dict[str, bytes] = {}
    for entry in house.git.entries(run.repo, facts.base_tree):
        wanted = _is_manifest(entry.path) and entry.size <= MANIFEST_BYTES
        data = house.git.read(run.repo, facts.base_tree, entry.path) if wanted else b""
        files[entry.path] = data or b""
    return files


def _is_manifest(path: str) -> bool:
    return path in MANIFEST_NAMES or (path.startswith("requirements") and path.endswith(".txt"))
