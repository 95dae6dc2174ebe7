"""Errors of tags."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class TagNotFound(BihuanError):
    """No such tag in this project."""

    code = "tag_not_found"
    status = 404
    messages = {"en": "There is no tag {tag_id}.", "zh": "标签 {tag_id} 不存在。"}


class TagExists(BihuanError):
    """Another tag has the name."""

    code = "tag_exists"
    status = 409
    messages = {"en": "There is a tag {name} already.", "zh": "已有名为「{name}」的标签。"}
    hints = {"en": "Choose another name, or change that tag.", "zh": "请换一个名称，或修改该标签。"}


class TagNotManual(BihuanError):
    """Values were given by hand to a tag that finds its own."""

    code = "tag_not_manual"
    status = 422
    messages = {
        "en": "The values of {name} are computed; they cannot be given by hand.",
        "zh": "「{name}」的取值由系统计算，不能手工设置。",
    }
    hints = {"en": "Make a manual tag for your own values.", "zh": "请新建手工标签来保存自己的取值。"}


class TagKindFixed(BihuanError):
    """A definition of another kind than the tag's."""

    code = "tag_kind_fixed"
    status = 422
    messages = {
        "en": "{name} is a tag of the kind {kind}, which stays as it is.",
        "zh": "「{name}」是 {kind} 类标签，类型不能更改。",
    }
    hints = {"en": "Make a new tag.", "zh": "请新建一个标签。"}


class SqlRefused(BihuanError):
    """A member's SQL that is no SELECT of the two views, or that the engine cannot read."""

    code = "sql_refused"
    status = 422
    messages = {"en": "This SQL cannot be a tag: {reason_en}.", "zh": "此 SQL 不能用作标签：{reason_zh}。"}
    hints = {
        "en": "Write one SELECT of person and value from events and people.",
        "zh": "请写一条 SELECT 语句，从 events 与 people 中取出 person 和 value 两列。",
    }


class SqlTagForbidden(BihuanError):
    """A member who may not see personal data wants to write SQL, which could copy it into a tag."""

    code = "sql_tag_forbidden"
    status = 403
    messages = {
        "en": "Tags by SQL may read personal data, which you may not see.",
        "zh": "SQL 标签可能读取个人信息，您没有查看权限。",
    }
    hints = {
        "en": "Ask a member who may, or use a rule or a statistic.",
        "zh": "请联系有权限的成员，或改用规则标签、统计标签。",
    }


class TagPersonal(BihuanError):
    """A tag whose values would be personal data, which everybody could then read."""

    code = "tag_personal"
    status = 422
    messages = {
        "en": "{name} is personal data; its texts cannot be a tag's values.",
        "zh": "{name} 属于个人信息，不能作为标签取值。",
    }
    hints = {
        "en": "Count it instead, or have the property declared not personal.",
        "zh": "可以改为计数，或由管理者将该属性标记为非个人信息。",
    }
