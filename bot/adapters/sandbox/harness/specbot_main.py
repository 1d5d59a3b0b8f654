"""Sees how the command's own program ended: at its last line, by an exit, or by an exception; and whose code the exit came through.

`python -c "from text import cut; assert …"` would be green as soon as `text.py` calls `sys.exit(0)`: the assertion is never reached. The
interpreter's regular end looks the same in both cases, so the program is run from here, where the outermost exception can be seen.

Standard library only, Python 3.8 or newer. See FORMAT.md for what is written.
"""

from __future__ import annotations

import os
import runpy
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    # Never imported in the box: every start of every Python would pay for it.
    from collections.abc import Callable
    from types import CodeType, TracebackType

COMMAND, STDIN, FILE, MODULE = ("cpython.run_command", "cpython.run_stdin", "cpython.run_file", "cpython.run_module")
"""Told to audit hooks right before the interpreter starts its program (Python's *Audit events table*), when `sys.path` and `sys.argv` are set."""


def watch(tree: str, write: Callable[[str], None]) -> None:
    """Run this interpreter's program from here, and write one line about its end. `tree` is the checkout."""
    main = sys.modules["__main__"].__dict__

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        if not event.startswith("cpython.run_") or event not in (COMMAND, STDIN, FILE, MODULE) or not waiting:
            return
        waiting.clear()
        # Audit hooks of the program's own time need no tracing, and the program itself has to be traceable.
        hook.__cantrace__ = False  # type: ignore[attr-defined]
        program = _program(event, arguments, main)
        if program is not None:
            raise SystemExit(_run(program, main, tree, write))

    waiting = [True]
    hook.__cantrace__ = True  # type: ignore[attr-defined]
    sys.addaudithook(hook)


def _program(event: str, arguments: tuple[object, ...], main: dict[str, object]) -> Callable[[], object] | None:
    """What the interpreter is about to run; None when it had better run that itself, and say what is wrong with it."""
    try:
        if event == MODULE:
            return lambda: runpy._run_module_as_main(str(arguments[0]), sys.argv[0] == "-m")  # type: ignore[attr-defined]
        if event == COMMAND:
            compiled = compile(str(arguments[0]), "<string>", "exec", dont_inherit=True)
        elif event == STDIN:
            compiled = compile(sys.stdin.buffer.read(), "<stdin>", "exec", dont_inherit=True)
        else:
            compiled = _file(str(arguments[0]), main)
    except (OSError, ValueError, SyntaxError, AttributeError):
        return None
    return lambda: exec(compiled, main)  # noqa: S102 - it is the interpreter's own work


def _file(path: str, main: dict[str, object]) -> CodeType:
    with open(path, "rb") as file:
        compiled: CodeType = compile(file.read(), path, "exec", dont_inherit=True)
    from importlib.machinery import SourceFileLoader  # noqa: PLC0415 - only programs in files need it

    main.update(__file__=path, __cached__=None, __loader__=SourceFileLoader("__main__", path))
    return compiled


def _run(program: Callable[[], object], main: dict[str, object], tree: str, write: Callable[[str], None]) -> object:
    """The exit status, as `SystemExit` takes it."""
    pid = os.getpid()

    def tell(end: str, status: object, trace: TracebackType | None) -> None:
        if os.getpid() == pid:
            name, through = _main_name(main, tree), _through(trace, main, tree)
            write(
                f'{{"kind": "main", "pid": {pid}, "end": "{end}", "status": {0 if status in (None, 0) else 1}, '
                f'"main": "{_escaped(name)}", "through": "{_escaped(through)}"}}'
            )

    try:
        program()
    except SystemExit as left:
        tell("exit", left.code, left.__traceback__)
        raise
    except KeyboardInterrupt:
        raise
    except BaseException as fault:  # noqa: BLE001 - whatever it is, the interpreter would have printed it and ended
        tell("raised", 1, fault.__traceback__)
        return _printed(fault)
    tell("reached", 0, None)
    return 0


def _printed(fault: BaseException) -> object:
    """As the interpreter would show it, without our own frames. A hook that leaves with status 0 does not make it a success."""
    trace = fault.__traceback__
    while trace is not None and trace.tb_frame.f_code.co_filename == __file__:
        trace = trace.tb_next
    try:
        sys.excepthook(type(fault), fault.with_traceback(trace), trace)
    except SystemExit as left:
        return left.code or 1
    except BaseException:  # noqa: BLE001 - a hook of the program's own that broke
        sys.__excepthook__(type(fault), fault, trace)
    return 1


def _main_name(main: dict[str, object], tree: str) -> str:
    return _below(str(main.get("__file__") or "<string>"), tree)


def _through(trace: TracebackType | None, main: dict[str, object], tree: str) -> str:
    """The innermost file of the tree, other than the program itself, that the exit came through; "" when there is none."""
    found = ""
    while trace is not None:
        code, names = trace.tb_frame.f_code, trace.tb_frame.f_globals
        # Code made from text has no file of its own; its module has.
        file = str(names.get("__file__") or "") if code.co_filename.startswith("<") else code.co_filename
        if file and names is not main:
            below = _below(file, tree)
            found = found if below.startswith("/") else below
        trace = trace.tb_next
    return found


def _below(file: str, tree: str) -> str:
    """Relative to the tree for what lies in it, else absolute; names in angle brackets as they are."""
    if file.startswith("<"):
        return file
    path = os.path.abspath(file)
    return path[len(tree) + 1 :] if path.startswith(tree + "/") else path


def _escaped(text: str) -> str:
    """For a JSON string, in ASCII; without `json`, which the tree may have one of its own."""
    units = text.encode("utf-16-be", "surrogatepass")
    numbers = (int.from_bytes(units[i : i + 2], "big") for i in range(0, len(units), 2))
    return "".join(chr(n) if 32 <= n < 127 and n not in (34, 92) else f"\\u{n:04x}" for n in numbers)[:1000]
