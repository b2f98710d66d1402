"""Certificates in pictures: read-certificates. It writes nothing: that is confirmed by a person, in the window."""

import argparse
from pathlib import Path
from typing import Any

from app.certificate_intake.matching import MatchedPicture
from app.certificate_intake.proposals import ColumnProposal, column_proposals, read_files, read_folder
from app.commands import Commands, add_command
from app.commands.workbook import open_workbook, print_json
from app.progress import run_to_completion


def add(commands: Commands) -> None:
    read = add_command(commands, "read-certificates", "从照片里读证件，列出认出的内容和归到谁，不写入", _read)
    read.add_argument("pictures", type=Path, metavar="FOLDER|PICTURE", help="一张照片，或照片所在的文件夹")
    read.add_argument("--json", action="store_true")


def _read(args: argparse.Namespace) -> None:
    with open_workbook(args) as workbook:
        task = read_folder(workbook, args.pictures) if args.pictures.is_dir() else read_files(workbook, [args.pictures])
        found = run_to_completion(task)
        with workbook.reading() as session:
            told = [
                (one, column_proposals(session, certificate.kind, certificate.values, one.owner) if certificate else [])
                for one in found
                for certificate in [one.picture.certificate]
            ]
    if args.json:
        print_json([_as_json(one, columns) for one, columns in told])
        return
    for one, columns in told:
        kind = one.picture.certificate.kind.title if one.picture.certificate else ""
        print("\t".join((one.picture.path.name, kind, one.owner.label if one.owner else "", one.doubt)))
        for column in columns:
            if column.read is not None:
                now = f"{_text(column, column.now)} → " if column.now is not None and not column.is_same else ""
                print(f"\t{column.place.field.label}\t{now}{_text(column, column.read.value)}\t{column.read.doubt}")


def _as_json(one: MatchedPicture, columns: list[ColumnProposal]) -> dict[str, Any]:
    """What was read under stable keys; numbers masked as in every list."""
    owner, certificate = one.owner, one.picture.certificate
    return {
        "picture": one.picture.path.name,
        "kind": certificate.kind.key if certificate else "",
        "household": owner.household_id if owner else "",
        "member": owner.member_id if owner else "",
        "doubt": one.doubt,
        "columns": [
            {
                "column": f"{column.place.table}.{column.place.column}",
                "now": _text(column, column.now),
                "read": _text(column, column.read.value),
                "certain": column.read.is_certain,
                "doubt": column.read.doubt,
            }
            for column in columns
            if column.read is not None
        ],
    }


def _text(column: ColumnProposal, value: object) -> str:
    return column.place.field.text(value, hide=True)
