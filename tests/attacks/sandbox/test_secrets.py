"""Attacks 01 to 07 and 33: what the service knows and has."""

import os

import pytest

from bot.core.ports import Checkout
from bot.errors import Unsafe
from tests.adapters.sandbox.place import ONE_WORKER, Place
from tests.attacks.sandbox.attacking import assert_held, attack, outside
from tests.attacks.sandbox.bait import Bait

pytestmark = ONE_WORKER


def test_attack_01_service_environment(place: Place, checkout: Checkout, bait: Bait) -> None:
    """the service's environment through `/proc/*/environ` — own pid namespace, minimal environment for bubblewrap"""
    script = """
print(sorted(os.environ.items()))
for path in glob.glob("/proc/[0-9]*/environ"):
    try: print(path, read(path))
    except OSError as fault: print(path, fault)
print(subprocess.run(["ps", "auxewww"], capture_output=True, text=True).stdout if os.path.exists("/bin/ps") else "")
attempt("the service's process", lambda: read("/proc/PID/environ"))
""".replace("PID", str(bait.service))
    assert bait.word in outside(script)
    assert_held(attack(place, checkout, script), 1, bait.word, "GITHUB_TOKEN")


def test_attack_02_first_process(place: Place, checkout: Checkout, bait: Bait) -> None:
    """`/proc/1/{environ,cmdline,root,cwd,fd,mem}` — process 1 is a shell of the box's own with the box's environment, started by a bubblewrap
    with a minimal one; its memory, which the box may read and write, holds no secret, and it lives under the same filter without rights"""
    outcome = attack(
        place,
        checkout,
        f"""
for name in ("environ", "cmdline"):
    print("SEEN", name, read("/proc/1/" + name))
attempt("root", lambda: os.stat("/proc/1/root{bait.home}"))
attempt("cwd", lambda: os.stat("/proc/1/cwd/../../../..{bait.home}"))
for path in glob.glob("/proc/1/fd/*"):
    print("FD", path, os.readlink(path))
memory = os.open("/proc/1/mem", os.O_RDONLY)
size = 0
for line in open("/proc/1/maps"):
    first, last = (int(number, 16) for number in line.split()[0].split("-"))
    try: part = os.pread(memory, last - first, first)
    except (OSError, OverflowError): continue
    size += len(part)
    # In halves, because our own words must not find themselves.
    if b"{bait.word[:10]}" b"{bait.word[10:]}" in part or b"GITHUB_" b"TOKEN" in part:
        print("BROKE memory", line)
print("READ", size)
for line in open("/proc/1/status"):
    if line.split(":")[0] in ("CapEff", "CapPrm", "CapInh", "CapAmb", "NoNewPrivs", "Seccomp"):
        print("STATUS", " ".join(line.split()))
""",
    )
    assert_held(outcome, 2, bait.word, str(checkout.path))
    environ, cmdline = (line for line in outcome.text.splitlines() if line.startswith("SEEN"))
    assert "HOME=/home/agent" in environ
    assert cmdline.startswith(r"SEEN cmdline b'/bin/sh\x00-c\x00")
    said = outcome.text.splitlines()
    for line in said:
        if line.startswith("FD"):
            assert line.split(" ")[2].startswith(("pipe:", "/dev/null", "anon_inode:")), line
    assert {line for line in said if line.startswith("STATUS")} == {
        *(f"STATUS Cap{kind}: 0000000000000000" for kind in ("Eff", "Prm", "Inh", "Amb")),
        *("STATUS NoNewPrivs: 1", "STATUS Seccomp: 2"),
    }
    assert int(next(line for line in said if line.startswith("READ")).split()[1]) > 10_000, "its memory was really read"


def test_attack_03_ssh_key_and_netrc(place: Place, checkout: Checkout, bait: Bait) -> None:
    """ssh key and `.netrc` of the service's user — no host home is mounted"""
    script = f"""
for path in {[str(bait.home / name) for name in (".ssh/id_ed25519", ".netrc")]!r}:
    attempt(path, lambda: read(path))
for home in ("/root", os.path.expanduser("~root"), "/home", "/var/lib"):
    for pattern in ("/.ssh/*", "/.netrc", "/*/.ssh/*", "/*/.netrc", "/*/.git-credentials", "/.config/*"):
        for found in glob.glob(home + pattern):
            print("BROKE found", found)
"""
    assert bait.word in outside(script)
    assert_held(attack(place, checkout, script), 2, bait.word)


