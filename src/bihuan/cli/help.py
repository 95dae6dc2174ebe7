"""Help and usage errors in the operator's language.

Laid out here, not by typer: its own layout speaks English only, loads most of ``rich``, and counts a Chinese
character as one column.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import east_asian_width

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import Abort, TyperException

from bihuan.cli.chinese import USAGE_ERRORS
from bihuan.cli.language import EXPLANATION, OPTION, decide, help_text, say, speak, spoken, without_option

if TYPE_CHECKING:
    _Base = TyperCommand
else:
    # Typer keeps the class that its commands and groups have in common to itself.
    _Base = object

_NARROWEST, _WIDEST = 50, 104
_INDENT, _NAMES_WIDEST = 2, 34
_KINDS = {
    "str": ("TEXT", "文本"),
    "list[str]": ("TEXT…", "文本…"),
    "int": ("NUMBER", "数字"),
    "int range": ("NUMBER", "数字"),
    "path": ("PATH", "路径"),
}
# Words of ASCII with the spaces after them; every wide character may end a line.
_PIECE = re.compile(r"[\x21-\x7e]+ *| +|.", re.S)
# A line may not begin with these.
_CLOSING = "，。；：、！？）】》”…·,.;:!?)"


class _Spoken(_Base):
    """What typer's commands and groups show, in the operator's language."""

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters, their help in the language spoken."""
        return _speaking(super().get_params(ctx))

    def get_short_help_str(self, limit: int = 45) -> str:
        """The first paragraph, for lists of commands and shell completion."""
        return _summary(self.help)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Write the whole help page."""
        formatter.write(page(self, ctx))


class Command(_Spoken, TyperCommand):
    """A command whose help is in the operator's language."""


class Group(_Spoken, TyperGroup):
    """A group of commands whose help is in the operator's language."""


class Root(Group):
    """``bihuan`` itself: decides the language before anything else and words usage errors."""

    def main(self, args: Sequence[str] | None = None, *positional: Any, **extra: Any) -> Any:
        """Run a command line and end the process with its exit code."""
        given = sys.argv[1:] if args is None else list(args)
        speak(decide(given, os.environ))
        try:
            code = super().main(without_option(given), *positional, **{**extra, "standalone_mode": False})
        except TyperException as error:
            _show_usage_error(error)
            sys.exit(error.exit_code)
        except Abort:
            typer.echo(say("Aborted.", "已取消。"), err=True)
            sys.exit(1)
        sys.exit(code if isinstance(code, int) else 0)


def page(command: _Spoken, ctx: Any) -> str:
    """The help of a command or group: usage, text, arguments, options, commands, epilogue."""
    pieces = " ".join(command.collect_usage_pieces(ctx))
    if spoken() == "zh":
        pieces = pieces.replace("[OPTIONS]", "[选项]").replace("COMMAND [ARGS]...", "命令 [参数]...")
    pieces = re.sub(r"\{(\w+)\}", r"\1", pieces)
    lines = [_bold(say("Usage: ", "用法：")) + f"{ctx.command_path} {pieces}", ""]
    for paragraph in help_text(command.help).split("\n\n"):
        lines += [*_wrapped(paragraph, _INDENT), ""]
    sections: dict[str, list[tuple[str, str]]] = {}
    for param in command.get_params(ctx):
        if not param.hidden:
            title = say("Arguments:", "参数：") if isinstance(param, TyperArgument) else _panel(param)
            sections.setdefault(title, []).append((_names(param, ctx), _described(param, ctx)))
    if isinstance(command, Group):
        # Understood everywhere, because it is read before the command line is parsed.
        rows = [(f"{OPTION} en|zh", help_text(EXPLANATION))]
        sections[say("Shared options:", "公共选项：")] = rows
        rows = [(name, each.get_short_help_str()) for name, each in command.commands.items()]
        sections[say("Commands:", "命令：")] = rows
    for title, rows in sections.items():
        lines += [_bold(title), *_columns(rows), ""]
    if command.epilog:
        lines += _wrapped(help_text(command.epilog), 0)
    return "\n".join(lines).rstrip() + "\n"


