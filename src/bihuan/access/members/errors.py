"""What can go wrong with members, roles and links."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class MemberNotFound(BihuanError):
    """No such member here."""

    code = "member_not_found"
    status = 404
    messages = {"en": "There is no such member here.", "zh": "此处没有该成员。"}


class MemberExists(BihuanError):
    """The e-mail address has an account, or is already of this project."""

    code = "member_exists"
    status = 409
    messages = {"en": "{email} is already a member.", "zh": "{email} 已是成员。"}


class LastOwner(BihuanError):
    """Somebody must remain who can manage it."""

    code = "last_owner"
    status = 409
    messages = {
        "en": "The last owner cannot go, be disabled or take another role.",
        "zh": "最后一位负责人不能离开、被停用或改任其他角色。",
    }
    hints = {"en": "Make somebody else an owner first.", "zh": "请先将其他成员设为负责人。"}


class OwnerNeeded(BihuanError):
    """Only an owner makes or changes owners."""

    code = "owner_needed"
    status = 403
    messages = {
        "en": "Only an owner can make, change or remove owners.",
        "zh": "只有负责人才能设置、更改或移除负责人。",
    }


class MemberBeyondReach(BihuanError):
    """The member also belongs to projects that the caller does not manage."""

    code = "member_beyond_reach"
    status = 403
    messages = {
        "en": "This member also works in projects that you do not manage.",
        "zh": "该成员还属于你无权管理的其他项目。",
    }
    hints = {"en": "Ask an owner of the whole installation.", "zh": "请联系整个系统的负责人。"}


class LinkInvalid(BihuanError):
    """The link was used, has expired, was withdrawn or never existed."""

    code = "link_invalid"
    status = 404
    messages = {
        "en": "This link was used, has expired or was withdrawn.",
        "zh": "该链接已使用、已过期或已撤回。",
    }
    hints = {"en": "Ask for a new one.", "zh": "请索取新的链接。"}


class InvitationNotFound(BihuanError):
    """No such invitation is open in this project."""

    code = "invitation_not_found"
    status = 404
    messages = {"en": "There is no such invitation.", "zh": "没有该邀请。"}


class SetupDone(BihuanError):
    """The first member exists; others are invited."""

    code = "setup_done"
    status = 409
    messages = {
        "en": "Bihuan is set up already.",
        "zh": "闭环已完成初始设置。",
    }
    hints = {"en": "Log in, or ask an owner for an invitation.", "zh": "请登录，或请负责人邀请你。"}


class PasswordWeak(BihuanError):
    """A password that is guessed first."""

    code = "password_weak"
    status = 422
    messages = {
        "en": "Choose a password of at least {shortest} characters that is not easily guessed.",
        "zh": "请设置至少 {shortest} 个字符且不易被猜到的密码。",
    }


class PasswordWrong(BihuanError):
    """The current password, asked for again, is not right."""

    code = "password_wrong"
    status = 403
    messages = {"en": "The current password is not right.", "zh": "当前密码不正确。"}


class TotpWrong(BihuanError):
    """The code does not fit, or nothing waits to be confirmed."""

    code = "totp_wrong"
    status = 422
    messages = {
        "en": "The code is not right. Check the clock of your phone and try the next code.",
        "zh": "验证码不正确。请检查手机时间，并使用下一个验证码重试。",
    }


class TokenNotFound(BihuanError):
    """The member has no such token."""

    code = "token_not_found"
    status = 404
    messages = {"en": "You have no such token.", "zh": "没有该令牌。"}
