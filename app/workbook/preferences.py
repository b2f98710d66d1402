"""Every preference, declared once: label, choices or limits, default. Stored in the workbook, not journaled."""

import json
from dataclasses import dataclass

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.errors import UserError
from app.workbook.roles import REVIEW
from app.workbook.workbook import Workbook
from db.schema.setting import Setting

PreferenceValue = str | int | bool
_MAX_STORED_LENGTH = 10_000  # characters


@dataclass(frozen=True, slots=True)
class Preference:
    """`choices` (stored value, label) for a text preference, `minimum` and `maximum` for a number."""

    key: str
    label: str
    default: PreferenceValue
    hint: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    minimum: int = 0
    maximum: int = 10**6


PREFERENCES = (
    Preference("idle_minutes", "自动锁定时间（分钟）", 5, "0 表示不锁定", maximum=120),
    Preference(
        "per_capita_base",
        "人均纯收入的分母",
        "registered",
        "各地口径不同，按县里的要求选，会印在核算表上",
        (("registered", "登记在册人口"), ("resident", "常住人口")),
    ),
    Preference("visit_days", "走访提醒周期（天）", 90, minimum=1, maximum=366),
    Preference(
        "helper_word",
        "帮扶人员称谓",
        "",
        choices=(("", "照材料用语"), ("帮扶联系人", "帮扶联系人"), ("帮扶责任人", "帮扶责任人")),
    ),
    Preference("duplex", "档案双面打印", False, "每份表从新的一页正面开始"),
    Preference("backup_before_import", "导入前自动备份", True),
    Preference(
        "package_photographs",
        "单个数据包照片上限（MB）",
        200,
        "装不下的照片留给下一个包，0 表示不限",
        maximum=100_000,
    ),
    Preference("archive_unit", "建档单位", "", "印在档案封面上，不填则用村民委员会"),
)
_BY_KEY = {preference.key: preference for preference in PREFERENCES}


def get(workbook: Workbook, key: str) -> PreferenceValue:
    """The current value of a preference.

    Raises:
        KeyError: no such preference
    """
    with workbook.reading() as session:
        value = stored_value(session, key)
    return _BY_KEY[key].default if value is None else value


def stored_value(session: Session, key: str) -> PreferenceValue | None:
    """What was set for a preference, None if nothing or nothing that it accepts: a workbook may come from anywhere.

    Raises:
        KeyError: no such preference
    """
    preference = _BY_KEY[key]
    stored = session.scalar(select(Setting.value).where(Setting.key == key))
    if stored is None or len(stored) > _MAX_STORED_LENGTH:
        return None
    try:
        value: PreferenceValue = msgspec.json.decode(stored, type=type(preference.default), strict=True)
        _validate(preference, value)
    except (msgspec.MsgspecError, UserError):
        return None
    return value


def _validate(preference: Preference, value: PreferenceValue) -> None:
    if type(value) is not type(preference.default):
        raise UserError(f"“{preference.label}”不能是“{value}”。")
    if preference.choices and value not in dict(preference.choices):
        raise UserError(f"“{preference.label}”要从选项里选。")
    if isinstance(value, int) and not isinstance(value, bool) and not preference.minimum <= value <= preference.maximum:
        raise UserError(f"“{preference.label}”应在 {preference.minimum} 到 {preference.maximum} 之间。")


def save(workbook: Workbook, key: str, value: PreferenceValue) -> None:
    """Store a preference.

    Raises:
        KeyError: no such preference
        UserError: the value is not among its choices or outside its limits
    """
    workbook.require(REVIEW, "更改设置")
    _validate(_BY_KEY[key], value)
    with workbook.writing() as session:
        session.execute(delete(Setting).where(Setting.key == key))
        session.add(Setting(key=key, value=json.dumps(value, ensure_ascii=False)))
