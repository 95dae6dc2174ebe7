"""Typed settings: environment variables ``BIHUAN_…``, then ``bihuan.toml`` in the working directory."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)


class Settings(BaseSettings):
    """Everything that is set per installation. Each field is documented in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix="BIHUAN_", toml_file="bihuan.toml", extra="forbid")

    data: Path = Field(Path(".bihuan"), description="Directory of the embedded stores, keys and journals")
    warehouse: str = Field("", description="Event store DSN; empty: chdb in the data directory")
    database: str = Field("", description="Control database DSN; empty: SQLite in the data directory")
    cluster: str | None = Field(None, description="Name of the ClickHouse cluster; empty on one node")
    durability: Literal["disk", "process"] = Field(
        "disk", description="disk: acknowledged rows survive power loss; process: they survive kill -9"
    )
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8480, ge=0, le=65535, description="Port to listen on; 0 takes a free one")
    language: Literal["en", "zh"] = Field("en", description="Language of the command line")
    warehouse_connections: int = Field(8, ge=2, le=256, description="Most engine statements at once")
    queue_rows: int = Field(200_000, ge=1_000, description="Rows that may wait to be written")
    queue_megabytes: int = Field(256, ge=8, description="Megabytes that may wait to be written")
    seen_megabytes: int = Field(512, ge=16, description="Memory of the event-id filter, embedded store only")
    learn_seconds: int = Field(60, ge=1, le=3_600, description="How often the catalog learns from what came")
    query_seconds: float = Field(60.0, gt=0, description="Longest time of a query")
    query_megabytes: int = Field(4_096, ge=64, description="Most memory of a query")
    query_cache_megabytes: int = Field(64, ge=0, description="Memory of the cache of answers")
    rollup_properties: list[str] = Field(
        ["$utm_source"], description="Properties by which unique people by day and funnels are kept ready"
    )
    rollup_numbers: list[str] = Field(
        ["$revenue"], description="Properties whose sums over time, and of each buyer, are kept ready"
    )
    future_seconds: float = Field(3_600.0, ge=0, description="How far in the future an event may be")
    skew_seconds: float = Field(10.0, ge=0, description="Clock difference beyond which times are corrected")
    geo_database: Path | None = Field(None, description="MaxMind-format file for IP to region")
    store_ip: bool = Field(False, description="Whether the IP address is kept as $ip")
    trust_proxy: bool = Field(False, description="Whether X-Forwarded-For names the sender")
    oidc_issuer: str = Field("", description="Identity provider for members (OpenID Connect); empty: none")
    oidc_client_id: str = Field("", description="What the identity provider calls this installation")
    oidc_client_secret: str = Field("", description="The secret that goes with it; never shown")
    oidc_name: str = Field("SSO", description="What the button of the log-in page says")
    redirect_hosts: list[str] = Field(
        [], description="Hosts that Snowplow's click links may lead to; a leading dot: its subdomains"
    )
    private_webhooks: bool = Field(
        False, description="Whether webhooks may go to private addresses, and without https"
    )
    cors_origins: list[str] = Field(["*"], description="Web origins that may send events")

    @property
    def warehouse_dsn(self) -> str:
        """The event store's DSN with the default filled in."""
        return self.warehouse or f"chdb://{(self.data / 'warehouse').resolve()}"

    @property
    def database_dsn(self) -> str:
        """The control database's DSN with the default filled in."""
        return self.database or f"sqlite:///{(self.data / 'control.sqlite3').resolve()}"

    def shown(self) -> dict[str, str]:
        """Every setting as text without passwords, for ``bihuan doctor``."""
        # Here, because it loads the engine, and most commands do without.
        from bihuan.warehouse import without_password  # noqa: PLC0415

        values = {name: str(getattr(self, name)) for name in type(self).model_fields}
        values |= {"warehouse": without_password(self.warehouse_dsn)}
        if self.oidc_client_secret:
            values["oidc_client_secret"] = "***"
        return values | {"database": without_password(self.database_dsn)}

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, which wins over the file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)
