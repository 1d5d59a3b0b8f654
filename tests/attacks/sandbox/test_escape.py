"""Attacks 18 to 20 and 25 to 31: reaching out of the box."""

import os
import re

from bot.core.ports import Checkout
from tests.adapters.sandbox.place import ONE_WORKER, Place
from tests.attacks.sandbox.attacking import assert_held, attack
from tests.attacks.sandbox.bait import Bait

pytestmark = ONE_WORKER


def test_attack_18_hooks_in_the_git_directory(place: Place, checkout: Checkout) -> None:
    """planting hooks and `core.fsmonitor` in the checkout's `.git` — read-only when there is one; the host's git directory is elsewhere"""
    for folder in (checkout.path / ".git", checkout.path / ".git" / "hooks"):
        folder.mkdir()
    (checkout.path / ".git" / "config").write_text("[core]\n")
    if checkout.box_uid is not None:
        for path in (checkout.path / ".git", *(checkout.path / ".git").rglob("*")):
            os.chown(path, checkout.box_uid, checkout.box_uid)
    outcome = attack(
        place,
        checkout,
        """
attempt("hook", lambda: open(".git/hooks/post-checkout", "w"))
attempt("config", lambda: open(".git/config", "a"))
attempt("replaced", lambda: os.rename(".git", "git"))
attempt("removed", lambda: os.remove(".git/config"))
attempt("linked", lambda: os.link(".git/config", "config"))
""",
    )
    assert_held(outcome, 5)
    assert {path.name for path in (checkout.path / ".git").rglob("*")} == {"hooks", "config"}
    assert (checkout.path / ".git" / "config").read_text() == "[core]\n"


def test_attack_19_ptrace(place: Place, checkout: Checkout, bait: Bait) -> None:
    """ptrace of the parent or another process — refused by the system-call filter; host processes are not in sight"""
    outcome = attack(
        place,
        checkout,
        f"""
child = os.fork()
if child == 0: signal.pause()
for pid in (1, os.getppid(), child, {bait.service}):
    attempt(f"attach {{pid}}", lambda: call("ptrace", 16, pid, 0, 0))
    attempt(f"seize {{pid}}", lambda: call("ptrace", 0x4206, pid, 0, 0))
attempt("trace me", lambda: call("ptrace", 0, 0, 0, 0))
attempt("read memory", lambda: call("process_vm_readv", child, 0, 0, 0, 0, 0))
pidfd = call("pidfd_open", child, 0)
attempt("take a descriptor", lambda: call("pidfd_getfd", pidfd, 0, 0))
""",
    )
    assert_held(outcome, 11)


def test_attack_20_kill(place: Place, checkout: Checkout, bait: Bait) -> None:
    """killing host processes by number, `kill -9 -1` — own pid namespace"""
    outcome = attack(
        place,
        checkout,
        f"""
for pid in ({bait.service}, {os.getpid()}, {os.getppid()}):
    attempt(f"{{pid}}", lambda: os.kill(pid, signal.SIGKILL))
os.kill(1, signal.SIGKILL)  # the kernel protects a namespace's first process from its own
if os.fork() == 0:
    os.kill(-1, signal.SIGKILL)
    os._exit(0)
print("STILL HERE", flush=True)
time.sleep(5)
""",
    )
    assert outcome.broke == []
    assert len(outcome.held) == 3
    os.kill(bait.service, 0)


def test_attack_25_devices(place: Place, checkout: Checkout) -> None:
    """raw disk, kmsg, mem, kvm devices, mknod — a /dev of its own, mknod refused"""
    outcome = attack(
        place,
        checkout,
        """
for name in ("sda", "vda", "nvme0n1", "dm-0", "kmsg", "mem", "port", "kvm", "fuse", "net/tun", "loop0", "loop-control", "vhost-vsock", "input/event0", "dri/card0"):
    attempt(name, lambda: os.open("/dev/" + name, os.O_RDONLY))
attempt("mknod block", lambda: os.mknod("disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0)))
attempt("mknod char", lambda: os.mknod("mem", 0o600 | stat.S_IFCHR, os.makedev(1, 1)))
attempt("mknod by number", lambda: call("mknodat", -100, b"x", 0o600 | stat.S_IFCHR, os.makedev(1, 1)))
""",
    )
    assert_held(outcome, 18)


