"""Text fields of a ``multipart/form-data`` body."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser

from bihuan.collect.protocols.encoding import payload_invalid


def multipart_fields(body: bytes, content_type: str) -> dict[str, str]:
    """The form's text fields; files in it are left out.

    Raises:
        PayloadInvalid: it is not a multipart form.
    """
    # The standard library's mail parser is the one that reads MIME parts; it wants the header first.
    header = b"Content-Type: " + content_type.encode("latin-1", "replace") + b"\r\n\r\n"
    try:
        message = BytesParser(policy=policy.HTTP).parsebytes(header + body)
        parts = list(message.iter_parts()) if message.is_multipart() else None
        if parts is None:
            raise payload_invalid("it is not a multipart form.", "不是有效的 multipart 表单。")
        fields: dict[str, str] = {}
        for part in parts:
            name = part.get_param("name", header="content-disposition")
            content = part.get_payload(decode=True)
            if isinstance(name, str) and part.get_filename() is None and isinstance(content, bytes):
                fields[name] = content.decode("utf-8", "replace")
    except (ValueError, LookupError, AttributeError, TypeError, IndexError):
        raise payload_invalid("it is not a multipart form.", "不是有效的 multipart 表单。") from None
    return fields
