"""Attacks 08 to 14, 17 and 32: taking the machine's processes, memory, disk and patience."""

from pathlib import Path

import pytest

from bot.adapters.sandbox.bubblewrap import Bubblewrap
from bot.adapters.sandbox.layout import TEMPORARY
from bot.adapters.sandbox.limits import DiskLimits
from bot.core.ports import BoxLimits, Checkout
from bot.core.proofs.model import StoppedBy
from tests.adapters.sandbox.place import ONE_WORKER, Place, is_root
from tests.attacks.sandbox.attacking import assert_held, attack
from tests.attacks.sandbox.bait import Bait

pytestmark = ONE_WORKER

MIB = 1 << 20


def test_attack_08_fork_bomb(place: Place, checkout: Checkout) -> None:
    """a fork bomb — RLIMIT_NPROC on a uid of the box's own (as root), else on top of what the service's user runs"""
    tasks = int(Path("/proc/loadavg").read_text().split()[3].split("/")[1])
    most = 40 if is_root() else tasks + 40 + 50  # others may start some in between
    outcome = attack(
        place,
        checkout,
        f"""
made = 0
try:
    while made < {most} + 100:
        if os.fork() == 0:
            signal.pause()
        made += 1
except OSError as fault:
    print("HELD fork", fault)
print("FORKED", made, flush=True)
""",
        limits=BoxLimits(seconds=30, processes=40),
    )
    assert_held(outcome, 1)
    forked = int(outcome.text.split("FORKED ")[1].split()[0])
    assert 5 < forked < most


def test_attack_09_memory_bomb(place: Place, checkout: Checkout) -> None:
    """a memory bomb of 8 GiB — watchdog on private and shared pages"""
    outcome = attack(
        place,
        checkout,
        f"hold = [bytearray(16 * {MIB}) for _ in range(512)]\nprint('BROKE')",
        limits=BoxLimits(seconds=30, memory_bytes=256 * MIB),
    )
    assert (outcome.result.stopped_by, outcome.result.exit_code, outcome.text) == (StoppedBy.MEMORY, None, "")


def test_attack_10_temporary_folders(place: Place, checkout: Checkout) -> None:
    """memory through temporary file systems — each has a size, `/dev` is read-only, and all of them count as the box's memory"""
    folders = {folder: size for folder, size, _ in TEMPORARY}
    fill = """
def filled(folder):
    written = 0
    with open(folder + "/bomb", "wb", buffering=0) as file:
        while written < LIMIT:
            written += file.write(b"x" * 4194304)
for folder in FOLDERS:
    attempt(folder, lambda: filled(folder))
    print("SIZE", folder, os.stat(folder + "/bomb").st_size)
    os.unlink(folder + "/bomb")
attempt("/dev", lambda: open("/dev/bomb", "w"))
attempt("/", lambda: open("/bomb", "w"))
"""
    script = fill.replace("FOLDERS", repr(list(folders))).replace("LIMIT", str(400 * MIB))
    outcome = attack(place, checkout, script)
    assert_held(outcome, 6)
    for line in outcome.text.splitlines():
        if line.startswith("SIZE"):
            _, folder, size = line.split()
            assert int(size) <= folders[folder]
    small = BoxLimits(seconds=30, memory_bytes=96 * MIB)
    assert attack(place, checkout, script + "time.sleep(20)", limits=small).result.stopped_by is StoppedBy.MEMORY


def test_attack_11_memfd_bomb(place: Place, checkout: Checkout) -> None:
    """a memfd bomb of 4 GiB — memfd_create is answered with ENOSYS, System V segments have a size"""
    outcome = attack(
        place,
        checkout,
        """
attempt("memfd", lambda: os.memfd_create("bomb"))
attempt("memfd by number", lambda: call("memfd_create", b"bomb", 0))
attempt("secret memory", lambda: call("memfd_secret", 0))
attempt("System V", lambda: call("shmget", 0, 1 << 30, 0o1600))
attempt("System V, many", lambda: [call("shmget", 0, 1 << 20, 0o1600) for _ in range(4096)])
attempt("message queue", lambda: call("msgget", 0, 0o1600))
assert call("shmget", 0, 56, 0o1600) >= 0, "what databases need still works"
""",
    )
    assert_held(outcome, 6)


def test_attack_12_disk_fill_one_file(place: Place, checkout: Checkout) -> None:
    """disk fill with one file — RLIMIT_FSIZE"""
    outcome = attack(
        place,
        checkout,
        """
def filled():
    with open("bomb", "wb", buffering=0) as file:
        for _ in range(64):
            file.write(b"x" * 4194304)
attempt("fill", filled)
attempt("at once", lambda: os.truncate("bomb", 1 << 40))
attempt("reserve", lambda: os.posix_fallocate(os.open("bomb", os.O_RDWR), 0, 1 << 30))
""",
        limits=BoxLimits(seconds=30, file_bytes=16 * MIB),
    )
    assert_held(outcome, 3)
    assert (checkout.path / "bomb").stat().st_size <= 16 * MIB


