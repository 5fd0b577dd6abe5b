# SPDX-License-Identifier: LGPL-2.1-or-later
"""The interpreter that forkserver.py forks: it imports modules, and each of its children runs one program.

It imports as little as possible, because a child that exits writes to every
object it inherited and so copies the memory.
"""

import gc
import marshal
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType
    from typing import Any, Dict, Tuple


def _preload(request: "Dict[str, Any]") -> None:
    wanted = [name for name in request["modules"] if name not in sys.modules]
    for name in wanted:
        try:
            __import__(name)
        except ImportError:
            pass  # the program itself will get this error
    if wanted or gc.get_freeze_count() == 0:
        # Otherwise garbage collection in each child would write to all objects inherited from the parent.
        gc.collect()
        gc.freeze()


def _become(request: "Dict[str, Any]") -> "Tuple[CodeType, Dict[str, Any]]":
    """Make this process look as if Python had been started with -c; return the arguments for exec()."""
    for descriptor, name in enumerate((request["stdout"], request["stderr"]), 1):
        file = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(request["directory"])
    sys.argv[:] = ["-c", *request["arguments"]]
    # Use a new namespace: at exit the garbage collector does not touch the frozen one.
    main = type(sys)("__main__")
    vars(main).update((name, value) for name, value in vars(sys.modules["__main__"]).items() if name.startswith("__"))
    sys.modules["__main__"] = main
    del sys.modules["template"]
    return compile(request["code"], "<string>", "exec", dont_inherit=True), vars(main)


def serve(requests: int, answers: int) -> "Tuple[CodeType, Dict[str, Any]]":
    """For each request, write the process ID of a child, and its waitpid() status when it has ended.

    In the child, return the compiled program and its namespace. The caller runs
    the program as __main__ in the main thread, and the interpreter ends as
    usual, except that modules imported by the template are not torn down.
    """
    del sys.path[0]
    with open(requests, "rb") as file:
        while True:
            try:
                request = marshal.load(file)
            except EOFError:
                os._exit(0)
            _preload(request)
            child = os.fork()
            if child == 0:
                break
            os.write(answers, b"%d\n" % child)
            os.write(answers, b"%d\n" % os.waitpid(child, 0)[1])
    os.close(answers)
    return _become(request)
