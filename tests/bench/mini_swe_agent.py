"""The agent that we are measured against: mini-swe-agent, in an environment of its own below `.cache`, never in ours."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.bench.place import BRIEFING

VERSION = "2.4.6"
LITELLM = "1.110.2"
"""Its client, which most of its start and memory belong to; the rest of its packages are what pip takes that day."""

INSTALL_SECONDS = 600
"""It takes one minute with a near package index; 750 MB on disk."""

COMPLETE = "echo COMPLETE_TASK_AND_SUBMIT_FINAL_OUTPUT"
"""The command with which its model hands in (its own prompt says so)."""

_HERE = Path(__file__).parents[2] / ".cache" / "bench" / f"mini-swe-agent-{VERSION}"

NAME = f"mini-swe-agent {VERSION}"


@dataclass(frozen=True)
class Mini:
    """The installed program; `missing` says why there is none."""

    program: Path
    missing: str = ""

    def command(self, folder: Path) -> list[str]:
        """One whole task without a question, in the folder where its files lie."""
        return [
            str(self.program), "-t", BRIEFING, "-m", "openai/m", "-y", "--exit-immediately",
            "-o", str(folder / "trajectory.json"),
        ]  # fmt: skip

    def environment(self, home: Path, base_url: str) -> dict[str, str]:
        """Nothing of ours but the way to programs. Its price list is the one it came with: otherwise it asks the network at each start."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "OPENAI_API_KEY": "k" * 20,
            "OPENAI_API_BASE": base_url,
            "MSWEA_GLOBAL_CONFIG_DIR": str(home),
            "MSWEA_CONFIGURED": "true",
            "MSWEA_SILENT_STARTUP": "1",
            "MSWEA_COST_TRACKING": "ignore_errors",
            "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        }


def installed() -> Mini:
    """The program, installed when it is not there yet."""
    mini = Mini(_HERE / "bin" / "mini")
    if _complete().exists():
        return mini
    if _HERE.exists():
        shutil.rmtree(_HERE)  # begun and not finished
    sys.stderr.write(f"installing {NAME} into {_HERE} (once; about a minute)\n")
    try:
        subprocess.run([sys.executable, "-m", "venv", str(_HERE)], check=True, capture_output=True)
        packages = [f"mini-swe-agent=={VERSION}", f"litellm=={LITELLM}"]
        pip = [str(_HERE / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, *packages], check=True, capture_output=True, timeout=INSTALL_SECONDS)
    except (OSError, subprocess.SubprocessError) as error:
        return Mini(mini.program, f"pip could not install {NAME} here ({type(error).__name__})")
    _complete().write_text(json.dumps(packages))
    return mini


def _complete() -> Path:
    """Written last, so that an installation that broke off is not taken for one."""
    return _HERE / "complete.json"
