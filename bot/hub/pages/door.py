"""Who may talk to the pages: browsers on this machine that came by this machine's name, and forms that these pages made."""

import ipaddress
import secrets

from werkzeug.wrappers import Request, Response

from bot.hub.refusal import Refused

FORM_LIMIT = 1024 * 1024
"""Bytes of a form: the longest comment, 65,536 characters, takes at most 786 kB when every byte of it is escaped."""

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: browsers would then send forms with the origin `null`.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
"""No script at all and nothing from other hosts: the pages show what strangers and models wrote."""


class PageRequest(Request):
    """A request to a page; reading a body beyond the limit raises a 413."""

    max_content_length = FORM_LIMIT
    max_form_memory_size = FORM_LIMIT


def close_doors(response: Response) -> Response:
    """The response with the headers that every page carries."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def check_host(request: Request) -> None:
    """Refuse a name that is not this machine's: else another site could point its name here and read along."""
    name = request.host.rsplit(":", 1)[0] if not request.host.endswith("]") else request.host
    if name == "localhost":
        return
    try:
        if ipaddress.ip_address(name.strip("[]")).is_loopback:
            return
    except ValueError:
        pass
    raise Refused(403, "These pages answer to 127.0.0.1 and localhost only")


def check_form(request: Request, token: str) -> None:
    """Refuse a form that was not made by these pages."""
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    foreign = (origin is not None and origin != request.host_url.rstrip("/")) or site not in ("same-origin", "none")
    given = request.form.get("token", "").encode()
    if foreign or not secrets.compare_digest(given, token.encode()):
        raise Refused(
            403, "The form did not come from this page, or the hub was started anew since: load the page again"
        )
