"""Addresses as settings give them: checked once, where they are read."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")
"""Hosts that plain http may be spoken to: the hub of the demo and of the tests."""


def web_address(text: str, *, plain_http: bool) -> str:
    """The address without a slash at its end. Raises `ValueError` in words that do not repeat it: it may hold a password."""
    try:
        url = urlsplit(text.strip())
        port_is_good = url.port is None or url.port > 0
    except ValueError:
        raise ValueError("is no http(s) address") from None
    if url.scheme not in ("https", "http") or not url.hostname or not port_is_good:
        raise ValueError("is no http(s) address")
    if url.username or url.password or url.query or url.fragment:
        raise ValueError("must not contain a user, a password, a query or a fragment")
    if url.scheme == "http" and not plain_http and url.hostname not in LOOPBACK:
        raise ValueError("must be https; plain http is for this machine only")
    return text.strip().rstrip("/")
