"""What can go wrong with background jobs."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class JobNotFound(BihuanError):
    """No job with this id, or it was finished long ago and cleared away."""

    code = "job_not_found"
    status = 404
    messages = {"en": "There is no job {job_id}.", "zh": "任务 {job_id} 不存在。"}


class JobNameUnknown(BihuanError):
    """No job is registered under this name."""

    code = "job_name_unknown"
    status = 500
    messages = {
        "en": "No job is registered as {name!r}.",
        "zh": "没有注册名为 {name!r} 的任务。",
    }


class ScheduleInvalid(BihuanError):
    """Neither a cron line nor a period that a clock can keep; ``reason`` says what is wrong."""

    code = "schedule_invalid"
    status = 422
    messages = {
        "en": "The schedule cannot be used: {reason}.",
        "zh": "计划时间无法使用：{reason}。",
    }
    hints = {
        "en": "Use five cron fields (minute hour day month weekday), or a period that divides a minute, "
        "an hour or a day.",
        "zh": "请使用五段 cron（分 时 日 月 周），或能整除一分钟、一小时或一天的周期。",
    }


class JobWorkerRunning(BihuanError):
    """Another process already runs the jobs of this SQLite file."""

    code = "job_worker_running"
    status = 409
    messages = {
        "en": "Another process already runs the jobs of {file}.",
        "zh": "已有其他进程在运行 {file} 的任务。",
    }
    hints = {
        "en": "Stop it, or use PostgreSQL, on which several processes share the work.",
        "zh": "请先停止该进程，或改用 PostgreSQL 以支持多进程分担任务。",
    }


class JobsStopped(BihuanError):
    """Jobs are used before ``start`` or after ``stop``."""

    code = "jobs_stopped"
    status = 503
    messages = {"en": "Background jobs are not running.", "zh": "后台任务未运行。"}


class JobCancelled(BihuanError):
    """Raised inside a job, at its next progress report, after somebody cancelled it."""

    code = "job_cancelled"
    status = 409
    messages = {"en": "The job {job_id} was cancelled.", "zh": "任务 {job_id} 已取消。"}


class JobStepFailed(BihuanError):
    """A step that failed before the process was restarted, as it was written down."""

    code = "job_step_failed"
    status = 500
    messages = {"en": "{kind}: {text}", "zh": "{kind}：{text}"}