def test_attack_26_setuid(place: Place, checkout: Checkout) -> None:
    """setuid copies, su, sudo — NoNewPrivs, nosuid mounts, one uid in the namespace"""
    outcome = attack(
        place,
        checkout,
        """
import shutil
for folder in ("/ws", "/tmp"):
    shutil.copy(sys.executable, folder + "/copy")
    os.chmod(folder + "/copy", 0o6755)
    who = subprocess.run([folder + "/copy", "-c", "import os; print(os.geteuid(), os.getegid())"], capture_output=True, text=True)
    print("HELD" if who.stdout == "1000 1000\\n" else "BROKE", folder, who)
attempt("setuid", lambda: os.setuid(0))
attempt("setresuid", lambda: os.setresuid(0, 0, 0))
attempt("setgroups", lambda: os.setgroups([0]))
attempt("chown", lambda: os.chown("/ws/copy", 0, 0))
for command in (["su", "-c", "id"], ["sudo", "-n", "id"], ["pkexec", "id"], ["newgrp", "root"], ["mount", "/ws"], ["passwd", "-d", "root"]):
    attempt(command[0], lambda: subprocess.run(command, check=True, stdin=subprocess.DEVNULL, capture_output=True, timeout=5))
attempt("file capability", lambda: os.setxattr("/ws/copy", "security.capability", bytes.fromhex("0100000200300000000000000000000000000000")))
""",
    )
    assert_held(outcome, 13)


def test_attack_27_nested_namespaces_and_mounts(place: Place, checkout: Checkout) -> None:
    """nested user namespace, mount, remount — refused by the filter, and user namespaces are switched off inside"""
    outcome = attack(
        place,
        checkout,
        """
attempt("user namespace", lambda: must(libc.unshare(0x10000000)))
attempt("mount namespace", lambda: must(libc.unshare(0x00020000)))
attempt("unshare program", lambda: subprocess.run(["unshare", "-Ur", "id"], check=True, capture_output=True))
attempt("tmpfs", lambda: must(libc.mount(b"none", b"/ws", b"tmpfs", 0, None)))
attempt("remount", lambda: must(libc.mount(None, b"/usr", None, 32, None)))
attempt("bind", lambda: must(libc.mount(b"/proc", b"/ws", None, 4096, None)))
attempt("umount", lambda: must(libc.umount2(b"/usr", 2)))
attempt("pivot_root", lambda: call("pivot_root", b".", b"."))
attempt("chroot", lambda: os.chroot("/ws"))
attempt("new mount calls", lambda: call("fsopen", b"tmpfs", 0))
attempt("move_mount", lambda: call("move_mount", -100, b"/usr", -100, b"/ws", 0))
attempt("open_tree", lambda: call("open_tree", -100, b"/", 1))
attempt("more user namespaces", lambda: open("/proc/sys/user/max_user_namespaces", "w"))
""",
    )
    assert_held(outcome, 13)


def test_attack_28_kernel_calls(place: Place, checkout: Checkout) -> None:
    """bpf, userfaultfd, io_uring, keyctl, perf, setns, clone(NEW*), clone3, open_by_handle_at — refused by the filter"""
    outcome = attack(
        place,
        checkout,
        """
zeros = ctypes.create_string_buffer(4096)
for name, arguments in {
    "bpf": (0, zeros, 72), "userfaultfd": (0,), "io_uring_setup": (8, zeros), "keyctl": (0, -3, 1), "add_key": (b"user", b"a", b"b", 1, -3),
    "perf_event_open": (zeros, 0, -1, -1, 0), "open_by_handle_at": (-100, zeros, 0), "name_to_handle_at": (-100, b"/ws", zeros, zeros, 0),
    "clone3": (zeros, 88), "kexec_load": (0, 0, 0, 0), "init_module": (zeros, 0, b""), "delete_module": (b"x", 0), "swapon": (b"x", 0),
    "reboot": (0, 0, 0, 0),
}.items():
    attempt(name, lambda: call(name, *arguments))
for kind in ("user", "mnt", "net", "pid"):
    attempt("setns " + kind, lambda: call("setns", os.open("/proc/1/ns/" + kind, os.O_RDONLY), 0))
for flag in (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000):
    attempt(f"clone {flag:x}", lambda: call("clone", flag | 17, 0, 0, 0, 0) or os._exit(7))
""",
    )
    assert_held(outcome, 25)
    for line in outcome.held:
        assert re.search(r" (1|38) \[Errno", line), f"EPERM or ENOSYS, by the filter: {line}"


