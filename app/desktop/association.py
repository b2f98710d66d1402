"""Telling the desktop which files this program opens, for the current user only: no administrator, nothing shared.

On Windows keys below HKEY_CURRENT_USER\\Software\\Classes, elsewhere a desktop entry, MIME types and an icon in the
user's data folder. The Debian package brings the same files for everybody (`desktop_files`).
"""

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.sax.saxutils import escape

import resources
from app.desktop.file_kinds import FILE_KINDS
from app.errors import UserError

ICON = resources.ROOT / "desktop" / "hudang.svg"
DESKTOP_ENTRY = "applications/hudang.desktop"
MIME_TYPES = "mime/packages/hudang.xml"
APP_ICON = "icons/hicolor/scalable/apps/hudang.svg"
_CLASSES = "Software\\Classes"


def windows_values(executable: str) -> dict[str, str]:
    """Key below HKEY_CURRENT_USER → its default value."""
    values = {}
    for kind in FILE_KINDS:
        name = f"{_CLASSES}\\{kind.windows_name}"
        values[f"{_CLASSES}\\{kind.suffix}"] = kind.windows_name
        values[name] = kind.label
        values[f"{name}\\DefaultIcon"] = f'"{executable}",0'
        values[f"{name}\\shell\\open\\command"] = f'"{executable}" "%1"'
    return values


def desktop_files(executable: str) -> dict[str, str]:
    """Path below the data folder (/usr/share, ~/.local/share) → content."""
    icon = ICON.read_text(encoding="utf-8")
    icons = {f"icons/hicolor/scalable/mimetypes/{kind.mime.replace('/', '-')}.svg": icon for kind in FILE_KINDS}
    return {DESKTOP_ENTRY: _desktop_entry(executable), MIME_TYPES: _mime_types(), APP_ICON: icon, **icons}


def _desktop_entry(executable: str) -> str:
    quoted = executable.replace("\\", "\\\\\\\\").replace('"', '\\\\"').replace("`", "\\\\`").replace("$", "\\\\$")
    return "\n".join(
        (
            "[Desktop Entry]",
            "Type=Application",
            "Version=1.0",
            "Name=驻村户档",
            "Comment=驻村工作队的户档软件",
            f'Exec="{quoted.replace("%", "%%")}" %F',
            "Icon=hudang",
            "Terminal=false",
            "Categories=Office;Database;",
            f"MimeType={''.join(f'{kind.mime};' for kind in FILE_KINDS)}",
            "StartupNotify=true",
            "StartupWMClass=hudang",
            "",
        )
    )


def _mime_types() -> str:
    types = "\n".join(
        f'  <mime-type type="{kind.mime}">\n'
        f"    <comment>{escape(kind.label)}</comment>\n"
        f'    <glob pattern="*{kind.suffix}"/>\n'
        f"  </mime-type>"
        for kind in FILE_KINDS
    )
    head = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return f'{head}<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">\n{types}\n</mime-info>\n'


def data_folder() -> Path:
    """Where a user's own desktop entries lie."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path("~").expanduser() / ".local" / "share")


def register(executable: Path) -> bool:
    """Make double clicks open this program; returns whether anything had to be changed.

    Raises:
        UserError: the desktop's place for it cannot be written
    """
    try:
        if sys.platform == "win32":
            return _write_registry(windows_values(str(executable)))
        return _write_files(data_folder(), desktop_files(str(executable)))
    except OSError as error:
        raise UserError("不能登记文件类型：没有写入权限。双击打不开时，请在软件里按“打开…”。") from error


def unregister() -> None:
    """Take back what `register` wrote."""
    if sys.platform == "win32":
        _remove_registry(windows_values(""))
        return
    for name in desktop_files(""):
        with contextlib.suppress(OSError):
            (data_folder() / name).unlink(missing_ok=True)
    _update_databases(data_folder())


def _write_files(folder: Path, files: Mapping[str, str]) -> bool:
    changed = False
    for name, content in files.items():
        path = folder / name
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            changed = True
    if changed:
        _update_databases(folder)
    return changed


def _update_databases(folder: Path) -> None:
    """The desktop's own tools, where it has them, so that a new type counts at once."""
    for program, below in (("update-mime-database", "mime"), ("update-desktop-database", "applications")):
        if shutil.which(program) and (folder / below).is_dir():
            subprocess.run([program, str(folder / below)], check=False, capture_output=True, timeout=60)


def _write_registry(values: Mapping[str, str]) -> bool:
    changed = False
    if sys.platform == "win32":
        import winreg

        for key, value in values.items():
            with winreg.CreateKey(winreg.HKEY_CURRENT_USER, key) as handle:
                try:
                    current = winreg.QueryValueEx(handle, "")[0]
                except FileNotFoundError:
                    current = None
                if current != value:
                    winreg.SetValueEx(handle, "", 0, winreg.REG_SZ, value)
                    changed = True
        if changed:
            import ctypes

            ctypes.windll.shell32.SHChangeNotify(0x08000000, 0, None, None)  # SHCNE_ASSOCCHANGED
    return changed


def _remove_registry(values: Mapping[str, str]) -> None:
    if sys.platform == "win32":
        import winreg

        for key in sorted(values, key=len, reverse=True):
            while key != _CLASSES:
                with contextlib.suppress(OSError):  # not there, or something below it is left
                    winreg.DeleteKey(winreg.HKEY_CURRENT_USER, key)
                key = key.rpartition("\\")[0]
