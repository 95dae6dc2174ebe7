"""``python -m tests.engine_server --path DIR --port 0 --user u --password p``."""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import signal
import sys
import threading
from pathlib import Path

from tests.engine_server.engine import Engine
from tests.engine_server.handler import EngineHttpServer


def main() -> None:
    """Serve until SIGTERM, SIGINT or (``--until-stdin-closes``) the end of the standard input.

    One line of JSON with the port is printed when the server is ready.
    """
    parser = argparse.ArgumentParser(description="ClickHouse's HTTP interface over chDB, for tests")
    parser.add_argument("--path", type=Path, required=True, help="the engine's directory")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port")
    parser.add_argument("--user", default="default")
    parser.add_argument("--password", default="")
    parser.add_argument("--until-stdin-closes", action="store_true", help="end when the starter is gone")
    given = parser.parse_args()

    # Who waits for the port gives up after two minutes, and then wants to know where it was stuck.
    faulthandler.dump_traceback_later(100)
    engine = Engine(given.path)
    server = EngineHttpServer((given.host, given.port), engine, given.user, given.password)
    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if given.until_stdin_closes:
        threading.Thread(target=_await_end_of_input, args=(ended,), daemon=True).start()
    faulthandler.cancel_dump_traceback_later()
    print(json.dumps({"port": server.server_port, "version": engine.version, "pid": os.getpid()}), flush=True)
    while not ended.wait(timeout=0.5):
        pass
    server.shutdown()
    engine.close()
    # Threads of connections that are still open must not keep the process.
    os._exit(0)


def _await_end_of_input(ended: threading.Event) -> None:
    sys.stdin.buffer.read()
    ended.set()


if __name__ == "__main__":
    main()