def _speaking(params: list[Any]) -> list[Any]:
    for param in params:
        param.help = help_text(param.help)
        if getattr(param, "is_flag", False) and param.default is None:
            # Typer loads pydantic to convert a flag's None; it takes longer than all the rest.
            param.default = False
    return params


def _summary(text: str | None) -> str:
    return help_text(text).split("\n\n")[0]


def _panel(param: Any) -> str:
    shared = getattr(param, "rich_help_panel", None)
    return say("Shared options:", "公共选项：") if shared else say("Options:", "选项：")


def _names(param: Any, ctx: Any) -> str:
    if isinstance(param, TyperArgument):
        return str(param.metavar or param.name) + ("…" if param.nargs != 1 else "")
    names = ", ".join(sorted(param.opts, key=len))
    if param.secondary_opts:
        names += " / " + ", ".join(param.secondary_opts)
    if param.is_flag:
        return names
    shown = str(param.display_type(ctx)).strip("<>")
    return f"{names} {param.metavar or say(*_KINDS.get(shown, (shown, shown)))}"


def _described(param: Any, ctx: Any) -> str:
    notes = []
    if isinstance(param, TyperArgument):
        shown = str(param.display_type(ctx)).strip("<>")
        if "|" in shown:
            notes.append(shown)
    if isinstance(param, TyperOption) and param.envvar and param.show_envvar:
        notes.append(say("environment: ", "环境变量：") + str(param.envvar))
    default = param.get_default(ctx, call=False)
    if isinstance(default, bool) and param.secondary_opts:
        default = (param.opts if default else param.secondary_opts)[0]
    if default not in (None, False, (), []) and param.show_default:
        notes.append(say("default: ", "默认：") + str(default))
    if param.min is not None or param.max is not None:
        low, high = ("" if each is None else str(each) for each in (param.min, param.max))
        notes.append(f"{low}–{high}" if low and high else f"≥ {low}" if low else f"≤ {high}")
    if param.required:
        notes.append(say("required", "必填"))
    return " ".join([param.help, *(f"[{note}]" for note in notes)]).strip()


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    widest = max(width for name, _ in rows if (width := _width(name)) <= _NAMES_WIDEST or len(rows) == 1)
    column = _INDENT + min(widest, _NAMES_WIDEST) + 2
    lines = []
    for name, text in rows:
        described = _wrapped(text, column)
        head = " " * _INDENT + name
        if described and _width(head) + 2 <= column:
            described[0] = head + " " * (column - _width(head)) + described[0].lstrip()
        else:
            described.insert(0, head)
        lines += described
    return lines


def _wrapped(text: str, indent: int) -> list[str]:
    """Lines of at most the terminal's width, counted in columns of the terminal."""
    room = max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size().columns)) - indent
    lines: list[str] = []
    line: list[str] = []
    for piece in _PIECE.findall(text):
        if line and _width("".join(line) + piece.rstrip()) > room:
            carried = [line.pop()] if piece[0] in _CLOSING and len(line) > 1 else []
            lines.append("".join(line))
            line = carried
        line.append(piece)
    return [" " * indent + each.strip() for each in [*lines, "".join(line)] if each.strip()]


def _width(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _bold(text: str) -> str:
    return typer.style(text, bold=True)


def _show_usage_error(error: TyperException) -> None:
    message = error.format_message().replace("Value error, ", "")
    context = getattr(error, "ctx", None)
    if type(error).__name__ == "NoArgsIsHelpError":
        typer.echo(message, err=True)
        return
    if spoken() == "zh":
        for pattern, chinese in USAGE_ERRORS.items():
            message = re.sub(pattern, chinese, message)
    typer.echo(typer.style(f"✗ {message}", fg="red", bold=True), err=True)
    if context is not None:
        ask = f"`{context.command_path} --help`"
        typer.echo("  " + say(f"{ask} explains the command.", f"{ask} 可查看用法。"), err=True)
