"""What can go wrong with logging in elsewhere."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class OidcOff(BihuanError):
    """No identity provider is set."""

    code = "oidc_off"
    status = 404
    messages = {"en": "No identity provider is set up.", "zh": "未配置统一登录。"}
    hints = {
        "en": "Set BIHUAN_OIDC_ISSUER, BIHUAN_OIDC_CLIENT_ID and BIHUAN_OIDC_CLIENT_SECRET.",
        "zh": "请设置 BIHUAN_OIDC_ISSUER、BIHUAN_OIDC_CLIENT_ID 和 BIHUAN_OIDC_CLIENT_SECRET。",
    }


class OidcUnreachable(BihuanError):
    """The identity provider does not answer as the standard says; ``reason`` says how."""

    code = "oidc_unreachable"
    status = 503
    messages = {
        "en": "The identity provider does not answer rightly: {reason}",
        "zh": "统一登录服务响应异常：{reason}",
    }


class OidcRefused(BihuanError):
    """The provider did not let the person in, or what came back is not what was asked for."""

    code = "oidc_refused"
    status = 401
    messages = {"en": "The identity provider did not log you in.", "zh": "统一登录未通过。"}
    hints = {"en": "Begin again from the log-in page.", "zh": "请从登录页重新开始。"}


class OidcMemberUnknown(BihuanError):
    """The provider knows the person, Bihuan does not."""

    code = "oidc_member_unknown"
    status = 403
    messages = {
        "en": "Nobody here has the e-mail address that the identity provider gave.",
        "zh": "统一登录返回的邮箱不属于任何成员。",
    }
    hints = {"en": "Ask an owner for an invitation.", "zh": "请联系负责人邀请你。"}
