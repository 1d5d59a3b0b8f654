"""Running an attack: a Python script inside the box that says of each of its attempts whether it got through.

Inside: `attempt(name, function)` prints `HELD name …` when the function raises and `BROKE name …` when it does not.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from bot.adapters.sandbox.bubblewrap import NO_ENVIRONMENT, Bubblewrap
from bot.core.ports import BoxLimits, BoxResult, Checkout
from tests.adapters.sandbox.place import Place, finished

HOST_PYTHON = "/usr/bin/python3"
"""The box's Python, which the control outside runs too."""

PRELUDE = """
import ctypes, errno, fcntl, glob, os, resource, signal, socket, stat, struct, subprocess, sys, time
libc = ctypes.CDLL(None, use_errno=True)

def attempt(name, function):
    try:
        result = function()
    except BaseException as fault:
        print("HELD", name, type(fault).__name__, getattr(fault, "errno", ""), fault, flush=True)
    else:
        print("BROKE", name, repr(result)[:500], flush=True)

def call(name, *arguments):
    # A system call by its name on this machine.
    answer = libc.syscall(NUMBERS[name], *arguments)
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer

def must(answer):
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer

def read(path):
    with open(path, "rb") as file:
        return file.read()
"""

NAMES = [
    "ptrace",
    "process_vm_readv",
    "mount",
    "unshare",
    "setns",
    "bpf",
    "userfaultfd",
    "io_uring_setup",
    "keyctl",
    "add_key",
    "perf_event_open",
    "clone",
    "clone3",
    "open_by_handle_at",
    "name_to_handle_at",
    "pivot_root",
    "mknodat",
    "memfd_create",
    "memfd_secret",
    "shmget",
    "msgget",
    "ioprio_set",
    "sched_setscheduler",
    "fsopen",
    "move_mount",
    "open_tree",
    "kexec_load",
    "init_module",
    "delete_module",
    "pidfd_getfd",
    "pidfd_open",
    "chroot",
    "swapon",
    "reboot",
]


@dataclass(frozen=True)
class Outcome:
    result: BoxResult

    @property
    def text(self) -> str:
        return self.result.output.decode("utf-8", "replace")

    @property
    def broke(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.startswith("BROKE")]

    @property
    def held(self) -> list[str]:
        return [line for line in self.text.splitlines() if line.startswith("HELD")]


def attack(
    place: Place,
    checkout: Checkout,
    script: str,
    *,
    limits: BoxLimits | None = None,
    sandbox: Bubblewrap | None = None,
) -> Outcome:
    """Run the script in the box. It is a file of the checkout, as it would be in a pull request."""
    place.sandbox.write(checkout, "attack.py", whole(script).encode())
    return Outcome(
        finished(
            (sandbox or place.sandbox).run(
                checkout,
                ["/usr/bin/env", "python3", "attack.py"],
                environment=NO_ENVIRONMENT,
                limits=limits or BoxLimits(seconds=20),
            )
        )
    )


def assert_held(outcome: Outcome, attempts: int, *words: str) -> None:
    """Nothing got through, the script came to its end, it made at least so many attempts, and none of `words` came out."""
    assert outcome.result.broken == ""
    assert outcome.broke == [], outcome.text
    assert (outcome.result.exit_code, len(outcome.held) >= attempts) == (0, True), outcome.text
    for word in words:
        assert word not in outcome.text.replace("\0", "")


def outside(script: str) -> str:
    """The control: the same script without a box, as the service's user. Shows that the attack is one."""
    done = subprocess.run(
        [HOST_PYTHON, "-c", whole(script)], capture_output=True, timeout=60, check=False, text=True, errors="replace"
    )
    return done.stdout + done.stderr


def whole(script: str) -> str:
    return f"NUMBERS = {numbers()!r}\n{PRELUDE}\n{script}"


def numbers() -> dict[str, int]:
    import pyseccomp  # noqa: PLC0415 - needs the C library, whose absence the probe is to explain

    return {name: pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name) for name in NAMES}
