"""Forms made from fields."""

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.records.field import fields
from db.schema import records
from tests.builders import id_number
from ui.widgets.form_group import RemarkLabel
from ui.widgets.record_form import RecordForm
from ui.widgets.tab_order import put_behind, tab_stops


@pytest.fixture
def form(qtbot):
    form = RecordForm(fields("member"))
    qtbot.addWidget(form)
    form.load({})
    form.show()
    form.said = []
    form.value_changed.connect(lambda name, value: form.said.append((name, value)))
    return form


def typed(qtbot, form, name, text):
    line = form.findChild(QLineEdit, name)
    line.setFocus()
    line.selectAll()
    for letter in text:  # as an input method types them; the key simulation knows ASCII only
        QApplication.sendEvent(line, QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter))
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_a_value_is_emitted_when_its_control_is_left(qtbot, form):
    typed(qtbot, form, "id_no", id_number())
    typed(qtbot, form, "birth", "1970年5月7日")
    typed(qtbot, form, "work_months", "６.５")
    assert form.said == [("id_no", id_number()), ("birth", date(1970, 5, 7)), ("work_months", Decimal("6.5"))]
    assert form.findChild(QLineEdit, "birth").text() == "1970-05-07"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("id_no", "34088819700506001", "17 位"),
        ("member_phone", "12345", "11 位"),
        ("work_months", "13", "0 到 12"),
        ("birth", "1970-13-01", "要填日期"),
        ("ident_date", "2018-13", "要填年月"),
    ],
)
def test_a_wrong_value_is_refused_in_place_and_not_emitted(qtbot, form, name, text, said):
    typed(qtbot, form, name, text)
    assert said in form.error_text(name)
    assert form.said == []
    assert form.findChild(QLineEdit, name).text() == text
    form.load({})
    assert form.error_text(name) == ""


def test_an_option_is_found_by_an_alias_and_refused_otherwise(qtbot, form):
    typed(qtbot, form, "ethnic_typed", "畲")
    assert form.said == [("ethnic", "畲族")]
    typed(qtbot, form, "ethnic_typed", "火星")
    assert "选项" in form.error_text("ethnic")


def test_yes_no_and_several_choices(qtbot, form):
    qtbot.mouseClick(form.findChild(QToolButton, "dibao_no"), Qt.MouseButton.LeftButton)
    qtbot.mouseClick(form.findChild(QToolButton, "dibao_no"), Qt.MouseButton.LeftButton)
    form.findChild(QCheckBox, "health_1").click()
    form.findChild(QCheckBox, "health_3").click()
    assert form.said == [
        ("dibao", False),
        ("dibao", None),
        ("health", ("长期慢性病",)),
        ("health", ("长期慢性病", "残疾")),
    ]


def test_what_was_kept_before_is_not_refused_for_what_it_is(qtbot, form):
    form.load({"id_no": "340888197005060000", "name": "陈卫国"})
    form.flush()
    assert form.said == []
    assert form.error_text("id_no") == ""


def test_tab_goes_in_the_order_of_reading(qtbot, form):
    form.focus_field("person_no")
    focus_order = []
    for _ in range(6):
        focused = form.window().focusWidget()
        focus_order.append(focused.objectName())
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    assert focus_order[0] == "person_no"
    assert focus_order[1] == "name"
    assert focus_order.index("name") < focus_order.index("id_no")


@pytest.mark.parametrize("table", list(records()))
def test_every_control_of_every_table_has_a_name_and_a_label(qtbot, table):
    form = RecordForm(fields(table))
    qtbot.addWidget(form)
    for field in fields(table):
        control = form.findChild(QWidget, field.name)
        assert control is not None
        assert control.accessibleName() == field.label
        if field.kind == "choice":
            combo = form.findChild(QComboBox, field.name)
            assert [combo.itemText(n) for n in range(1, combo.count())] == [option.label for option in field.options]


def test_an_option_is_meant_by_the_initials_of_its_pinyin(qtbot, form):
    typed(qtbot, form, "ethnic_typed", "shez")
    assert "选项" in form.error_text("ethnic")
    typed(qtbot, form, "ethnic_typed", "tjz")
    assert form.said == [("ethnic", "土家族")]
    completer = form.findChild(QComboBox, "ethnic").completer()
    completer.setCompletionPrefix("hz")
    model = completer.completionModel()
    assert {"汉族", "回族"} <= {model.index(n, 0).data() for n in range(model.rowCount())}


