"""gunicorn for the webhook door: `gunicorn --config bot/web/gunicorn.conf.py "bot.app:web()"`.

TLS and buffering of slow clients belong to a proxy in front; without one the limits below still hold.
"""

import os
import shutil
import tempfile
from importlib import import_module
from typing import Any

from bot.settings import WEB_NEEDS, load_settings

_settings = load_settings(os.environ, needs=WEB_NEEDS)

bind = f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
proc_name = "specbot-web"

# One process to go on while another is replaced; threads, because a request waits for the disk and not for Python.
workers = 2
threads = 16
worker_class = "bot.web.reading_deadline.PatientWorker"
preload_app = False  # a database connection must not be shared across a fork

# Seconds without a sign of life from a worker's main loop. A request may take as long as GitHub waits.
timeout = 30
# Seconds for requests in work at a restart: longer than any acknowledgement takes.
graceful_timeout = 20
# GitHub and proxies reuse connections for bursts of deliveries.
keepalive = 15

limit_request_line = 2048
limit_request_fields = 50
limit_request_field_size = 4096  # webhook headers are short; a 2 MB signature is an attack

control_socket_disable = True
accesslog = None
errorlog = "-"
loglevel = _settings.log_level.lower()

# The workers leave their numbers in files. Set here, because the metrics library looks for it when it is first imported.
if _settings.metrics_port is not None:
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", tempfile.mkdtemp(prefix="specbot-metrics-"))


def when_ready(server: Any) -> None:
    """Metrics on a port of their own, on loopback only."""
    if _settings.metrics_port is not None:
        listener = import_module("bot.web.metrics_listener")
        listener.listen(_settings.metrics_port, os.environ["PROMETHEUS_MULTIPROC_DIR"])


def child_exit(server: Any, worker: Any) -> None:
    if _settings.metrics_port is not None:
        import_module("bot.web.metrics_listener").forget_worker(worker.pid, os.environ["PROMETHEUS_MULTIPROC_DIR"])


def on_exit(server: Any) -> None:
    if _settings.metrics_port is not None:
        shutil.rmtree(os.environ["PROMETHEUS_MULTIPROC_DIR"], ignore_errors=True)
