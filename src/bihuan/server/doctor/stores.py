"""Checks of the stores and of what waits in them; they need a running installation."""

from __future__ import annotations

import time

from sqlalchemy.exc import SQLAlchemyError

from bihuan.access import verify_audit_log
from bihuan.app import Installation
from bihuan.database.migrate import current_revision, known_revisions
from bihuan.kernel.errors import BihuanError, Language
from bihuan.projects import OpenProject
from bihuan.server.doctor.checks import Check, Findings
from bihuan.warehouse import unsettled
from bihuan.warehouse.schema.migrations import MIGRATIONS, applied_versions

CLOCK_WARN_SECONDS = 2.0
# Some are normal (test traffic); a flood means that a sender or the plan is wrong.
QUARANTINE_WARN = 1_000
OVERRIDES_WARN = 100_000
# The job comes round every five minutes, one month after the other and not while much is being stored.
UNSETTLED_SECONDS = 3_600


def store_checks(installation: Installation, language: Language) -> list[Check]:
    """Event store, control database, schemas, queue, and every project's backlogs."""
    findings = Findings(language)
    if _event_store(findings, installation) and _control_database(findings, installation):
        _queue(findings, installation)
        _audit_log(findings, installation)
        for project_id in installation.project_ids():
            try:
                _project(findings, installation.project(project_id))
            except BihuanError as error:
                _unavailable(findings, f"project {project_id}", error.message(language))
    return findings.checks


def _event_store(findings: Findings, installation: Installation) -> bool:
    try:
        version, moment = installation.engine.rows("SELECT version(), toUnixTimestamp64Milli(now64(3))")[0]
    except BihuanError as error:
        _unavailable(findings, "event_store", error.message("en"))
        return False
    findings.ok("event_store", f"ClickHouse {version}")
    apart = abs(moment / 1000 - time.time())
    if apart > CLOCK_WARN_SECONDS:
        findings.bad(
            "event_store_clock",
            "warn",
            findings.say(f"{apart:.1f} s apart", f"相差 {apart:.1f} 秒"),
            "Keep the clocks of all machines with NTP.",
            "请为所有机器启用 NTP 校时。",
        )
    return True


def _control_database(findings: Findings, installation: Installation) -> bool:
    try:
        with installation.database.engine.connect() as connection:
            revision = current_revision(connection)
    except SQLAlchemyError as error:
        _unavailable(findings, "control_database", str(error))
        return False
    newest = known_revisions()[0]
    detail = f"{installation.database.url.get_backend_name()}, {revision}"
    if revision == newest:
        findings.ok("control_database", detail)
    else:
        _restart(findings, "control_database", f"{detail} (≠ {newest})")
    return True


def _audit_log(findings: Findings, installation: Installation) -> None:
    state = verify_audit_log(installation.database)
    if state.broken is None:
        whole = findings.say(f"{state.records} records, chain whole", f"{state.records} 条记录，链条完整")
        findings.ok("audit_log", whole)
        return
    findings.bad(
        "audit_log",
        "fail",
        findings.say(f"broken at record {state.broken}", f"第 {state.broken} 条记录处断裂"),
        "Somebody changed the audit log in the database itself. Compare it with a backup made before, and "
        "look who may write to the control database.",
        "有人直接在数据库中改动了审计日志。请与之前的备份比对，并检查谁能写入控制库。",
    )


def _queue(findings: Findings, installation: Installation) -> None:
    rows, limit = installation.writer.queued_rows(), installation.settings.queue_rows
    detail = findings.say(f"{rows} of {limit} rows wait", f"排队 {rows} 行，上限 {limit}")
    if rows < limit // 2:
        findings.ok("queue", detail)
        return
    findings.bad(
        "queue",
        "warn",
        detail,
        "The store is slower than the traffic: look at disk_write, or raise queue_rows for short bursts.",
        "存储速度跟不上流量：请检查 disk_write，短时高峰可调大 queue_rows。",
    )


def _project(findings: Findings, project: OpenProject) -> None:
    store, name = project.store, f"project {project.row.id}"
    applied = applied_versions(store.engine, store.layout)
    missing = [each.version for each in MIGRATIONS if each.version not in applied]
    unknown = sorted(applied - {each.version for each in MIGRATIONS})
    if missing or unknown:
        _restart(findings, f"{name} schema", f"missing {missing}, unknown {unknown}")
    events = store.engine.scalar(f"SELECT count() FROM {store.table('events')}")
    findings.ok(name, findings.say(f"{events} events", f"{events} 个事件"))
    held = store.engine.scalar(f"SELECT count() FROM {store.table('quarantine')} FINAL WHERE status = 'held'")
    waiting = store.engine.scalar(
        f"SELECT count() FROM {store.table('identity_overrides')} FINAL WHERE pending"
    )
    _backlog(
        findings,
        f"{name} quarantine",
        held,
        QUARANTINE_WARN,
        "Look at `bihuan quarantine summary`, mend the sender or the plan, then replay or discard.",
        "请查看 `bihuan quarantine summary`，修正数据源或埋点方案后重放或丢弃。",
    )
    _backlog(
        findings,
        f"{name} identities",
        waiting,
        OVERRIDES_WARN,
        "Merged people are right but slow to query until a background job has rewritten them: keep "
        "`bihuan serve` or a worker running.",
        "合并用户的查询结果正确但较慢，需等待后台任务重写：请保持 `bihuan serve` 或 worker 运行。",
    )
    _months(findings, project)


def _months(findings: Findings, project: OpenProject) -> None:
    name, months = f"project {project.row.id} months", unsettled(project.store, UNSETTLED_SECONDS)
    if not months:
        findings.ok(name, findings.say("all settled", "均已整理"))
        return
    names = ", ".join(month.partition_id for month in months[:6]) + (" …" if len(months) > 6 else "")
    parts = max(month.parts for month in months)
    findings.bad(
        name,
        "warn",
        findings.say(
            f"{len(months)} not settled for an hour ({names}), up to {parts} parts",
            f"{len(months)} 个月超过一小时未整理（{names}），单月最多 {parts} 个数据块",
        ),
        "Answers are right but read more than they need until a background job has merged these months: keep "
        "`bihuan serve` or a worker running; it waits while much is being stored.",
        "查询结果正确，但在后台任务合并这些月份之前会多读数据：请保持 `bihuan serve` 或 worker 运行；"
        "大量写入时该任务会等待。",
    )


def _backlog(findings: Findings, name: str, count: int, limit: int, en: str, zh: str) -> None:
    detail = findings.say(f"{count} wait", f"{count} 条待处理")
    if count < limit:
        findings.ok(name, detail)
    else:
        findings.bad(name, "warn", detail, en, zh)


def _unavailable(findings: Findings, name: str, detail: str) -> None:
    findings.bad(
        name,
        "fail",
        detail,
        "Start it, or correct its DSN in the settings; senders keep their events and try again.",
        "请启动该服务或修正配置中的 DSN；发送方会保留事件并重试。",
    )


def _restart(findings: Findings, name: str, detail: str) -> None:
    findings.bad(
        name,
        "fail",
        detail,
        "Restart every process with the newest installed version: it migrates at start.",
        "请用已安装的最新版本重启所有进程，启动时会自动迁移。",
    )
