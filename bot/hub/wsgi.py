"""The types of WSGI, and the application for what nobody serves."""

from typing import TYPE_CHECKING, TypeAlias

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

    WsgiApp: TypeAlias = WSGIApplication
    Environment: TypeAlias = WSGIEnvironment
else:
    WsgiApp = Environment = StartResponse = object

__all__ = ["Environment", "StartResponse", "WsgiApp", "nothing_here"]


def nothing_here() -> WsgiApp:
    """An application that finds nothing."""
    return Response("Not Found\n", 404, content_type="text/plain")