def test_attack_29_typing_into_the_terminal(place: Place, checkout: Checkout) -> None:
    """TIOCSTI to the controlling terminal — no terminal, new session, refused by the filter"""
    outcome = attack(
        place,
        checkout,
        """
import pty
attempt("controlling terminal", lambda: os.open("/dev/tty", os.O_RDWR))
for number in range(3):
    attempt(f"stream {number}", lambda: fcntl.ioctl(number, 0x5412, b"x"))
master, slave = pty.openpty()
os.setsid() if os.getpid() != os.getpgid(0) else None
attempt("own terminal", lambda: fcntl.ioctl(slave, 0x5412, b"x"))
attempt("with high bits", lambda: must(libc.ioctl(slave, ctypes.c_ulong(0x1_0000_5412), b"x")))
attempt("console", lambda: fcntl.ioctl(slave, 0x541C, b"\\x02"))
""",
    )
    assert_held(outcome, 7)
    assert all(" 1 [Errno 1]" in line or "errno" in line for line in outcome.held if "own" in line or "high" in line)


def test_attack_30_system_through_proc(place: Place, checkout: Checkout) -> None:
    """overwriting /usr through /proc, core_pattern, sysrq, kcore — read-only mounts, not root on the host"""
    outcome = attack(
        place,
        checkout,
        """
for path in ("/proc/self/root/usr/bin/planted", "/proc/1/root/usr/bin/planted", "/proc/self/root/etc/planted"):
    attempt(path, lambda: open(path, "w"))
for path in ("sys/kernel/core_pattern", "sysrq-trigger", "sys/kernel/hostname", "sys/vm/drop_caches", "sys/kernel/modprobe", "sys/fs/binfmt_misc/register", "sys/net/ipv4/ip_forward"):
    attempt(path, lambda: os.write(os.open("/proc/" + path, os.O_WRONLY), b"1"))
attempt("kcore", lambda: os.pread(os.open("/proc/kcore", os.O_RDONLY), 1, 0))
attempt("kmsg", lambda: os.read(os.open("/proc/kmsg", os.O_RDONLY | os.O_NONBLOCK), 1))
attempt("sys", lambda: os.listdir("/sys/kernel"))
attempt("cgroup", lambda: os.listdir("/sys/fs/cgroup"))
attempt("program of another", lambda: open("/proc/1/exe", "r+b"))
""",
    )
    assert_held(outcome, 15)


def test_attack_31_host_path_names(place: Place, checkout: Checkout, bait: Bait) -> None:
    """host path names in mountinfo — ACCEPTED: the kernel shows where a bind mount comes from. What shows is the state directory and
    names without meaning, nothing of users, repositories or the service's own place"""
    outcome = attack(
        place, checkout, "print(open('/proc/self/mountinfo').read())\nprint('EXE', os.readlink('/proc/1/exe'))"
    )
    *mounts, program = (line for line in outcome.text.splitlines() if line.strip())
    assert program.startswith("EXE /usr/bin/")
    shown = [line.split() for line in mounts]
    sources = {words[4]: words[3] for words in shown}
    assert set(sources) >= {"/usr", "/ws", "/proc", "/dev"}
    assert str(bait.home) not in outcome.text
    assert os.getcwd() not in outcome.text
    for target, source in sources.items():
        meaningless = source in ("/", "/newroot") or target.startswith("/dev/") or target == source
        inside = re.fullmatch(r".*/(scratch/tmp\w+|etc/ld\.so\.cache|etc/ssl/certs)", source)
        assert meaningless or inside, f"{target} comes from {source}"
