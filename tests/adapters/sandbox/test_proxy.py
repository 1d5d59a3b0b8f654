"""The way out of a set-up: allowed hosts only, refused ones by name, credentials added outside of the box."""

import asyncio
import ssl
import tempfile
from pathlib import Path

import pytest

from bot.adapters.sandbox.proxy import EgressProxy
from bot.core.environments.egress import Credential, Egress
from bot.core.pulls import Secret
from tests.adapters.sandbox.registry import Registry, tls_pair

OPEN = ssl.create_default_context()
TOKEN = Secret("Bearer very-secret")


def asked(egress: Egress, *requests: str, tls: ssl.SSLContext = OPEN) -> tuple[list[str], dict[str, str]]:
    """What the proxy answers to each request on a connection of its own, and what it refused."""

    async def talk() -> tuple[list[str], dict[str, str]]:
        proxy, said = EgressProxy(egress, tls), []
        with tempfile.TemporaryDirectory() as folder:
            async with proxy.listening(Path(folder, "n" * 100)) as path:
                short = Path(folder, "s")
                short.symlink_to(path)
                for request in requests:
                    reader, writer = await asyncio.open_unix_connection(short)
                    writer.write(request.encode("latin-1"))
                    said.append((await reader.read()).decode("latin-1"))
                    writer.close()
            assert not path.exists()
        return said, proxy.refused

    return asyncio.run(talk())


def test_an_allowed_host_is_reached_under_its_own_name() -> None:
    with Registry().running() as registry:
        allowed = Egress(operator=(f"localhost:{registry.port}",))
        here = f"http://localhost:{registry.port}"
        [said], refused = asked(allowed, f"GET {here}/pkg?a=1 HTTP/1.1\r\nHost: neighbour.example\r\nX-A: b\r\n\r\n")
    assert said.startswith("HTTP/1.0 200 ")
    assert said.endswith("the package\n")
    assert registry.asked == [("GET", "/pkg?a=1", f"localhost:{registry.port}", "")]
    assert refused == {}


def test_a_tunnel_to_an_allowed_host_and_to_no_other() -> None:
    with Registry().running() as registry:
        allowed = Egress(operator=(f"localhost:{registry.port}",))
        through = f"CONNECT localhost:{registry.port} HTTP/1.1\r\n\r\nGET /pkg HTTP/1.0\r\n\r\n"
        (yes, no, port), refused = asked(
            allowed, through, "CONNECT evil.example:443 HTTP/1.1\r\n\r\n", "CONNECT localhost:22 HTTP/1.1\r\n\r\n"
        )
    assert yes.startswith("HTTP/1.1 200 Connected\r\n\r\nHTTP/1.0 200 OK")
    assert no.startswith("HTTP/1.1 403 ")
    assert "evil.example:443 is not among the allowed hosts" in no
    assert port.startswith("HTTP/1.1 403 ")
    assert refused == {
        "evil.example:443": "is not among the allowed hosts",
        "localhost:22": "is not among the allowed hosts",
    }


def test_what_a_repository_names_is_never_an_inner_address() -> None:
    with Registry().running() as registry:
        name = f"localhost:{registry.port}"
        [said], refused = asked(Egress(repository=(name,)), f"GET http://{name}/pkg HTTP/1.1\r\n\r\n")
    assert said.startswith("HTTP/1.1 403 ")
    assert refused == {name: "has no address on the open internet"}
    assert registry.asked == []


def test_credentials_are_added_outside_and_only_over_tls(tmp_path: Path) -> None:
    server, client = tls_pair(tmp_path)
    with Registry(tls=server).running() as registry:
        name = f"localhost:{registry.port}"
        allowed = Egress(operator=(name,), credentials=(Credential("localhost", TOKEN, ()),))
        get = f"GET http://{name}/pkg HTTP/1.1\r\nAuthorization: Basic mine\r\nContent-Length: 3\r\n\r\nabc"
        moved = f"GET http://{name}/moved HTTP/1.1\r\n\r\n"
        post = f"POST http://{name}/pkg HTTP/1.1\r\nContent-Length: 0\r\n\r\n"
        (got, elsewhere, no), _ = asked(allowed, get, moved, post, tls=client)
    assert got.endswith("the package\n")
    assert f"Location: http://{name}/pkg\r\n" in elsewhere
    assert no.startswith("HTTP/1.1 405 ")
    assert [(method, path, auth) for method, path, _, auth in registry.asked] == [
        ("GET", "/pkg", "Bearer very-secret"),
        ("GET", "/moved", "Bearer very-secret"),
    ]
    assert "very-secret" not in got + elsewhere + no


def test_credentials_are_not_sent_to_whom_we_do_not_trust(tmp_path: Path) -> None:
    server, _ = tls_pair(tmp_path)
    allowed_name = "localhost"
    with Registry(tls=server).running() as strange, Registry().running() as plain:
        names = (f"{allowed_name}:{strange.port}", f"{allowed_name}:{plain.port}")
        allowed = Egress(operator=names, credentials=(Credential("localhost", TOKEN, ()),))
        said, _ = asked(allowed, *(f"GET http://{name}/pkg HTTP/1.1\r\n\r\n" for name in names))
    assert all(one.startswith("HTTP/1.1 502 ") for one in said)
    assert "has no trusted certificate" in said[0]
    assert strange.asked == plain.asked == []


@pytest.mark.parametrize(
    "request_",
    [
        "GET / HTTP/1.1\r\n\r\n",
        "GET https://a.example/ HTTP/1.1\r\n\r\n",
        "GET http://a.example:99999/ HTTP/1.1\r\n\r\n",
        "GET http://[broken/ HTTP/1.1\r\n\r\n",
        "CONNECT a.example:x HTTP/1.1\r\n\r\n",
        "CONNECT a.example HTTP/1.1\r\n\r\n",
        "GET http://a.example/ b HTTP/1.1\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA : b\r\n\r\n",
        "GET http://a.example/ HTTP/1.1\r\nA: b\nEvil: c\r\n\r\n",
        "\r\n\r\n",
        "G" * 70_000,
    ],
)
def test_what_is_no_request_is_answered_with_words(request_: str) -> None:
    [said], refused = asked(Egress(operator=("a.example",)), request_)
    assert said.startswith("HTTP/1.1 400 ")
    assert refused == {}
