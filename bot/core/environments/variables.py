"""What tools are told in a set-up (where the way out is, where to keep what they fetch) and afterwards (that there is no network). Pure."""

from collections.abc import Iterable

from bot.core.policy.model import Service

PROXY_NAMES = ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "npm_config_proxy", "npm_config_https_proxy", "CARGO_HTTP_PROXY")  # fmt: skip
"""By which names tools look for a proxy: curl, pip, uv, poetry, Go and most others by the first four."""

KEPT_VARIABLES = ("CARGO_HOME", ".cargo"), ("GOMODCACHE", "go/pkg/mod"), ("GOPATH", "go")
"""Where Cargo and Go look for what was fetched, below the set-up's home; the same then and afterwards."""

KEPT_PROGRAMS = (".local/bin", ".cargo/bin", "go/bin")
"""Folders of the set-up's home in which tools put programs."""

OFFLINE = (
    ("CARGO_NET_OFFLINE", "true"),
    ("GOPROXY", "off"),
    ("GOTOOLCHAIN", "local"),
    ("UV_OFFLINE", "1"),
    ("UV_NO_SYNC", "1"),
    ("UV_NO_CACHE", "1"),
    ("PIP_NO_INDEX", "1"),
    ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    ("npm_config_offline", "true"),
    ("npm_config_audit", "false"),
    ("npm_config_fund", "false"),
    ("npm_config_update_notifier", "false"),
)
"""So that a tool which lacks something says so at once, and does not wait for a network that is not there."""

IN_A_SETUP = (
    ("GOTOOLCHAIN", "local"),
    ("GOFLAGS", "-modcacherw"),
    ("UV_LINK_MODE", "copy"),
    ("UV_PYTHON_DOWNLOADS", "never"),
    ("POETRY_VIRTUALENVS_IN_PROJECT", "true"),
    ("PIP_DISABLE_PIP_VERSION_CHECK", "1"),
    ("PIP_NO_CACHE_DIR", "1"),
    ("npm_config_audit", "false"),
    ("npm_config_fund", "false"),
    ("npm_config_update_notifier", "false"),
)
"""Products go into the checkout or the set-up's home, and no tool brings another compiler or interpreter than the machine's."""

SERVICE_VARIABLES = {
    Service.POSTGRESQL: (
        ("PGHOST", "127.0.0.1"),
        ("PGPORT", "5432"),
        ("PGUSER", "postgres"),
        ("PGDATABASE", "postgres"),
        ("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/postgres"),
    ),
    Service.REDIS: (("REDIS_URL", "redis://127.0.0.1:6379/0"),),
}
"""Where commands find the services, under the names that clients and frameworks look for. There is no password: nobody else is in the box."""

Pairs = tuple[tuple[str, str], ...]


def setup_variables(home: str, proxy: str, tools: Pairs) -> Pairs:
    """For set-up commands. `tools` are the operator's settings of the tools themselves."""
    ways = tuple((name, proxy) for name in PROXY_NAMES)
    return (*IN_A_SETUP, *tools, *_kept(home), *ways, ("HOME", home), ("TMPDIR", f"{home}/.scratch"))


def later_variables(home: str) -> Pairs:
    """For every command after the set-up."""
    return (*OFFLINE, *_kept(home))


def programs(home: str, workspace: str, folders: Iterable[str]) -> tuple[str, ...]:
    """Where programs of a set-up lie, first what belongs to the root's own project. `folders` are the prepared ones of the checkout."""
    own = {".venv": ".venv/bin", "node_modules": "node_modules/.bin"}
    here = tuple(f"{workspace}/{own[folder]}" for folder in folders if folder in own)
    return (*here, *(f"{home}/{folder}" for folder in KEPT_PROGRAMS))


def _kept(home: str) -> Pairs:
    return tuple((name, f"{home}/{folder}") for name, folder in KEPT_VARIABLES)
