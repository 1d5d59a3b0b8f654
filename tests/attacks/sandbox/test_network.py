"""Attacks 21 to 24: other machines, other services, other kinds of sockets."""

from bot.core.ports import Checkout
from tests.adapters.sandbox.place import ONE_WORKER, Place
from tests.attacks.sandbox.attacking import assert_held, attack, outside
from tests.attacks.sandbox.bait import Bait

pytestmark = ONE_WORKER


def test_attack_21_loopback_services(place: Place, checkout: Checkout, bait: Bait) -> None:
    """TCP to a host loopback service — own network namespace"""
    script = f"""
def fetched(address, family=socket.AF_INET):
    with socket.socket(family) as connection:
        connection.settimeout(3)
        connection.connect((address, {bait.port}))
        return connection.recv(1000)
for address in ("127.0.0.1", "127.1.2.3", "0.0.0.0", "localhost"):
    attempt(address, lambda: fetched(address))
attempt("::1", lambda: fetched("::1", socket.AF_INET6))
"""
    assert bait.word in outside(script)
    assert_held(attack(place, checkout, script), 5, bait.word)


def test_attack_22_unix_sockets(place: Place, checkout: Checkout, bait: Bait) -> None:
    """host UNIX sockets (abstract, path, docker, dbus) — network namespace for abstract ones, no host folder for the others"""
    script = f"""
def fetched(address):
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(3)
        connection.connect(address)
        return connection.recv(1000)
for address in ("\\0{bait.abstract}", "{bait.socket}", "/var/run/docker.sock", "/run/docker.sock", "/run/dbus/system_bus_socket", "/run/systemd/private"):
    attempt("socket", lambda: fetched(address))
"""
    assert outside(script).count(bait.word) >= 2
    assert_held(attack(place, checkout, script), 6)


def test_attack_23_metadata_and_names(place: Place, checkout: Checkout) -> None:
    """cloud metadata address, DNS — the namespace has only `lo`"""
    outcome = attack(
        place,
        checkout,
        """
def connected(address, port, kind=socket.SOCK_STREAM):
    with socket.socket(socket.AF_INET, kind) as connection:
        connection.settimeout(3)
        connection.connect((address, port))
        return connection.send(b"x")
attempt("metadata", lambda: connected("169.254.169.254", 80))
attempt("documentation address", lambda: connected("192.0.2.1", 443))
attempt("datagram", lambda: connected("192.0.2.1", 53, socket.SOCK_DGRAM))
attempt("name", lambda: socket.getaddrinfo("specbot.example", 443))
attempt("bring it up", lambda: fcntl.ioctl(socket.socket(), 0x8914, struct.pack("16sH", b"eth0", 1)))
print("INTERFACES", [name for _, name in socket.if_nameindex()])
server = socket.create_server(("127.0.0.1", 0))
print("OWN LOOPBACK", socket.create_connection(server.getsockname()).getpeername()[0])
""",
    )
    assert_held(outcome, 5)
    assert "INTERFACES ['lo']" in outcome.text
    assert "OWN LOOPBACK 127.0.0.1" in outcome.text, "tests of servers work"
    assert all("unreachable" in line for line in outcome.held[:2])


def test_attack_24_kinds_of_sockets(place: Place, checkout: Checkout) -> None:
    """AF_VSOCK, AF_PACKET, AF_ALG, AF_XDP sockets — refused by the system-call filter"""
    outcome = attack(
        place,
        checkout,
        """
for name, family, kind, protocol in (
    ("vsock", 40, 1, 0), ("vsock datagram", 40, 2, 0), ("packet", 17, 3, 0), ("alg", 38, 5, 0), ("xdp", 44, 3, 0),
    ("bluetooth", 31, 3, 1), ("can", 29, 3, 1), ("tipc", 30, 1, 0), ("rds", 21, 5, 0), ("key", 15, 3, 2), ("from the future", 60, 1, 0),
    ("netfilter", 16, 3, 12), ("audit", 16, 3, 9),
):
    attempt(name, lambda: must(libc.socket(family, kind, protocol)))
attempt("raw", lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))
must(libc.socket(16, 3, 0))
""",
    )
    assert_held(outcome, 14)
    assert all(" 1 [Errno 1]" in line for line in outcome.held), outcome.text