def test_ctrl_z_in_a_control_that_has_nothing_of_its_own_takes_back_what_was_saved(qtbot, form):
    taken_back = []
    undo = QShortcut(QKeySequence("Ctrl+Z"), form)
    undo.activated.connect(lambda: taken_back.append(True))
    line = form.findChild(QLineEdit, "name")
    form.activateWindow()
    line.setFocus()
    qtbot.keyClicks(line, "abc")
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == ""
    assert taken_back == []
    qtbot.keyClicks(line, "Li")
    qtbot.keyClick(line, Qt.Key.Key_Return)
    qtbot.keyClick(line, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert taken_back == [True]


def test_a_click_that_leaves_a_refused_value_hits_what_it_was_aimed_at(qtbot, form):
    form.resize(1100, 2400)
    with qtbot.waitActive(form):
        form.activateWindow()
    line, below = form.findChild(QLineEdit, "id_no"), form.findChild(QToolButton, "dibao_yes")
    line.setFocus()
    qtbot.keyClicks(line, "34088819700506001")
    for _ in range(3):  # the form is laid out in other columns, and then its groups are
        QApplication.processEvents()
    before = below.mapTo(form, QPoint())
    qtbot.mousePress(below, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert form.error_text("id_no")
    assert below.mapTo(form, QPoint()) == before
    qtbot.mouseRelease(below, Qt.MouseButton.LeftButton)
    assert form.said == [("dibao", True)]
    remark = form.findChild(QWidget, "id_no_fault")
    qtbot.waitUntil(remark.isVisible)
    assert below.mapTo(form, QPoint()).y() > before.y()


def test_nothing_is_said_of_a_value_while_it_is_typed_and_the_sentence_goes_with_its_cause(qtbot, form):
    with qtbot.waitActive(form):
        form.activateWindow()
    line = form.findChild(QLineEdit, "id_no")
    line.setFocus()
    qtbot.keyClicks(line, id_number()[:17])
    assert form.error_text("id_no") == ""
    qtbot.keyClick(line, Qt.Key.Key_Tab)
    assert "17 位" in form.error_text("id_no")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_End)
    qtbot.keyClicks(line, id_number()[17])
    assert form.error_text("id_no") == ""


def test_an_id_number_fills_birth_and_sex_at_once_unless_something_else_was_typed(qtbot, form):
    typed(qtbot, form, "id_no", id_number())
    assert form.findChild(QLineEdit, "birth").text() == "1970-05-06"
    assert form.findChild(QLineEdit, "sex_typed").text() in ("男", "女")
    assert form.said == [("id_no", id_number())]
    form.load({"birth": date(1969, 1, 1)})
    typed(qtbot, form, "id_no", id_number())
    assert form.findChild(QLineEdit, "birth").text() == "1969-01-01"


def test_a_wrong_check_digit_is_taken_and_doubted(qtbot, form):
    wrong = id_number()[:17] + ("0" if id_number()[17] != "0" else "1")
    typed(qtbot, form, "id_no", wrong)
    assert form.said == [("id_no", wrong)]
    assert "校验码不对" in form.error_text("id_no")
    assert "疑点" in form.error_text("id_no")
    assert form.refusals() == {}


def test_a_group_folds_stays_folded_and_unfolds_for_what_is_refused(qtbot):
    groups = (("身份", ("name", "id_no")), ("健康", ("illness_name",)))
    form = RecordForm(fields("member"), groups=groups)
    qtbot.addWidget(form)
    form.load({})
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    line, heading = form.findChild(QLineEdit, "id_no"), form.findChild(QToolButton, "group_身份")
    form.focus_field("id_no")
    qtbot.keyClick(line, Qt.Key.Key_Minus, Qt.KeyboardModifier.AltModifier)
    assert not line.isVisible()
    assert QApplication.focusWidget() is heading
    again = RecordForm(fields("member"), groups=groups)
    qtbot.addWidget(again)
    again.show()
    assert not again.findChild(QLineEdit, "id_no").isVisible()
    qtbot.keyClick(heading, Qt.Key.Key_Space)
    assert line.isVisible()
    qtbot.mouseClick(heading, Qt.MouseButton.LeftButton)
    assert not line.isVisible()
    assert form.show_errors()
    assert line.isVisible()  # 姓名 is missing, and stands in this group


def test_what_is_required_is_marked_the_same_everywhere_and_its_star_stays_by_its_word(qtbot):
    for table in ("member", "visit", "rectification", "helper"):
        form = RecordForm(fields(table))
        qtbot.addWidget(form)
        for one in fields(table):
            label = form.findChild(QLabel, f"{one.name}_label").text()
            assert label == one.label + ("\u00a0*" if one.spec.required else "")


def test_a_personal_number_is_masked_until_its_control_has_the_focus(qtbot, form):
    number = id_number()
    form.load({"id_no": number, "member_phone": "13812345678", "disability_no": number + "43", "name": "陈卫国"})
    line, name = form.findChild(QLineEdit, "id_no"), form.findChild(QLineEdit, "name")
    texts = [form.findChild(QLineEdit, one).text() for one in ("id_no", "member_phone", "disability_no", "name")]
    assert texts == [
        f"{number[:6]}********{number[-4:]}",
        "138****5678",
        f"{number[:6]}********{number[-4:]}**",
        "陈卫国",
    ]
    form.activateWindow()
    line.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(line.hasFocus)
    assert line.text() == number
    assert line.selectedText() == number
    name.setFocus()
    assert line.text() == f"{number[:6]}********{number[-4:]}"
    assert form.values()["id_no"] == number
    form.flush()
    assert form.said == []


def test_a_typed_number_is_masked_when_left_and_stays_whole_while_it_is_refused(qtbot, form):
    form.activateWindow()
    line, name = form.findChild(QLineEdit, "id_no"), form.findChild(QLineEdit, "name")
    line.setFocus()
    qtbot.waitUntil(line.hasFocus)
    qtbot.keyClicks(line, "34088819700506001")
    name.setFocus()
    assert form.error_text("id_no")
    assert line.text() == "34088819700506001"
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, id_number())
    name.setFocus()
    assert form.said == [("id_no", id_number())]
    assert line.text() == f"{id_number()[:6]}********{id_number()[-4:]}"
    form.load({"id_no": ""})
    assert line.text() == ""