def test_attack_13_disk_fill_many_files(place: Place, checkout: Checkout) -> None:
    """disk fill with many files — watchdog counts what changed in the checkout, deleted files that are still open included"""
    sandbox = Bubblewrap(place.state_dir, place.uids, disk=DiskLimits(new_bytes=48 * MIB))
    for number, after in enumerate(("", "os.unlink(name); hold.append(file)")):
        outcome = attack(
            place,
            checkout,
            f"""
hold = []
for n in range(40):
    name = "bomb{number}-%d" % n
    file = open(name, "wb", buffering=0)
    file.write(b"x" * 4194304)
    {after}
print("FILLED", flush=True)
time.sleep(25)
print("BROKE")
""",
            limits=BoxLimits(seconds=30),
            sandbox=sandbox,
        )
        assert outcome.result.stopped_by is StoppedBy.DISK
        assert outcome.broke == []
        for file in checkout.path.glob("bomb*"):
            file.unlink()


def test_attack_14_inode_fill(place: Place, checkout: Checkout) -> None:
    """inode fill, 60,000 files — watchdog counts them; in temporary file systems each counts as memory"""
    sandbox = Bubblewrap(place.state_dir, place.uids, disk=DiskLimits(new_inodes=1_500))
    script = """
os.mkdir("FOLDER/bomb")
for n in range(60_000):
    os.close(os.open(f"FOLDER/bomb/{n}", os.O_CREAT | os.O_WRONLY))
    if n % 3000 == 2999: time.sleep(1)
time.sleep(10)
print("BROKE")
"""
    outcome = attack(place, checkout, script.replace("FOLDER", "."), limits=BoxLimits(seconds=40), sandbox=sandbox)
    assert outcome.result.stopped_by is StoppedBy.DISK
    memory = BoxLimits(seconds=40, memory_bytes=20 * MIB)
    outcome = attack(place, checkout, script.replace("FOLDER", "/dev/shm").replace("3000", "20_000"), limits=memory)
    assert outcome.result.stopped_by is StoppedBy.MEMORY


def test_attack_17_endless_output(place: Place, checkout: Checkout) -> None:
    """endless stdout — the first and last part are kept, at 64 MiB it is killed"""
    outcome = attack(place, checkout, "while True: os.write(1, b'x' * 65536)", limits=BoxLimits(seconds=60))
    assert outcome.result.stopped_by is StoppedBy.OUTPUT
    assert len(outcome.result.output) < 2 * MIB
    assert outcome.result.output_bytes > 64 * MIB


def test_attack_32_raising_limits(place: Place, checkout: Checkout, bait: Bait) -> None:
    """raising rlimits, nice, ioprio, scheduling class, out-of-memory score — hard limits and no capability"""
    outcome = attack(
        place,
        checkout,
        f"""
for name in ("NOFILE", "NPROC", "FSIZE", "DATA", "MEMLOCK", "CORE"):
    number = getattr(resource, "RLIMIT_" + name)
    soft, hard = resource.getrlimit(number)
    print(name, soft, hard)
    attempt(name, lambda: resource.setrlimit(number, (hard, hard * 2 + 1)))
    attempt(name + " without end", lambda: resource.setrlimit(number, (resource.RLIM_INFINITY, resource.RLIM_INFINITY)))
attempt("nice", lambda: os.nice(-5))
attempt("ioprio", lambda: call("ioprio_set", 1, 0, 1 << 13))
attempt("real time", lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1)))
attempt("spare me", lambda: os.write(os.open("/proc/self/oom_score_adj", os.O_WRONLY), b"-1000"))
attempt("the service's limits", lambda: resource.prlimit({bait.service}, resource.RLIMIT_CPU, (1, 1)))
""",
    )
    assert_held(outcome, 16)


@pytest.mark.parametrize("what", ["a loop that allocates for ever", "a folder without a bottom"])
def test_runaways(place: Place, checkout: Checkout, what: str) -> None:
    """Beyond the list: faults that were met for real."""
    if what.startswith("a loop"):
        script, limits = "hold = []\nwhile True: hold.append(' ' * 1000)", BoxLimits(seconds=30, memory_bytes=128 * MIB)
        assert attack(place, checkout, script, limits=limits).result.stopped_by is StoppedBy.MEMORY
        return
    script = (
        "for _ in range(600):\n    os.mkdir('deep' * 10)\n    os.chdir('deep' * 10)\ntime.sleep(20)\nprint('BROKE')"
    )
    outcome = attack(place, checkout, script, limits=BoxLimits(seconds=30))
    assert outcome.result.stopped_by is StoppedBy.DISK, outcome
