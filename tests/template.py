# SPDX-License-Identifier: LGPL-2.1-or-later
"""The interpreter that forkserver.py forks: it imports modules, and its children become one program after the other.

It imports little itself: a child writes to all that it inherits when it ends.
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
            pass  # the program is told of it
    if wanted or gc.get_freeze_count() == 0:
        # Or each child would write to all objects of its parent when it collects garbage.
        gc.collect()
        gc.freeze()


def _become(request: "Dict[str, Any]") -> "Tuple[CodeType, Dict[str, Any]]":
    """Make a new process of this one, as if Python had been started with -c; the arguments of exec()."""
    for descriptor, name in enumerate((request["stdout"], request["stderr"]), 1):
        file = os.open(name, os.O_WRONLY | os.O_APPEND)
        os.dup2(file, descriptor)
        os.close(file)
    os.chdir(request["directory"])
    sys.argv[:] = ["-c", *request["arguments"]]
    # A new namespace, since the garbage collector leaves the frozen one alone at the end.
    main = type(sys)("__main__")
    vars(main).update((name, value) for name, value in vars(sys.modules["__main__"]).items() if name.startswith("__"))
    sys.modules["__main__"] = main
    del sys.modules["template"]
    return compile(request["code"], "<string>", "exec", dont_inherit=True), vars(main)


def serve(requests: int, answers: int) -> "Tuple[CodeType, Dict[str, Any]]":
    """Answer each request with the number of a child, and with its status as of waitpid() when that has ended.

    In the child the code of the program and its namespace come back. It then runs
    as __main__ in the main thread, and the interpreter ends as it always does, but
    that what the template has imported is not torn down.
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
