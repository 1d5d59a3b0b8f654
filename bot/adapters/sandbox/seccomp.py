"""The system-call filter of the box: default allow, and refuse what code under test never needs but attacks do."""

import errno
import functools
import os
import socket
from typing import Any

from bot.errors import SandboxUnavailable

REFUSED = (
    "ptrace", "process_vm_readv", "process_vm_writev", "kcmp", "mount", "umount2", "pivot_root", "chroot",
    "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "fspick", "mount_setattr", "setns", "unshare",
    "keyctl", "add_key", "request_key", "bpf", "perf_event_open", "userfaultfd", "kexec_load",
    "kexec_file_load", "init_module", "finit_module", "delete_module", "open_by_handle_at", "name_to_handle_at",
    "syslog", "acct", "quotactl", "quotactl_fd", "swapon", "swapoff", "reboot", "sethostname", "setdomainname",
    "iopl", "ioperm", "modify_ldt", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
    "lookup_dcookie", "nfsservctl", "vhangup", "pidfd_getfd", "mknod", "mknodat", "fanotify_init",
    "io_uring_setup", "io_uring_enter", "io_uring_register", "migrate_pages", "move_pages", "mbind",
    "set_mempolicy",
)  # fmt: skip
"""Answered with EPERM. Names that this machine's library does not know are passed over: its kernel is older still."""

ABSENT = ("clone3", "memfd_create", "memfd_secret", "msgget")
"""Answered with ENOSYS, so that libraries take their older way. clone3 hides its flags from filters. Pages of a memfd and of
message queues belong to no process's resident set: no watchdog that runs without privileges can count them."""

NEW_NAMESPACES = (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000, 0x80)
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET, NEWTIME of linux/sched.h."""

TERMINAL_INJECTION = (0x5412, 0x541C)
"""TIOCSTI and TIOCLINUX of asm-generic/ioctls.h: typing into somebody's terminal."""

SOCKET_FAMILIES = frozenset({socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK})
"""Families that ordinary programs use; all others (vsock, packet, alg, xdp, …) are refused. The network namespace alone does not
stop AF_VSOCK."""

LAST_FAMILY = 45
"""AF_MCTP, the highest family of linux/socket.h today; whatever comes after it is refused by one rule."""

SYSV_SEGMENT_BYTES = 65_536
"""Largest System V shared memory segment. PostgreSQL asks for 56 bytes; the 4,096 segments that a namespace may have can then hold
256 MiB out of the watchdog's sight instead of everything."""


@functools.cache
def compiled_filter() -> bytes:
    """The filter as classic BPF, compiled once a process. Raises `SandboxUnavailable` without libseccomp."""
    try:
        import pyseccomp  # noqa: PLC0415 - its import looks for the C library, and nothing may happen when we are imported
    except (ImportError, RuntimeError) as fault:
        raise SandboxUnavailable(
            f"the system-call filter cannot be made: {fault}",
            hint="install libseccomp (Debian, Ubuntu: libseccomp2) and the Python package pyseccomp",
        ) from fault
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    _refuse_calls(pyseccomp, rules)
    _refuse_namespaces(pyseccomp, rules)
    _refuse_sockets(pyseccomp, rules)
    return _exported(rules)


def _refuse_calls(library: Any, rules: Any) -> None:
    for names, answer in ((REFUSED, errno.EPERM), (ABSENT, errno.ENOSYS)):
        for name in names:
            try:
                rules.add_rule(library.ERRNO(answer), name)
            except (ValueError, OSError):
                continue
    rules.add_rule(library.ERRNO(errno.ENOMEM), "shmget", library.Arg(1, library.GT, SYSV_SEGMENT_BYTES))
    for request in TERMINAL_INJECTION:
        rules.add_rule(library.ERRNO(errno.EPERM), "ioctl", library.Arg(1, library.MASKED_EQ, 0xFFFFFFFF, request))


def _refuse_namespaces(library: Any, rules: Any) -> None:
    for bit in NEW_NAMESPACES:
        rules.add_rule(library.ERRNO(errno.EPERM), "clone", library.Arg(0, library.MASKED_EQ, bit, bit))


def _refuse_sockets(library: Any, rules: Any) -> None:
    refuse = library.ERRNO(errno.EPERM)
    for family in range(LAST_FAMILY + 1):
        if family not in SOCKET_FAMILIES:
            rules.add_rule(refuse, "socket", library.Arg(0, library.EQ, family))
    rules.add_rule(refuse, "socket", library.Arg(0, library.GT, LAST_FAMILY))
    # Of netlink only the routing protocol (0), which the C library asks for the interfaces.
    rules.add_rule(refuse, "socket", library.Arg(0, library.EQ, int(socket.AF_NETLINK)), library.Arg(2, library.NE, 0))


def _exported(rules: Any) -> bytes:
    with os.fdopen(os.memfd_create("filter", os.MFD_CLOEXEC), "r+b") as sink:
        rules.export_bpf(sink)
        sink.seek(0)
        return sink.read()