def test_attack_04_app_key_and_database(place: Place, checkout: Checkout, bait: Bait) -> None:
    """App key, SQLite file, the superuser's home — not mounted"""
    script = f"""
import sqlite3
attempt("key", lambda: read("{bait.home}/app.pem"))
attempt("database", lambda: sqlite3.connect("file:{bait.home}/bot.db?mode=ro", uri=True).execute("select * from tokens").fetchall())
attempt("home", lambda: os.listdir("{bait.home}"))
attempt("superuser's home", lambda: os.listdir("/root"))
attempt("service's state", lambda: os.listdir("{place.state_dir}"))
"""
    assert bait.word in outside(script)
    assert_held(attack(place, checkout, script), 5, bait.word)


def test_attack_05_write_by_absolute_path(place: Place, checkout: Checkout, bait: Bait) -> None:
    """writing outside by absolute path — read-only root, own temporary folders"""
    outcome = attack(
        place,
        checkout,
        f"""
for folder in ("{bait.home}", "{place.state_dir}", "/", "/usr", "/usr/local/bin", "/etc", "/opt", "/var", "/root", "/bin", "/sys", "/dev"):
    attempt(folder, lambda: open(folder + "/planted", "w"))
attempt("passwd", lambda: open("/etc/passwd", "a"))
os.makedirs("{bait.home}", exist_ok=True)  # in a temporary folder of its own
open("{bait.home}/planted", "w").close()
""",
    )
    assert_held(outcome, 13)
    assert not (bait.home / "planted").exists()


def test_attack_06_write_by_dots(place: Place, checkout: Checkout, bait: Bait) -> None:
    """writing outside by `../` — the checkout is a mount, above it is only the read-only root"""
    relative = os.path.relpath(bait.home, checkout.path)
    outcome = attack(
        place,
        checkout,
        f"""
attempt("relative", lambda: open("{relative}/planted", "w"))
attempt("above", lambda: open("../planted", "w"))
attempt("far above", lambda: open("../../../../../../planted", "w"))
folder = os.open("/ws", os.O_RDONLY)
attempt("from a descriptor", lambda: os.open("../planted", os.O_CREAT | os.O_WRONLY, dir_fd=folder))
os.makedirs("a/b")
held = os.open("a/b", os.O_RDONLY)
os.rename("a/b", "b")
attempt("from a moved folder", lambda: os.open("../../planted", os.O_CREAT | os.O_WRONLY, dir_fd=held))
""",
    )
    assert_held(outcome, 5)
    assert not (checkout.path.parent / "planted").exists()


def test_attack_07_links_in_the_checkout(place: Place, checkout: Checkout, bait: Bait) -> None:
    """symlinks in the checkout, read and written through — in the box they lead nowhere, the host opens with openat2"""
    key = bait.home / ".netrc"
    (checkout.path / "planted").symlink_to(key)
    outcome = attack(
        place,
        checkout,
        f"""
os.symlink("{key}", "link"); os.symlink("{bait.home}", "folder"); os.symlink("/proc/1/environ", "magic")
attempt("planted", lambda: read("planted"))
attempt("link", lambda: read("link"))
attempt("folder", lambda: read("folder/.netrc"))
attempt("write", lambda: open("folder/new", "w"))
attempt("hard link", lambda: os.link("{key}", "hard"))
""",
    )
    assert_held(outcome, 5, bait.word)
    for path in ("planted", "link", "folder/.netrc", "magic"):
        with pytest.raises(Unsafe):
            place.sandbox.read(checkout, path, limit=1000)
        with pytest.raises(Unsafe):
            place.sandbox.write(checkout, path, b"overwritten")
    assert bait.word in key.read_text()


def test_attack_33_inherited_descriptors(place: Place, checkout: Checkout, bait: Bait) -> None:
    """inherited descriptors of the service — everything but the box's own is closed before the start"""
    script = f"""
attempt("the service's file", lambda: os.pread({bait.inherited}, 100, 0))
for number in range(3, 1024):
    try: print("BROKE open", number, os.readlink(f"/proc/self/fd/{{number}}"), os.fstat(number))
    except OSError: pass
for path in glob.glob("/proc/[0-9]*/fd/*"):
    try: target = os.readlink(path)
    except OSError: continue
    print("FD", path, target)
"""
    outcome = attack(place, checkout, script)
    assert_held(outcome, 1, bait.word, str(bait.home))
    assert {line.split(" ", 2)[2].split(":")[0] for line in outcome.text.splitlines() if line.startswith("FD")} <= {
        *("/dev/null", "pipe", "anon_inode", "/proc/", "socket"),
        *(f"/proc/{pid}/fd" for pid in range(10)),
    }
