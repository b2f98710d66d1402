"""The portable zip and the Debian package, made of the folder that PyInstaller leaves."""

import gzip
import os
import platform
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

from app.desktop.association import desktop_files

NAME = "hudang"
DEBIAN_HOME = "opt/hudang"  # below the root: one folder, as the portable program is one
_MAINTAINER = "hudang <hudang@localhost>"
# what Qt's xcb platform needs and PyInstaller does not bring
_DEPENDS = "libc6, libegl1, libgl1, libfontconfig1, libdbus-1-3, libxkbcommon-x11-0, libxcb-cursor0"


def executable_name() -> str:
    """The program's file in its folder."""
    return f"{NAME}.exe" if sys.platform == "win32" else NAME


def make_portable(built: Path, out: Path, version: str) -> Path:
    """A zip with one folder of the version's name: a newer one is unpacked beside it."""
    target = out / f"{NAME}-{version}-{_system()}-{platform.machine().lower()}.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(built.rglob("*")):
            inside = f"{NAME}-{version}/{path.relative_to(built).as_posix()}"
            if path.is_symlink():
                info = zipfile.ZipInfo(inside)
                info.create_system, info.external_attr = 3, 0o120777 << 16
                archive.writestr(info, os.readlink(path))
            elif path.is_file():
                archive.write(path, inside)
    return target


def unpack_portable(archive: Path, folder: Path, version: str) -> Path:
    """Unpack as a file manager does, with modes and links; returns the program."""
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            mode = info.external_attr >> 16
            if mode & 0o170000 == 0o120000:
                link = folder / info.filename
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(packed.read(info).decode())
            else:
                path = Path(packed.extract(info, folder))
                if mode:
                    path.chmod(mode & 0o777)
    return folder / f"{NAME}-{version}" / executable_name()


def _system() -> str:
    return {"win32": "windows", "linux": "linux", "darwin": "macos"}.get(sys.platform, sys.platform)


def make_debian(built: Path, out: Path, version: str, licence: Path) -> Path | None:
    """A package that installs the same folder, and tells the desktop of the program and its files; None where the tool
    for it is not there."""
    if not shutil.which("dpkg-deb"):
        return None
    architecture = _output("dpkg", "--print-architecture")
    root = out / "debian-root"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(built, root / DEBIAN_HOME, symlinks=True)
    for name, content in desktop_files(f"/usr/bin/{NAME}").items():
        _write(root / "usr/share" / name, content)
    (root / "usr/bin").mkdir(parents=True)
    (root / "usr/bin" / NAME).symlink_to(f"/{DEBIAN_HOME}/{NAME}")
    notes = root / "usr/share/doc" / NAME
    _write(notes / "copyright", licence.read_text(encoding="utf-8"))
    changelog = (
        f"{NAME} ({version}) stable; urgency=medium\n\n  * See 更新记录 in the program's folder.\n\n -- {_MAINTAINER}  "
    )
    changelog += f"{_output('date', '-R')}\n"
    (notes / "changelog.gz").write_bytes(gzip.compress(changelog.encode(), 9, mtime=0))
    for path in root.rglob("*"):  # whatever the builder's mask was: everybody may read it
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
    size = sum(path.stat().st_size for path in root.rglob("*") if path.is_file() and not path.is_symlink()) // 1024
    _write(
        root / "DEBIAN/control",
        "\n".join(
            (
                f"Package: {NAME}",
                f"Version: {version}",
                f"Architecture: {architecture}",
                f"Maintainer: {_MAINTAINER}",
                f"Installed-Size: {size}",
                f"Depends: {_DEPENDS}",
                "Recommends: shared-mime-info, desktop-file-utils",
                "Section: misc",
                "Priority: optional",
                "Description: 驻村户档: household records for village work teams",
                " An offline program for the records of a village's households: rosters, visits,",
                " measures, inspections, exchange by stick, archives as PDF. No network is used.",
                "",
            )
        ),
    )
    target = out / f"{NAME}_{version}_{architecture}.deb"
    subprocess.run(
        ["dpkg-deb", "--root-owner-group", "-Zxz", "-z6", "--build", str(root), str(target)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    shutil.rmtree(root)
    return target


def unpack_debian(package: Path, folder: Path) -> Path:
    """What installing would lay down, below a folder; returns the program."""
    subprocess.run(["dpkg-deb", "-x", str(package), str(folder)], check=True)
    return folder / DEBIAN_HOME / NAME


def _output(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout.strip()


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
