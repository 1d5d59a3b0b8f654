"""Installing packages from wheels with our own pip, for another Python, without executing anything of them."""

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.adapters.sandbox.launcher import SYSTEM_TOOLS
from bot.adapters.sandbox.programs import run_program
from bot.errors import EnvironmentFault

INSTALL_SECONDS = 600.0
"""Large wheels (numeric libraries) over a slow line; a run's own minutes bound the whole."""

OUTPUT_BYTES = 20_000
"""What of the installer's words is shown to people."""

PASSED_ON = ("HOME", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE")  # fmt: skip
"""Variables that say how to reach a package index from this machine; with them go pip's own (`PIP_…`)."""

NOT_PASSED_ON = frozenset(
    {
        "PIP_TARGET",
        "PIP_PREFIX",
        "PIP_ROOT",
        "PIP_USER",
        "PIP_PYTHON",
        "PIP_NO_BINARY",
        "PIP_REQUIREMENT",
        "PIP_EDITABLE",
    }
    | {"PIP_REQUIRE_VIRTUALENV", "PIP_DRY_RUN", "PIP_REPORT", "PIP_LOG", "PIP_CONSTRAINT"}
)
"""What would put packages elsewhere, or bring in others than asked for."""

_CREDENTIALS = re.compile(r"(?<=://)[^/\s@]+@")
_TOKENS = re.compile(r"\b(?:gh[pousr]_|github_pat_|pypi-|sk-)[A-Za-z0-9_-]{16,}")


async def install(
    requirements: Sequence[str], target: Path, python: Path, wheels: Path | None, environ: Mapping[str, str]
) -> None:
    """The packages and what they need are in `target`, compiled for `python`.

    `wheels`, a folder, is tried first and alone; the index after it. Wheels only: no code of a package runs. Raises `EnvironmentFault` with
    pip's words, credentials masked.
    """
    if not requirements:
        return
    ways = [["--no-index", "--find-links", str(wheels)]] if wheels is not None else []
    if not (ways and environ.get("PIP_NO_INDEX")):
        ways.append([])
    said = []
    for way in ways:
        words = [sys.executable, "-m", "pip", "--python", str(python), "install", "--target", str(target)]
        words += ["--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--no-warn-script-location"]
        words += [
            "--progress-bar=off",
            "--quiet",
            "--retries=2",
            "--root-user-action=ignore",
            *way,
            "--",
            *requirements,
        ]
        ended = await run_program(
            words, target.parent, _variables(environ), seconds=INSTALL_SECONDS, output_bytes=OUTPUT_BYTES
        )
        if ended.exit_code == 0:
            return
        said.append(masked(ended.output.decode("utf-8", "replace")) or f"pip ended by {ended.stopped_by or 'a signal'}")
    raise EnvironmentFault(
        f"the packages {', '.join(requirements[:8])} could not be installed",
        hint="see pip's output; list what the tests need as environment.requirements in .github/specbot.yml (wheels only)",
        output="\n".join(said),
    )


def masked(text: str) -> str:
    """`text` without credentials in addresses and without what looks like a token."""
    return _TOKENS.sub("***", _CREDENTIALS.sub("***@", text))


def _variables(environ: Mapping[str, str]) -> dict[str, str]:
    passed = {
        name: value
        for name, value in environ.items()
        if name in PASSED_ON or (name.startswith("PIP_") and name not in NOT_PASSED_ON)
    }
    return {"PATH": SYSTEM_TOOLS, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1", **passed}
