# SPDX-License-Identifier: LGPL-2.1-or-later
"""Make a fixed number of calls or events, so that bench/instructions can count instructions.

Arguments: COUNT call|empty CALL, or COUNT events default|own|asyncio AT_ONCE. The cost of starting does not depend on
COUNT. A COUNT of events is a multiple of the batch size; creating the events is counted, too.
"""

import sys

import calls
import events


def main(count: str, kind: str, text: str, at_once: str = "1") -> None:
    if kind == "events":
        deliver = events.prepare(text)
        for _ in range(0, int(count), events.BATCH):
            deliver(int(at_once))
    else:
        calls.handle_errors("quiet", [text])
        call = calls.Call(text, calls.prepare("test:///default", "pool." in text))
        (call.empty if kind == "empty" else call.loop)(int(count))


if __name__ == "__main__":
    main(*sys.argv[1:])
