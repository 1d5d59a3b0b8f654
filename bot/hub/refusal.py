"""How the hub says no: an HTTP status with GitHub's words."""


class Refused(Exception):
    """The request is not carried out; nothing was changed."""

    def __init__(self, status: int, message: str, errors: tuple[dict[str, object] | str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.errors = errors


class Drop(Exception):
    """Raised by an observer of writes: the connection is closed without an answer."""


def not_found() -> Refused:
    """What is not there, and what the caller may not know of."""
    return Refused(404, "Not Found")


def bad_credentials(why: str = "Bad credentials") -> Refused:
    """No token, a wrong one or an expired one."""
    return Refused(401, why)


def forbidden(why: str = "Resource not accessible by integration") -> Refused:
    """Visible, but not permitted."""
    return Refused(403, why)


def unprocessable(message: str) -> Refused:
    """422 with a bare sentence."""
    return Refused(422, message)


def invalid(resource: str, field: str, code: str, message: str) -> Refused:
    """422 for one field, in the shape of GitHub's validation errors."""
    return Refused(
        422, "Validation Failed", ({"resource": resource, "field": field, "code": code, "message": message},)
    )
