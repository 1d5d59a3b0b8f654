"""Inside a set-up's box: listens where tools look for a proxy and passes everything to the one socket that leads out; runs a command.

    python specbot_way_out.py SOCKET PORT COMMAND…

For the box's Python, 3.8 or newer, standard library only.
"""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading


def pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while True:
            data = source.recv(65536)
            if not data:
                break
            sink.sendall(data)
    except OSError:
        pass
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def meet(inside: socket.socket, path: str) -> None:
    outside = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        outside.connect(path)
        upward = threading.Thread(target=pump, args=(inside, outside), daemon=True)
        upward.start()
        pump(outside, inside)
        upward.join()
    except OSError:
        pass
    finally:
        outside.close()
        inside.close()


def serve(listener: socket.socket, path: str) -> None:
    while True:
        inside, _ = listener.accept()
        threading.Thread(target=meet, args=(inside, path), daemon=True).start()


def main(path: str, port: str, command: list[str]) -> int:
    listener = socket.create_server(("127.0.0.1", int(port)), backlog=64)
    threading.Thread(target=serve, args=(listener, path), daemon=True).start()
    status = subprocess.call(command)
    return status if status >= 0 else 128 - status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
