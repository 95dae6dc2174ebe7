"""Errors of templates and consent."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class TemplateNotFound(BihuanError):
    """No such template in this project, or no such version of it."""

    code = "template_not_found"
    status = 404
    messages = {"en": "There is no template {template_id}.", "zh": "模板 {template_id} 不存在。"}


class TemplateExists(BihuanError):
    """Another template has the name."""

    code = "template_exists"
    status = 409
    messages = {"en": "There is a template {name} already.", "zh": "已有名为「{name}」的模板。"}
    hints = {"en": "Choose another name, or change that one.", "zh": "请换一个名称，或修改该模板。"}


class TemplateSealed(BihuanError):
    """A template was sent; it is kept for what was sent with it."""

    code = "template_sealed"
    status = 409
    messages = {
        "en": "{name} was sent with: it is kept, since messages refer to it.",
        "zh": "「{name}」已用于发送，消息记录仍引用它，不能删除。",
    }


class TemplateInvalid(BihuanError):
    """A template that cannot be compiled."""

    code = "template_invalid"
    status = 422
    messages = {"en": "{place}: {reason_en}", "zh": "{place}：{reason_zh}"}
    hints = {
        "en": "Line and column are of the field's source.",
        "zh": "行号与列号指字段源文本中的位置。",
    }


class MediumFixed(BihuanError):
    """Content of another medium than the template's."""

    code = "template_medium_fixed"
    status = 422
    messages = {
        "en": "This template is for {medium}, which stays as it is.",
        "zh": "该模板用于 {medium}，不能更改。",
    }
    hints = {"en": "Make a new template.", "zh": "请新建一个模板。"}


class VariantUnknown(BihuanError):
    """A variant that the template does not have."""

    code = "template_variant_unknown"
    status = 422
    messages = {
        "en": "There is no variant {variant}; there are {variants}.",
        "zh": "没有变体 {variant}；现有：{variants}。",
    }


class RenderingFailed(BihuanError):
    """A message that cannot be written for somebody."""

    code = "rendering_failed"
    status = 422
    messages = {"en": "{place}: {reason_en}", "zh": "{place}：{reason_zh}"}
    hints = {
        "en": "Give it a value with the filter default, or leave out whom it is missing of.",
        "zh": "可用 default 过滤器给出缺省值，或排除缺少该值的人。",
    }


class SnippetNotFound(BihuanError):
    """No such snippet in this project."""

    code = "snippet_not_found"
    status = 404
    messages = {"en": "There is no snippet {snippet_id}.", "zh": "片段 {snippet_id} 不存在。"}


class SnippetExists(BihuanError):
    """Another snippet has the name."""

    code = "snippet_exists"
    status = 409
    messages = {"en": "There is a snippet {name} already.", "zh": "已有名为「{name}」的片段。"}


class SnippetUsed(BihuanError):
    """A snippet that templates still use."""

    code = "snippet_used"
    status = 409
    messages = {"en": "{name} is used in {users}.", "zh": "「{name}」仍被 {users} 使用。"}
    hints = {"en": "Take it out of these first.", "zh": "请先从中移除该片段。"}


class LookupNotFound(BihuanError):
    """No such look-up table in this project."""

    code = "lookup_not_found"
    status = 404
    messages = {"en": "There is no look-up table {name}.", "zh": "查找表 {name} 不存在。"}


class PurposeNotFound(BihuanError):
    """No such purpose in this project."""

    code = "purpose_not_found"
    status = 404
    messages = {"en": "There is no purpose {purpose}.", "zh": "用途 {purpose} 不存在。"}


class PurposeFixed(BihuanError):
    """A purpose that every project has."""

    code = "purpose_fixed"
    status = 409
    messages = {
        "en": "{purpose} is a purpose that every project has; it cannot be deleted.",
        "zh": "{purpose} 是每个项目都有的用途，不能删除。",
    }


class LinkInvalid(BihuanError):
    """A link to preferences, to unsubscribe or to confirm that is none of ours, or too old."""

    code = "message_link_invalid"
    status = 404
    messages = {
        "en": "This link is not complete, or no longer valid.",
        "zh": "该链接不完整或已失效。",
    }
    hints = {"en": "Open the one in a newer message.", "zh": "请打开较新消息中的链接。"}


class SuppressionNotFound(BihuanError):
    """No such suppression in this project."""

    code = "suppression_not_found"
    status = 404
    messages = {"en": "There is no suppression {suppression_id}.", "zh": "屏蔽记录 {suppression_id} 不存在。"}
