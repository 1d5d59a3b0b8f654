"""The harness: what sits inside the box beside the code under test and reports what really ran.

The other files here are for the *box's* Python (3.8 or newer, standard library only) and the box's Node (18 or newer, nothing else); nothing here imports
them. They are laid into the box read-only. `FORMAT.md` beside this file is the contract of the lines they write.
"""

import functools
import secrets
from pathlib import Path

from bot.adapters.sandbox.layout import HARNESS, REPORT, DataFile
from bot.core.proofs.model import Harness

BOX_FILES = (
    *("sitecustomize.py", "specbot_main.py", "specbot_stubs.py"),
    *("specbot_pytest.py", "specbot_planted.py", "specbot_unittest.py"),
    *("specbot_node.cjs", "specbot_node_test.cjs", "specbot_jest.cjs", "specbot_jest_canary.cjs", "specbot_report.cjs"),
    *("specbot_stubs.cjs", "specbot_stubs.mjs"),
)

WAY_OUT = f"{HARNESS}/specbot_way_out.py"
"""In a set-up's box: the program between the tools' proxy and the socket that leads out."""

SERVICES = f"{HARNESS}/specbot_services.py"
"""What starts services before a command."""

SERVICES_EXIT = 96
"""Exit status when a service did not start. A command that ends with it makes its own result no evidence, which proves nothing either."""

CANARY_EXIT = 97
"""Exit status of a Python that came to its regular end in a canary run: none that programs use on purpose (see sysexits.h, 64 to 78, and
the shell's 126 and up)."""


@functools.cache
def harness_files() -> tuple[DataFile, ...]:
    """The box's files, read once a process."""
    here = Path(__file__).parent
    return tuple(DataFile(f"{HARNESS}/{name}", (here / name).read_bytes()) for name in BOX_FILES)


@functools.cache
def way_out_files() -> tuple[DataFile, ...]:
    """What a set-up's box has instead of the harness."""
    name = WAY_OUT.rpartition("/")[2]
    return (DataFile(WAY_OUT, (Path(__file__).parent / name).read_bytes()),)


@functools.cache
def services_files() -> tuple[DataFile, ...]:
    name = SERVICES.rpartition("/")[2]
    return (DataFile(SERVICES, (Path(__file__).parent / name).read_bytes()),)


def harness_variables(harness: Harness, *, folder: str = HARNESS, report: str = REPORT) -> dict[str, str]:
    """What a command's environment must hold for the harness to work. In canary mode the planted test gets a name that nobody can know
    beforehand."""
    variables = {
        "PYTHONPATH": folder,
        "PYTEST_ADDOPTS": "-p specbot_pytest",
        "NODE_OPTIONS": f"--require {folder}/specbot_node.cjs",
        "SPECBOT_REPORT": report,
    }
    if harness is Harness.CANARY:
        variables["SPECBOT_CANARY"] = f"canary_{secrets.token_hex(8)}"
    return variables
