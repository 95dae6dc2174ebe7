"""Running the statement of one request and answering it."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial

from tests.engine_server.answers import Answer
from tests.engine_server.engine import Connection, Engine, Summary
from tests.engine_server.exceptions import EngineException
from tests.engine_server.faults import FaultSwitches, InsertFate
from tests.engine_server.requests import QueryRequest
from tests.engine_server.result_pipe import ClientGone, ResultPipe
from tests.engine_server.statements import InsertHead, Kind, insert_head, into_pipe, kind_of, output_format

# ClickHouse reads this much of a body to parse the statement in it.
STATEMENT_BYTES = 1 << 18


class ConnectionDropped(Exception):
    """A fault says: hang up without an answer."""


AnswerMaker = Callable[[str], Answer]


class Execution:
    """One request's statement.

    Args:
        make_answer: opens the answer for a result in the format named.
        client: the client's connection, watched while a reading statement runs.
    """

    def __init__(
        self,
        engine: Engine,
        faults: FaultSwitches,
        request: QueryRequest,
        make_answer: AnswerMaker,
        client: socket.socket,
    ) -> None:
        self._engine, self._faults, self._request = engine, faults, request
        self._make_answer, self._client = make_answer, client

    def run(self, body: Iterator[bytes]) -> None:
        """Run the statement in the URL and ``body`` together, and answer.

        Raises:
            EngineException: it failed before the answer had begun.
            ConnectionDropped: a fault, or the client has gone.
        """
        pieces = itertools.chain([self._url_part()] if self._request.query else [], body)
        start = _read_start(pieces)
        kind = kind_of(start)
        if kind is Kind.INSERT and (head := insert_head(start)):
            rest = itertools.chain([start[head.data_start :].encode("latin-1")], pieces)
            self._insert(head, rest)
            return
        whole = start.encode("latin-1") + b"".join(pieces)
        self._run_text(kind, whole.decode())

    def _url_part(self) -> bytes:
        return self._request.query.encode("latin-1") + b"\n"

    def _run_text(self, kind: Kind, sql: str) -> None:
        request = self._request
        if not sql.strip():
            raise self._engine.refusal(62, "Syntax error: Empty query.")
        fate = self._faults.fate_of_insert(sql) if kind is Kind.INSERT else InsertFate()
        with self._engine.connection(
            request.session_id,
            timeout_seconds=request.session_timeout_seconds,
            must_exist=request.session_must_exist,
        ) as connection:
            # What SET changes must not be undone with the settings of this request.
            connection.prepare(request.database, {} if kind is Kind.SET else request.settings)
            self._check(connection, sql)
            if kind is Kind.SELECT:
                end = self._select(connection, sql)
            else:
                self._suffer(fate)
                end = self._command(connection, kind, sql, fate)
        # Only now, with the session free again, may the client learn that the answer is complete.
        end()

    def _check(self, connection: Connection, sql: str) -> None:
        effect, statements = connection.statement_class(sql)
        if statements > 1:
            raise self._engine.refusal(62, "Syntax error (Multi-statements are not allowed)")
        if self._request.read_only and effect != "READ_ONLY":
            raise self._engine.refusal(
                164, "Cannot execute query in readonly mode. Over HTTP, the method GET implies readonly."
            )

    def _command(self, connection: Connection, kind: Kind, sql: str, fate: InsertFate) -> Callable[[], None]:
        request = self._request
        if kind is Kind.KILL:
            result, summary = self._engine.kill(sql, request.default_format, request.parameters)
        else:
            result, summary = connection.query(sql, request.default_format, request.parameters)
        return partial(self._end, fate, output_format(sql) or request.default_format, result, summary)

    def _select(self, connection: Connection, sql: str) -> Callable[[], None]:
        request = self._request
        # Positions are bytes in statements, so the text passes through latin-1.
        scanned = sql.encode().decode("latin-1")
        answer = self._make_answer(output_format(scanned) or request.default_format)
        pipe = ResultPipe(self._engine.scratch.name)
        piped = into_pipe(scanned, str(pipe.path), request.default_format).encode("latin-1").decode()
        try:
            pipe.start(lambda: connection.query(piped, parameters=request.parameters)[1])
            for piece in pipe.pieces(self._client if request.cancels_when_gone else None):
                answer.write(piece)
            summary = pipe.summary()
        except EngineException as failure:
            if not answer.begun:
                raise
            return partial(answer.fail, failure)
        except (ClientGone, OSError) as gone:
            self._engine.cancel(request.query_id)
            raise ConnectionDropped from gone
        finally:
            pipe.close()
        return partial(answer.finish, summary)

    def _insert(self, head: InsertHead, data: Iterator[bytes]) -> None:
        request = self._request
        if request.read_only:
            raise self._engine.refusal(164, "Cannot execute query in readonly mode.")
        statement = head.statement.encode("latin-1").decode()
        fate = self._faults.fate_of_insert(statement)
        self._suffer(fate)
        with self._engine.connection(
            request.session_id, timeout_seconds=request.session_timeout_seconds
        ) as connection:
            connection.prepare(request.database, request.settings)
            summary = connection.insert(statement, head.format, data, request.parameters)
        self._end(fate, request.default_format, b"", summary)

    def _suffer(self, fate: InsertFate) -> None:
        if fate.delay_ms:
            time.sleep(fate.delay_ms / 1000)
        if fate.drop_before:
            raise ConnectionDropped
        if fate.error_code is not None:
            raise self._engine.refusal(fate.error_code, "Simulated by the test server.")

    def _end(self, fate: InsertFate, output: str, result: bytes, summary: Summary) -> None:
        if fate.drop_after:
            raise ConnectionDropped
        answer = self._make_answer(output)
        answer.write(result)
        answer.finish(summary)


def _read_start(pieces: Iterator[bytes]) -> str:
    """The first bytes of the statement: enough to know its kind and, of an insert, where its data begin."""
    start = bytearray()
    for piece in pieces:
        start += piece
        text = start.decode("latin-1")
        if len(start) >= STATEMENT_BYTES:
            break
        if kind_of(text) is Kind.INSERT and (head := insert_head(text)) and head.data_start < len(text):
            break
    return start.decode("latin-1")
