"""How tables are laid out: one node, or a cluster of shards and replicas."""

from __future__ import annotations

from dataclasses import dataclass

from bihuan.warehouse.schema.tables import Table
from bihuan.warehouse.sql import identifier, literal


@dataclass(frozen=True)
class Layout:
    """Renders the statements for a table.

    Args:
        database: the project's database.
        cluster: name of the cluster in the servers' configuration; None on one node.
        durable: whether what is inserted is on disk when the insert ends.
        group_sync: whether that is done for the file system as a whole, where the table allows it.
    """

    database: str
    cluster: str | None = None
    durable: bool = True
    group_sync: bool = False

    @property
    def on_cluster(self) -> str:
        """The ``ON CLUSTER`` clause, with a leading space; empty on one node."""
        return f" ON CLUSTER {identifier(self.cluster)}" if self.cluster else ""

    def name(self, table: str) -> str:
        """The qualified name that queries and inserts use."""
        return f"{identifier(self.database)}.{identifier(table)}"

    def local_name(self, table: str) -> str:
        """The qualified name of the table that holds rows on one node."""
        return self.name(f"{table}_local" if self.cluster else table)

    def part_sync(self, table: Table) -> bool:
        """Whether the engine syncs each part of a table that is inserted."""
        return self.durable and not (self.group_sync and table.is_synced_in_groups)

    def create_database(self) -> str:
        """The statement that creates the project's database."""
        return f"CREATE DATABASE IF NOT EXISTS {identifier(self.database)}{self.on_cluster}"

    def create_table(self, table: Table) -> list[str]:
        """The statements that create ``table``: one on a node, local and distributed on a cluster."""
        lines = [f"    {identifier(name)} {kind}" for name, kind in table.columns]
        lines += [f"    PROJECTION {identifier(name)} ({body})" for name, body in table.projections]
        partition = f"\nPARTITION BY {table.partition_by}" if table.partition_by else ""
        local = (
            f"CREATE TABLE IF NOT EXISTS {self.local_name(table.name)}{self.on_cluster} (\n"
            + ",\n".join(lines)
            + f"\n)\nENGINE = {self._engine(table)}{partition}\nORDER BY {table.order_by}"
            + f"\nSETTINGS {self._settings(table)}"
        )
        return [local, self._distributed(table)] if self.cluster else [local]

    def _engine(self, table: Table) -> str:
        version = [table.version] if table.version else []
        if not self.cluster:
            return f"ReplacingMergeTree({', '.join(version)})"
        # A table without sharding has the same rows everywhere: one replication path for all shards.
        shard = "{shard}" if table.sharding else "all"
        path = f"/clickhouse/tables/{shard}/{self.database}/{table.name}"
        replica = "{replica}" if table.sharding else "{shard}-{replica}"
        return f"ReplicatedReplacingMergeTree({', '.join([literal(path), literal(replica), *version])})"

    def _settings(self, table: Table) -> str:
        fsync = "1" if self.part_sync(table) else "0"
        settings = [("fsync_after_insert", fsync), ("fsync_part_directory", fsync), *table.settings]
        if not self.cluster:
            settings.append(("non_replicated_deduplication_window", "1000"))
        return ", ".join(f"{name} = {value}" for name, value in settings)

    def _distributed(self, table: Table) -> str:
        # Reading any one replica of an unsharded table is enough, hence the expression 0.
        sharding = table.sharding or "0"
        return (
            f"CREATE TABLE IF NOT EXISTS {self.name(table.name)}{self.on_cluster} "
            f"AS {self.local_name(table.name)}\n"
            f"ENGINE = Distributed({literal(self.cluster)}, {literal(self.database)}, "
            f"{literal(table.name + '_local')}, {sharding})"
        )