@pytest.mark.parametrize(("width", "columns"), [(300, 1), (539, 1), (540, 2), (840, 3), (1200, 3)])
def test_a_form_has_as_many_columns_as_there_is_room_for(qtbot, width, columns):
    form, scroll_area = RecordForm(fields("household"), 3), QScrollArea()
    qtbot.addWidget(scroll_area)
    scroll_area.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll_area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll_area.setWidgetResizable(True)
    scroll_area.setWidget(form)
    scroll_area.resize(width, 900)
    scroll_area.show()
    QApplication.processEvents()
    first = ("household_no", "hamlet", "group_name")
    lefts = {form.findChild(QLineEdit, name).mapTo(form, QPoint()).x() for name in first}
    assert len(lefts) == columns
    children = [child for child in form.children() if isinstance(child, QWidget) and child.isVisible()]
    outside = [child.objectName() for child in children if child.x() < 0 or child.geometry().right() > form.width()]
    assert outside == []


def test_tab_goes_through_the_fields_in_their_order_however_they_are_laid_out(qtbot):
    form = RecordForm(fields("household"), 3)
    qtbot.addWidget(form)
    form.resize(500, 900)
    with qtbot.waitActive(form):
        form.show()
        form.activateWindow()
    form.focus_field("household_no")
    passed = []
    for _ in range(5):
        passed.append(QApplication.focusWidget().objectName())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert passed == ["household_no", "hamlet", "group_name", "address", "phone"]


def test_a_form_that_is_not_made_yet_answers_like_one_that_is(qtbot):
    late, whole = RecordForm(fields("member"), at_once=False), RecordForm(fields("member"))
    for form in (late, whole):
        qtbot.addWidget(form)
    assert late.findChildren(QLineEdit) == []
    for form in (late, whole):
        form.load({"name": "陈卫国", "birth": date(1970, 5, 6), "ethnic": "畲族"})
    assert late.values() == whole.values()
    assert late.errors() == whole.errors()
    assert list(late.making()) == []


def test_tab_comes_to_controls_that_were_made_last_where_they_stand(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    before, form, behind = QLineEdit(page), RecordForm(fields("helper"), parent=page, at_once=False), QLineEdit(page)
    for part in (before, form, behind):
        layout.addWidget(part)
    page.show()
    page.activateWindow()
    for _ in form.making():
        pass
    put_behind(form, tab_stops(form))
    qtbot.waitUntil(form.findChild(QLineEdit, "name").isVisible)
    before.setFocus()
    passed = []
    while page.focusWidget() is not behind:
        qtbot.keyClick(page.focusWidget(), Qt.Key.Key_Tab)
        passed.append(page.focusWidget())
    assert before not in passed
    assert [one.objectName() for one in passed[:2]] == [one.name for one in fields("helper")][:2]
    assert len(passed) > len(fields("helper")) / 2


def test_a_wheel_scrolls_and_changes_nothing(qtbot, form):
    """Also over the list that was chosen from last, which still has the keyboard."""
    combo = next(combo for combo in form.findChildren(QComboBox) if combo.objectName() == "ethnic")
    typed(qtbot, form, "ethnic_typed", "畲")
    combo.setFocus()
    said, chosen = list(form.said), combo.currentText()
    at, down = QPointF(combo.rect().center()), QPoint(0, -120)
    wheel = QWheelEvent(
        at, combo.mapToGlobal(at), down, down, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(combo, wheel)
    assert combo.currentText() == chosen
    assert form.said == said


def test_a_long_remark_is_shown_whole(qtbot):
    form = QWidget()
    qtbot.addWidget(form)
    label = RemarkLabel("category", form)
    label.setText("刘志成减少原因“死亡”、减少日期“2017-12-09”，台账里的保障类别“农村低保”、停发日期未填。" * 3)
    lines = QLabel(label.text())
    lines.setFont(label.font())
    lines.setWordWrap(True)
    assert label.heightForWidth(160) >= lines.heightForWidth(160)
