"""Schooling: 控辍保学, and grades that do not fit an age."""

from collections.abc import Iterator

from app.quality.home import Home, limit, marked, told
from app.quality.rule import DOUBT, ERROR, Clash, clash, rule, said

_LOW = ("文盲或半文盲", "小学")
_HIGH = ("大专", "本科及以上")


@rule("out_of_school", ERROR, "义务教育段不在校", "§6-10；R022")
def out_of_school(home: Home) -> Iterator[Clash]:
    """6 to 15 and not at school; the first September after the sixth birthday is where school begins."""
    for one in home.members:
        row = one.row
        young = one.age == limit("school_from") and row.school_status in marked("school_status", "stage", "学龄前")
        known = (row.school_status or row.education) and not row.dropout_cause and not one.disabled
        if known and one.between(limit("school_from"), limit("school_to")) and not one.at_school and not young:
            sentence = f"{one.name} {one.age} 岁，{said(row, 'school_status', 'dropout_cause')}。请核对是否在校。"
            yield clash(row, sentence, "school_status", "birth", "dropout_cause")


@rule("dropped_out", DOUBT, "义务教育段失学辍学", "§6-10")
def dropped_out(home: Home) -> Iterator[Clash]:
    """6 to 15 with a cause for not being at school: 送教上门 or another way must be on record."""
    for one in home.members:
        if one.between(limit("school_from"), limit("school_to")) and one.row.dropout_cause and not one.at_school:
            columns = ("dropout_cause", "school_status", "birth")
            yield clash(
                one.row, f"{one.name} {one.age} 岁，{said(one.row, 'dropout_cause')}，请落实教育保障。", *columns
            )


@rule("preschool_late", ERROR, "7 岁以上仍是学龄前", "§6-12；R023")
def preschool_late(home: Home) -> Iterator[Clash]:
    """From 7 on nobody is 学龄前 or in a kindergarten."""
    early = marked("school_status", "stage", "学龄前") | marked("school_status", "stage", "学前")
    for one in home.members:
        if one.row.school_status in early and one.age is not None and one.age > limit("preschool_to"):
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'school_status')}。请改为现在的年级或文化程度。"
            yield clash(one.row, sentence, "school_status", "birth")


@rule("grade_age", ERROR, "在校生状况与年龄不符", "§6-11；R024–R027")
def grade_age(home: Home) -> Iterator[Clash]:
    """The ages that the option list gives each grade."""
    skipped = ("学龄前", "学前")  # preschool_late says it
    for one in home.members:
        status = one.row.school_status or ""
        ages = told("school_status", "ages").get(status)
        if ages is None or one.age is None or told("school_status", "stage").get(status) in skipped:
            continue
        least, most = ages
        if not least <= one.age <= most:
            usual = f"{least}–{most} 岁" if most < 100 else f"{least} 岁以上"
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'school_status')}，一般应是 {usual}。"
            yield clash(one.row, sentence, "school_status", "birth", also=(one.age,))


@rule("schooling_twice", ERROR, "文化程度与在校生状况同时填", "R020")
def twice(home: Home) -> Iterator[Clash]:
    """Who is at school has no 文化程度 yet."""
    for one in home.members:
        if one.at_school and one.row.education:
            columns = ("education", "school_status")
            yield clash(one.row, f"{said(one.row, *columns)}，在校生只填在校生状况。", *columns)


@rule("education_age", ERROR, "文化程度与年龄不符", "§6-11")
def education_age(home: Home) -> Iterator[Clash]:
    """大专 and above is not finished below 18."""
    for one in home.members:
        if one.row.education in _HIGH and one.between(0, 17):
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'education')}，请核对出生日期。"
            yield clash(one.row, sentence, "education", "birth")


@rule("little_schooling", DOUBT, "16–22 岁文化程度为小学及以下", "R028")
def little_schooling(home: Home) -> Iterator[Clash]:
    """They had nine years of school by law."""
    for one in home.members:
        if one.between(16, 22) and one.row.education in _LOW and not one.disabled:
            sentence = f"{one.name} {one.age} 岁，{said(one.row, 'education')}，请核对。"
            yield clash(one.row, sentence, "education", "birth")


@rule("dropout_healthy", ERROR, "因病因残失学但身体健康", "R030")
def dropout_healthy(home: Home) -> Iterator[Clash]:
    """因病 and 因残 need an illness or a disability."""
    for one in home.members:
        if one.row.dropout_cause in ("因病", "因残") and one.healthy:
            columns = ("dropout_cause", "health")
            yield clash(one.row, f"{said(one.row, *columns)}，互相矛盾。", *columns)
