"""A report to technicians: one text file without personal data.

It has versions, how much of what there is, settings without words, and the log, which holds kinds and places of errors
and no values. Names of folders, files and people are taken out of whatever could hold them.
"""

import platform
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, text

from app.desktop.log_files import LOG_NAME, log_dir
from app.desktop.program import is_built, is_installed, version
from app.errors import UserError
from app.help.components import components
from app.progress import Progress, Task
from app.workbook import preferences
from app.workbook.files import atomic_write
from app.workbook.workbook import Workbook
from db.journal.changes import last_seq
from db.schema import records

_LOG_BYTES = 300_000  # of the end of each log
_DIGITS = re.compile(r"\d{11,}[Xx]?")  # telephone, account and ID numbers


def suggested_name() -> str:
    """What the file is called: the day and the minute, no village."""
    return f"驻村户档技术报告-{datetime.now():%Y%m%d-%H%M}.txt"


def write_report(out: Path, workbook: Workbook | None, surroundings: Mapping[str, str]) -> Task[Path]:
    """Write the report; nothing is written before all of it has been gathered.

    Args:
        workbook: the one that is open, None for none
        surroundings: what the window knows: version of Qt, screen, scale

    Raises:
        UserError: the place cannot be written
    """
    counted = (yield from _workbook_lines(workbook)) if workbook is not None else ["工作簿\t没有打开"]
    yield Progress(0, 0, "正在读取日志")
    lines = [
        f"驻村户档技术报告　{datetime.now():%Y-%m-%d %H:%M}",
        "本文件不含农户、干部的姓名、号码和工作簿内容，可直接发给技术人员。",
        "",
        *_program_lines(surroundings),
        *counted,
        "",
        "组件",
        *(f"{one.name}\t{one.version}" for one in components()),
        "",
        *_log_lines(),
    ]
    hidden = _private_words(workbook)
    yield Progress(0, 0, "正在写入")
    try:
        with atomic_write(out) as temporary:
            temporary.write_text("\n".join(_cleaned(line, hidden) for line in lines) + "\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"“{out.parent}”不能写入，技术报告没有保存。请换一个文件夹。") from error
    return out


def _program_lines(surroundings: Mapping[str, str]) -> Iterator[str]:
    kind = "安装包" if is_installed() else "绿色版" if is_built() else "源代码"
    yield f"版本\t{version()}（{kind}）"
    yield f"系统\t{platform.system()} {platform.release()} {platform.machine()}"
    yield f"Python\t{sys.version.split()[0]}"
    for name, value in surroundings.items():
        yield f"{name}\t{value}"


def _workbook_lines(workbook: Workbook) -> Task[list[str]]:
    """Sizes and counts, and preferences that are no words."""
    lines = [f"文件大小\t{workbook.path.stat().st_size} 字节"]
    with workbook.reading() as session:
        lines.append(f"工作簿格式\t{session.scalar(text('SELECT version_num FROM alembic_version'))}")
        for done, (name, record) in enumerate(records().items()):
            yield Progress(done, len(records()), "正在清点")
            if count := session.scalar(select(func.count()).select_from(record)):
                lines.append(f"记录 {name}\t{count}")
        lines.append(f"变更\t{last_seq(session)}")
    for preference in preferences.PREFERENCES:
        if not isinstance(preference.default, str) or preference.choices:
            lines.append(f"设置 {preference.key}\t{preferences.get(workbook, preference.key)}")
    return lines


def _log_lines() -> Iterator[str]:
    """The end of each log, the newest first."""
    for path in sorted(log_dir().glob(f"{LOG_NAME}*")):
        yield f"日志 {path.name}"
        try:
            yield from path.read_bytes()[-_LOG_BYTES:].decode("utf-8", "replace").splitlines()
        except OSError:
            yield "（不能读取）"
        yield ""


def _private_words(workbook: Workbook | None) -> list[str]:
    """Names that a path or a message could carry: of this user's folder, the file, its villages and operators."""
    own_folder = Path("~").expanduser()
    words = [str(own_folder), own_folder.name]
    if workbook is not None:
        words += [str(workbook.path.parent), workbook.path.stem, workbook.operator]
        words += [village.name for village in workbook.villages]
    return sorted((word for word in words if len(word) > 1 and word != "root"), key=len, reverse=True)


def _cleaned(line: str, hidden: list[str]) -> str:
    for word in hidden:
        line = line.replace(word, "…")
    return _DIGITS.sub("…", line)
