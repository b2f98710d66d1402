"""What a register is about: the heading that it stands under among many, in the rail and in the menus."""

from enum import Enum

_AID, _VILLAGE = "帮扶台账", "村务台账"


class Topic(Enum):
    """The headings within a group, in their order.

    Attributes:
        group: the heading of the navigation that it stands under
        label: what it is called; "" where its registers stand under the group itself
    """

    SUPPORT = (_AID, "走访和措施")
    INDUSTRY = (_AID, "产业和金融")
    EMPLOYMENT = (_AID, "就业和培训")
    SCHOOL_AND_HEALTH = (_AID, "教育和健康")
    SECURITY = (_AID, "保障和住房")
    WORK = (_VILLAGE, "任务和会议")
    SUPERVISION = (_VILLAGE, "督查和信访")
    TEAM = (_VILLAGE, "驻村管理")
    PROJECTS = (_VILLAGE, "项目和产业")
    FACILITIES = (_VILLAGE, "设施和服务")
    ORGANISATION = (_VILLAGE, "组织和责任")
    SOCIETY = (_VILLAGE, "社会帮扶")
    REPORTS = (_VILLAGE, "村情和考核")
    PROBLEMS = ("检查整改", "")

    def __init__(self, group: str, label: str) -> None:
        self.group, self.label = group, label
