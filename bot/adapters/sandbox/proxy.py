"""The only way out of a set-up's box: an HTTP proxy on a UNIX socket that knows the allowed hosts and names what it refused.

`CONNECT` for TLS that the box itself speaks, plain requests for the rest. A host with credentials is asked over TLS by the proxy when the box asks for
`http://HOST/…`: `Authorization` is added here and never seen inside. Only for reading (GET, HEAD): code in a box shall not publish in our name.
"""

import asyncio
import os
import secrets
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bot.core.environments.egress import Egress, Grant, is_open

HEAD_BYTES = 65_536
"""Of a request or an answer; servers in the field stop at 8 to 64 KiB."""

HEAD_SECONDS = 60.0
"""Until a head has come; a registry that builds an answer takes some seconds."""

CONNECT_SECONDS = 20.0

MOST_NAMED = 50
"""Refused hosts that are remembered by name."""

AT_ONCE = 64
"""Connections; package managers open some 16 to 50."""

READ_BYTES = 1 << 16

_HOP_BY_HOP = frozenset(
    {"connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "trailer", "upgrade"}
)

_Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Refusal(Exception):
    """Answered with this status and these words."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


@dataclass(slots=True)
class EgressProxy:
    """One proxy for one set-up. `refused` collects what was not allowed, `host:port` with the reason, each once, hostile."""

    egress: Egress
    tls: ssl.SSLContext
    refused: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def listening(self, folder: Path) -> AsyncIterator[Path]:
        """The socket's path in `folder`, which boxes can reach. Every connection has ended when the context ends."""
        path = _place(folder)
        places = asyncio.Semaphore(AT_ONCE)
        tasks: set[asyncio.Task[None]] = set()

        async def met(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            if (task := asyncio.current_task()) is not None:
                tasks.add(task)
            try:
                async with places:
                    await self._serve(reader, writer)
            except (OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
                pass
            finally:
                if task is not None:
                    tasks.discard(task)
                writer.close()

        server = await asyncio.start_unix_server(met, sock=_bound(path), limit=HEAD_BYTES)
        try:
            yield path
        finally:
            server.close()
            for task in tuple(tasks):
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            method, target, headers = _request(await _head(reader))
            if method == "CONNECT":
                await self._tunnel(target, (reader, writer))
            else:
                await self._forward(method, target, headers, (reader, writer))
        except _Refusal as no:
            body = f"{no.words}\n".encode()
            head = f"HTTP/1.1 {no.status} Refused\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            writer.write(head.encode() + body)
            await writer.drain()

    async def _tunnel(self, target: str, box: _Streams) -> None:
        host, _, port = target.rpartition(":")
        outside = await self._opened(host.strip("[]"), _port(port), None)
        try:
            box[1].write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await _both_ways(box, outside)
        finally:
            outside[1].close()

    async def _forward(self, method: str, target: str, headers: list[tuple[str, str]], box: _Streams) -> None:
        host, asked, path = _target(target)
        credential = self.egress.credential(host)
        port = asked or (443 if credential else 80)
        # Our own `Host`, so that nobody asks a shared server for a neighbour's pages under an allowed name.
        kept = [("Host", f"{host}:{asked}" if asked else host)]
        kept += [(name, value) for name, value in headers if name.lower() not in _HOP_BY_HOP]
        if credential is not None:
            if method not in ("GET", "HEAD"):
                raise _Refusal(405, f"{host} is only read from with our credentials")
            kept = [(name, value) for name, value in kept if name.lower() not in ("authorization", "content-length", "transfer-encoding", "expect")]  # fmt: skip
            kept.append(("Authorization", credential.authorization.reveal()))
        outside = await self._opened(host, port, self.tls if credential else None)
        try:
            lines = [
                f"{method} {path} HTTP/1.1",
                *(f"{name}: {value}" for name, value in kept),
                "Connection: close",
            ]
            outside[1].write("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n")
            answer = await _head(outside[0])
            if credential is not None:
                answer = _brought_back(answer, host)
            # What the box sends after the head is only passed on where it cannot ride on our credentials.
            box[1].write(answer)
            await (_one_way(outside[0], box[1]) if credential else _both_ways(box, outside))
        finally:
            outside[1].close()

    async def _opened(self, host: str, port: int, tls: ssl.SSLContext | None) -> _Streams:
        """A connection to an allowed host, at an address that was looked at."""
        grant = self.egress.grant(host, port)
        if grant is None:
            raise self._no(host, port, "is not among the allowed hosts")
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError as fault:
            raise _Refusal(502, f"{host} has no address: {fault.strerror}") from fault
        addresses = [str(entry[4][0]) for entry in found]
        good = [address for address in addresses if grant is Grant.OPERATOR or is_open(address)]
        if not good:
            raise self._no(host, port, "has no address on the open internet")
        words = "cannot be reached"
        for address in good:
            try:
                async with asyncio.timeout(CONNECT_SECONDS):
                    return await asyncio.open_connection(
                        address, port, ssl=tls, server_hostname=host if tls else None, limit=HEAD_BYTES
                    )
            except ssl.SSLError as fault:
                words = f"has no trusted certificate: {fault.reason}"
            except (OSError, TimeoutError):
                continue
        raise _Refusal(502, f"{host}:{port} {words}")

    def _no(self, host: str, port: int, why: str) -> _Refusal:
        if len(self.refused) < MOST_NAMED:
            self.refused.setdefault(f"{host[:253]}:{port}", why)
        return _Refusal(403, f"{host}:{port} {why}")


def _place(folder: Path) -> Path:
    folder.mkdir(mode=0o711, parents=True, exist_ok=True)
    folder.chmod(0o711)
    return folder / secrets.token_hex(8)


def _bound(path: Path) -> socket.socket:
    """Bound by way of the folder's descriptor: a socket's path may have 107 bytes, a state directory more."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        listener.bind(f"/proc/self/fd/{folder}/{path.name}")
        # The box's own uid connects; its name is known to that box alone.
        path.chmod(0o666)
    except OSError:
        listener.close()
        raise
    finally:
        os.close(folder)
    return listener


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            return await reader.readuntil(b"\r\n\r\n")
    except (TimeoutError, asyncio.LimitOverrunError, asyncio.IncompleteReadError) as fault:
        raise _Refusal(400, "no complete head of a message came") from fault


def _request(head: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    first, *lines = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    words = first.split(" ")
    pairs = [line.partition(":") for line in lines]
    if len(words) != 3 or any(not mid or name != name.strip() for name, mid, _ in pairs) or "\n" in first:
        raise _Refusal(400, "this is no request")
    if any("\n" in line or "\r" in line for line in lines):
        raise _Refusal(400, "this is no request")
    return words[0], words[1], [(name, value.strip()) for name, _, value in pairs]


def _target(target: str) -> tuple[str, int | None, str]:
    """Host, port when one is named, and path with query of an absolute address."""
    try:
        parts = urlsplit(target)
        host, port = parts.hostname, parts.port
    except ValueError as fault:
        raise _Refusal(400, "this is no address") from fault
    if parts.scheme != "http" or not host:
        raise _Refusal(400, "this is a proxy: ask for http://HOST/…, or CONNECT")
    return host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65_536:
        raise _Refusal(400, "this is no port")
    return int(text)


def _brought_back(head: bytes, host: str) -> bytes:
    """An answer whose redirections within the host lead through the proxy again: over `https` the box would ask without credentials."""
    lines = head.split(b"\r\n")
    here = f"https://{host}".encode("latin-1")
    for index, line in enumerate(lines):
        name, _, value = line.partition(b":")
        value = value.strip()
        after = value[len(here) : len(here) + 1]
        if name.lower() == b"location" and value.lower().startswith(here.lower()) and after in (b"/", b"?", b":", b""):
            lines[index] = b"Location: http" + value[len("https") :]
    return b"\r\n".join(lines)


async def _both_ways(one: _Streams, other: _Streams) -> None:
    """Until the outside has said everything; what the box says may end before."""
    upward = asyncio.ensure_future(_one_way(one[0], other[1]))
    try:
        await _one_way(other[0], one[1])
    finally:
        upward.cancel()
        await asyncio.gather(upward, return_exceptions=True)


async def _one_way(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await source.read(READ_BYTES):
            sink.write(data)
            await sink.drain()
        if sink.can_write_eof():
            sink.write_eof()
