"""The warehouse test server: ClickHouse's HTTP interface over chDB, in a process of its own.

It exists so that the real ``clickhouse-connect`` client, and several Bihuan processes at once, can be
tested against a *server* on a machine where no ClickHouse server can be installed. Start it with ``python
-m tests.engine_server --path DIR --port 0 --user u --password p``, or from a test with
:class:`tests.engine_server.process.EngineServer`.

Not ClickHouse, and not hidden: ``compress=1``/``decompress=1`` (ClickHouse's own block framing) and
external tables are refused with code 48; ``system.processes.query_id`` is the engine's own id (``KILL
QUERY WHERE query_id = …`` does take the id of the request); users, roles and quotas are one user and its
password.
"""
