"""What an officer does first with a new workbook, and how far that is."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from db.schema.aid import Assignment
from db.schema.exchange import Peer
from db.schema.household import Household
from db.schema.inspection import Round
from db.schema.policy import Policy


@dataclass(frozen=True, slots=True)
class FirstStep:
    """A step: the page where it is done, and whether it is."""

    page: str
    title: str
    detail: str
    done: bool
    needed: bool = True  # a village whose officer works alone has no colleague


def first_steps(session: Session) -> tuple[FirstStep, ...]:
    """The steps in their order; none once all that are needed are done."""

    def has(record: type) -> bool:
        return bool(session.scalar(select(exists().select_from(record))))

    steps = (
        FirstStep("roster_import", "导入农户名册", "国家系统导出的名册或 Excel 花名册，先预览再写入", has(Household)),
        FirstStep("helpers", "落实帮扶联系人", "登记帮扶联系人，与农户结对", has(Assignment)),
        FirstStep("rounds", "开展四净两规范检查", "新建一轮检查，逐户评分", has(Round)),
        FirstStep(
            "policy",
            "载入常见政策",
            "在政策库按 Ctrl+M，再照县里的文件核对",
            has(Policy),
            needed=False,
        ),
        FirstStep("sync", "添加同事", "交换名片，以后用 U 盘互相传数据包", has(Peer), needed=False),
    )
    return () if all(step.done for step in steps if step.needed) else steps
