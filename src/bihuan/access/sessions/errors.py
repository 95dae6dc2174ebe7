"""What can go wrong with logging in and staying so."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class LoginFailed(BihuanError):
    """The e-mail address, the password or the code is wrong, or the account may not log in.

    One answer for all: a caller who guesses learns nothing.
    """

    code = "login_failed"
    status = 401
    messages = {
        "en": "The e-mail address, the password or the code is not right.",
        "zh": "邮箱、密码或验证码不正确。",
    }
    hints = {
        "en": "An owner can give you a link to choose a new password.",
        "zh": "可请负责人为你生成重设密码的链接。",
    }


class TotpNeeded(BihuanError):
    """The password is right; the account also wants a code of its authenticator."""

    code = "totp_needed"
    status = 401
    messages = {
        "en": "Enter the code that your authenticator app shows.",
        "zh": "请输入身份验证器应用中显示的验证码。",
    }


class LoginLocked(BihuanError):
    """Too many attempts, for the account or from the address; ``just_now``: this one was the last allowed."""

    code = "login_locked"
    status = 429
    messages = {
        "en": "Too many attempts to log in. Try again in {retry_after_seconds} s.",
        "zh": "登录尝试次数过多，请在 {retry_after_seconds} 秒后再试。",
    }

    def __init__(self, *, retry_after_seconds: int, just_now: bool = False) -> None:
        self.just_now = just_now
        super().__init__(retry_after_seconds=retry_after_seconds)


class SessionEnded(BihuanError):
    """The cookie is of no session that is in force."""

    code = "session_ended"
    status = 401
    messages = {"en": "Your session has ended.", "zh": "登录已失效。"}
    hints = {"en": "Log in again.", "zh": "请重新登录。"}


class SessionNeeded(BihuanError):
    """Only a member who is logged in may do this, no key or token."""

    code = "session_needed"
    status = 403
    messages = {
        "en": "This needs a member who is logged in; keys and tokens may not do it.",
        "zh": "此操作需要成员登录后进行，不能使用密钥或令牌。",
    }


class SessionNotFound(BihuanError):
    """The member has no such session."""

    code = "session_not_found"
    status = 404
    messages = {"en": "You have no such session.", "zh": "没有该登录会话。"}


class RequestForged(BihuanError):
    """A request with a cookie that does not come from a page of this server."""

    code = "request_forged"
    status = 403
    messages = {
        "en": "This request does not come from a page of this server.",
        "zh": "该请求并非来自本服务器的页面。",
    }
    hints = {
        "en": "Send the csrf_token of GET /api/me as the header x-csrf-token, from the server's own address.",
        "zh": "请在本服务器的页面中携带请求头 x-csrf-token，其值取自 GET /api/me 的 csrf_token。",
    }
