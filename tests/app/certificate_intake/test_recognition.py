"""What the lines of a picture become: kind, values, and what is not certain. The lines are as a reader gives them."""

from datetime import date

import pytest

from app.certificate_intake.number_search import number_error
from app.certificate_intake.recognition import Certificate, recognise
from app.certificate_intake.text_line import ReadLine
from tests import builders

ID_NO = builders.id_number(date(1970, 5, 6))
CARD = "6228480402564890018"  # fictional; passes Luhn


def line(text: str, x: float, y: float, confidence: float = 0.99) -> ReadLine:
    """A line of letters 40 pixels high, its left upper corner there."""
    right = x + 40 * max(1, len(text))
    return ReadLine(text, confidence, ((x, y), (right, y), (right, y + 40), (x, y + 40)))


def id_card(number: str = ID_NO, birth: str = "1970年5月6日", **more: str) -> Certificate:
    found = recognise([
        line("姓名", 0, 0), line(more.get("name", "陈卫国"), 120, 0),
        line("性别男民族汉", 0, 80), line("出生", 0, 160), line(birth, 120, 160),
        line("住址", 0, 240), line("安徽省岳西县民族村", 120, 240), line("民族组12号", 120, 295),
        line(f"公民身份号码{number}", 0, 400),
    ])  # fmt: skip
    assert found is not None
    assert found.kind.key == "id_card"
    return found


def read(certificate: Certificate) -> dict[str, object]:
    return {place.column: one.value for place, one in certificate.values.items()}


def doubted(certificate: Certificate) -> set[str]:
    return {place.column for place, one in certificate.values.items() if not one.is_certain}


def test_an_identity_card_gives_every_field_and_an_address_of_two_lines_that_hold_the_word_of_another():
    assert read(id_card()) == {
        "id_no": ID_NO, "name": "陈卫国", "sex": "男", "ethnic": "汉族", "birth": date(1970, 5, 6),
        "address": "安徽省岳西县民族村民族组12号",
    }  # fmt: skip
    assert doubted(id_card()) == set()


@pytest.mark.parametrize("at", range(18))
def test_one_wrong_character_of_a_number_is_never_certain(at):
    other = str((int(ID_NO[at]) + 1) % 10) if ID_NO[at].isdigit() else "0"
    wrong = ID_NO[:at] + other + ID_NO[at + 1 :]
    assert "id_no" in doubted(id_card(wrong))


def test_letters_that_look_like_digits_are_read_as_digits_and_judged_by_the_check_digit():
    assert read(id_card(ID_NO.replace("0", "O", 2)))["id_no"] == ID_NO
    assert "id_no" in doubted(id_card(ID_NO.replace("4", "S", 1)))


def test_a_number_that_says_another_birth_than_the_card_is_not_certain_though_its_check_digit_is_right():
    assert {"id_no", "birth"} <= doubted(id_card(birth="1971年5月6日"))


@pytest.mark.parametrize("length", [17, 19])
def test_a_number_of_another_length_is_shown_and_not_certain(length):
    certificate = id_card((ID_NO + "7")[:length])
    assert read(certificate)["id_no"] == (ID_NO + "7")[:length]
    assert "id_no" in doubted(certificate)


def test_two_people_in_one_picture_leave_nothing_certain():
    certificate = recognise([
        line("姓名陈卫国", 0, 0), line(f"公民身份号码{ID_NO}", 0, 80),
        line("姓名李秀英", 0, 400), line(f"公民身份号码{builders.id_number(date(1972, 1, 1), male=False)}", 0, 480),
    ])  # fmt: skip
    assert "几个人" in certificate.doubt
    assert doubted(certificate) == {"id_no", "name"}


def test_a_faint_name_and_one_with_letters_are_to_be_looked_at():
    assert "name" in doubted(id_card(name="陈卫G"))
    faint = recognise([line("姓名", 0, 0), line("陈卫国", 120, 0, 0.6), line("公民身份号码", 0, 80)])
    assert doubted(faint) == {"name"}


@pytest.mark.parametrize(("number", "is_certain"), [(CARD, True), (CARD[:-1] + "1", False), (CARD[:14], False)])
def test_a_bank_card_is_certain_by_its_check_digit_alone(number, is_certain):
    groups = " ".join(number[n : n + 4] for n in range(0, len(number), 4))
    certificate = recognise([line("中国农业银行", 0, 0), line(groups, 0, 200), line("银联", 600, 300)])
    assert certificate.text("household", "bank_name") == "中国农业银行"
    assert (certificate.certain("household", "bank_card_no") == number) is is_certain


def test_the_id_number_of_a_social_security_card_is_never_taken_for_its_bank_card():
    for other in range(10):  # one of these passes Luhn
        wrong = ID_NO[:-2] + str(other) + ID_NO[-1]
        certificate = recognise([line("社会保障卡", 0, 0), line(f"社会保障号码{wrong}", 0, 80)])
        assert "bank_card_no" not in read(certificate)


def test_a_disability_certificate_whose_kind_the_number_contradicts_is_not_certain():
    lines = [line("残疾人证", 0, 0), line(f"残疾人证号{ID_NO}43", 0, 80), line("残疾等级三级", 0, 240)]
    assert doubted(recognise([*lines, line("残疾类别肢体", 0, 160)])) == set()
    assert {"disability_no", "disability_kind"} <= doubted(recognise([*lines, line("残疾类别视力", 0, 160)]))


def test_what_is_no_certificate_is_none():
    assert recognise([]) is None
    assert recognise([line("前方施工请绕行", 0, 0), line("13856000001", 0, 80)]) is None
    assert number_error("340888", "id") == "读出 6 位，位数不对"
