"""Errors of reading and importing files: faults of the whole file or mapping, not of single rows."""

from __future__ import annotations

from bihuan.kernel.errors import BihuanError


class FileMissing(BihuanError):
    """There is no readable file at the path."""

    code = "file_missing"
    status = 404
    messages = {"en": "There is no file {name}.", "zh": "文件 {name} 不存在。"}


class FileFormatUnknown(BihuanError):
    """The content is none of the formats that can be read."""

    code = "file_format_unknown"
    status = 422
    messages = {"en": "The format of {name} is not known.", "zh": "无法识别 {name} 的文件格式。"}
    hints = {
        "en": "Readable are CSV, TSV, JSON (lines), Parquet, Arrow and XLSX, also in gz, bz2, zst or zip.",
        "zh": "支持 CSV、TSV、JSON、JSON lines、Parquet、Arrow、XLSX，以及它们的 gz、bz2、zst、zip 压缩包。",
    }


class FileEmpty(BihuanError):
    """The file has no rows from which columns could be learned."""

    code = "file_empty"
    status = 422
    messages = {"en": "{name} has no rows.", "zh": "{name} 中没有数据行。"}


class FilePartMissing(BihuanError):
    """The sheet, or the member of a zip file, that was asked for does not exist."""

    code = "file_part_missing"
    status = 422
    messages = {"en": "{name} has no part {part}.", "zh": "{name} 中没有 {part}。"}
    hints = {"en": "It has: {parts}.", "zh": "可用的有：{parts}。"}


class FileLineTooLong(BihuanError):
    """A line of text goes on for so long that this is hardly a text table."""

    code = "file_line_too_long"
    status = 422
    messages = {
        "en": "{name} has a line of more than {limit_bytes} bytes.",
        "zh": "{name} 中有一行超过 {limit_bytes} 字节。",
    }


class EncodingUnknown(BihuanError):
    """The declared character encoding does not exist."""

    code = "encoding_unknown"
    status = 422
    messages = {"en": "There is no encoding {encoding}.", "zh": "不存在名为 {encoding} 的编码。"}


class ColumnMissing(BihuanError):
    """The mapping names a column that the file does not have."""

    code = "column_missing"
    status = 422
    messages = {"en": "{name} has no column {column}.", "zh": "{name} 中没有列 {column}。"}
    hints = {"en": "Its columns are: {columns}.", "zh": "可用的列：{columns}。"}


class MappingInvalid(BihuanError):
    """The mapping cannot be read, or contradicts itself."""

    code = "mapping_invalid"
    status = 422
    messages = {"en": "The mapping is not valid: {reason_en}", "zh": "映射无效：{reason_zh}"}


class UploadNotFound(BihuanError):
    """No upload has this id: it was imported already, or given up."""

    code = "upload_not_found"
    status = 404
    messages = {"en": "There is no upload {upload_id}.", "zh": "没有上传文件 {upload_id}。"}
    hints = {
        "en": "Upload the file again; rows that were imported before are not imported twice.",
        "zh": "请重新上传文件；已导入的行不会重复导入。",
    }


class ImportNotFound(BihuanError):
    """No import of the project has this id."""

    code = "import_not_found"
    status = 404
    messages = {"en": "There is no import {import_id}.", "zh": "没有导入 {import_id}。"}


class ImportUnderWay(BihuanError):
    """An import of the project runs; undoing waits for all of them, since one may hold rows of another."""

    code = "import_under_way"
    status = 409
    messages = {"en": "An import of {file} is running.", "zh": "正在导入 {file}。"}
    hints = {"en": "Wait until it has ended, or cancel it.", "zh": "请等待其结束，或先取消。"}


class UndoUnderWay(BihuanError):
    """An import is being undone: rows that it is about to delete would count as stored already."""

    code = "undo_under_way"
    status = 409
    messages = {"en": "The import of {file} is being undone.", "zh": "正在撤销 {file} 的导入。"}
    hints = {
        "en": "Try again when that has ended; if it stopped half-way, undo the import once more.",
        "zh": "请在撤销结束后重试；若撤销中途停止，请再次撤销该导入。",
    }


class ImportNotStopped(BihuanError):
    """Only an import that stopped before its end can be continued."""

    code = "import_not_stopped"
    status = 409
    messages = {"en": "The import of {file} has not stopped half-way.", "zh": "{file} 的导入并未中途停止。"}


class ImportUndone(BihuanError):
    """The import was undone already."""

    code = "import_undone"
    status = 409
    messages = {"en": "The import of {file} was undone already.", "zh": "{file} 的导入已撤销。"}
    hints = {"en": "Upload the file to import it again.", "zh": "如需重新导入，请再次上传文件。"}
