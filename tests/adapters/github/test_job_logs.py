"""Logs of jobs lie elsewhere: one request goes there, without a credential, only where it may, and whatever comes back is bounded."""

import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from bot.adapters.github.job_logs import KEPT_BYTES, JobLogs
from bot.adapters.github.tokens import Purpose
from bot.core.pulls import RepoRef
from bot.ids import CheckRunId
from bot.settings import DEFAULT_LOG_HOSTS
from tests.adapters.github.conftest import PERMISSIONS, REPO, World, client_of

LOG = "2026-11-29T09:00:00.0000000Z mypy .\n2026-11-29T09:00:01.0000000Z ##[error]1 error\n"
JOB = CheckRunId(7)


@dataclass
class Storage:
    """A storage service that a test writes; `asked` keeps the headers of each request."""

    status: int = 200
    body: bytes = LOG.encode()
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    port: int = 0

    @contextmanager
    def open(self, tls: ssl.SSLContext | None = None) -> Iterator["Storage"]:
        storage = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                storage.asked.append((self.path, dict(self.headers)))
                self.send_response(storage.status)
                for name, value in {"Content-Length": str(len(storage.body)), **storage.headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(storage.body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            if tls is not None:
                server.socket = tls.wrap_socket(server.socket, server_side=True)
            self.port = server.server_port
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()


@dataclass(frozen=True)
class Sends:
    """A GitHub that sends everybody there."""

    address: str | None

    def sent_to(self, repo: RepoRef, path: str, *, purpose: Purpose) -> str | None:
        assert purpose is Purpose.LOGS
        return self.address


def there(host: str, port: int) -> Sequence[str]:
    return ("127.0.0.1",)


def logs(address: str | None, *, api: str = "http://127.0.0.1:9", hosts: tuple[str, ...] = ()) -> JobLogs:
    return JobLogs(Sends(address), api, hosts, resolve=there)


def test_the_failing_part_of_a_jobs_log_from_the_other_host(world: World) -> None:
    app = world.hub.register_app("reads-logs", "Reads logs", {**PERMISSIONS, "actions": "read"}, [])
    world.hub.install(app, "ada", [world.repository])
    ci = world.hub.register_app("jobs", "Jobs", PERMISSIONS, [])
    world.hub.install(ci, "ada", [world.repository])
    red = world.hub.report_check(ci, world.repository, world.pull.head_sha, "mypy", "failure", log=LOG)
    plain = world.hub.report_check(ci, world.repository, world.pull.head_sha, "no job", "failure")
    installation = next(i.id for i in world.hub.store.installations if i.app_id == app.id)
    reader, repo = (
        client_of(world.hub, app),
        replace(world.repo, installation_id=type(world.repo.installation_id)(installation)),
    )
    assert reader.check_log(repo, CheckRunId(red.id)) == "mypy .\n##[error]1 error"
    assert reader.check_log(repo, CheckRunId(plain.id)) is None
    assert world.github.check_log(world.repo, CheckRunId(red.id)) is None, "without `actions: read` there is none"
    reader.close()


def test_one_request_goes_there_and_it_carries_nothing_of_ours() -> None:
    with Storage().open() as storage:
        assert logs(f"http://localhost:{storage.port}/log?sig=x").end_of_log(REPO, JOB) == LOG.encode()
    ((path, headers),) = storage.asked
    assert path == "/log?sig=x"
    assert headers["Host"] == f"localhost:{storage.port}"
    assert not {"Authorization", "Cookie", "Proxy-Authorization"} & set(headers)


def test_a_second_redirect_leads_nowhere() -> None:
    with Storage().open() as second, Storage(302, b"").open() as first:
        first.headers["Location"] = f"http://127.0.0.1:{second.port}/"
        assert logs(f"http://127.0.0.1:{first.port}/").end_of_log(REPO, JOB) is None
        assert (len(first.asked), second.asked) == (1, [])


@pytest.mark.parametrize(
    "address",
    [
        "https://storage.example/log",
        "https://blob.core.windows.net.evil.example/log",
        "https://evil.example/x.blob.core.windows.net",
        "https://a.blob.core.windows.net:8443/log",
        "https://user:pass@a.blob.core.windows.net/log",
        "http://a.blob.core.windows.net/log",
        "ftp://a.blob.core.windows.net/log",
        "file:///etc/passwd",
        "//a.blob.core.windows.net/log",
        "https://[::1",
        "https://169.254.169.254/latest",
        "https://127.0.0.1/",
        "",
    ],
)
def test_no_other_host_is_asked(address: str) -> None:
    looked: list[str] = []

    def resolve(host: str, port: int) -> Sequence[str]:
        looked.append(host)
        return ("203.0.113.7",)

    found = JobLogs(Sends(address), "https://api.github.com", DEFAULT_LOG_HOSTS, resolve=resolve)
    assert found.end_of_log(REPO, JOB) is None
    assert looked == []


@pytest.mark.parametrize(
    "inner", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1"]
)
def test_a_name_that_leads_into_an_inner_network_is_not_followed(inner: str) -> None:
    """Not even when only one of its addresses does: which of them is taken is not ours to say."""
    with Storage().open() as storage:
        addresses = {"api.github.com": ["140.82.112.3"], "x.blob.core.windows.net": ["20.60.1.1", inner]}
        hosts = (f"*.blob.core.windows.net:{storage.port}",)
        address = f"https://x.blob.core.windows.net:{storage.port}/log"
        found = JobLogs(Sends(address), "https://api.github.com", hosts, resolve=lambda host, port: addresses[host])
        assert found.end_of_log(REPO, JOB) is None
        assert storage.asked == []


def test_too_long_packed_or_failing_answers_give_nothing() -> None:
    for storage in (Storage(404), Storage(403), Storage(206), Storage(headers={"Content-Encoding": "gzip"})):
        with storage.open():
            assert logs(f"http://localhost:{storage.port}/").end_of_log(REPO, JOB) is None
    with Storage().open() as gone:
        pass
    assert logs(f"http://localhost:{gone.port}/").end_of_log(REPO, JOB) is None
    assert logs(None).end_of_log(REPO, JOB) is None
    with Storage(body=b"x\n" * 100).open() as storage:
        short = replace(logs(f"http://localhost:{storage.port}/"), most_bytes=100)
        assert short.end_of_log(REPO, JOB) is None


def test_of_a_long_log_the_end_is_kept_from_the_beginning_of_a_line() -> None:
    with Storage(body=b"a line of the log\n" * KEPT_BYTES).open() as storage:
        found = logs(f"http://localhost:{storage.port}/").end_of_log(REPO, JOB)
    assert found is not None
    assert KEPT_BYTES - 20 < len(found) <= KEPT_BYTES
    assert set(found.splitlines()) == {b"a line of the log"}


@pytest.mark.parametrize(("named", "good"), [("logs.example", True), ("other.example", False)])
def test_over_tls_the_certificate_must_be_that_of_the_name(tmp_path: Path, named: str, good: bool) -> None:
    """The connection is made to an address that was looked at, so the library cannot take the name from it."""
    with Storage().open(certified(tmp_path, named)) as storage:
        address = f"https://logs.example:{storage.port}/log"
        found = logs(address, hosts=(f"logs.example:{storage.port}",))
        trusting = replace(found, verify=str(tmp_path / "certificate.pem"))
        assert (trusting.end_of_log(REPO, JOB) is not None) is good
        assert found.end_of_log(REPO, JOB) is None, "nobody vouches for it"


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's side of TLS with a certificate for that name, which lies in the folder."""
    key = ec.generate_private_key(ec.SECP256R1())
    who, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(who)
        .issuer_name(who)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    (folder / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context
