"""Errors of annotations."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class AnnotationNotFound(BihuanError):
    """No such annotation in this project."""

    code = "annotation_not_found"
    status = 404
    messages = {"en": "There is no annotation {annotation_id}.", "zh": "标注 {annotation_id} 不存在。"}
