"""Villages by name."""

from app.records.divisions import divisions, find_divisions


def test_a_village_is_found_by_its_name_and_what_it_lies_in() -> None:
    [found] = [one for one in find_divisions("店前村 岳西") if one.name == "店前村"]
    assert (found.code[:9], found.township, found.county, found.city, found.province) == (
        "340828101", "店前镇", "岳西县", "安庆市", "安徽省",
    )  # fmt: skip
    assert found in find_divisions(found.code)
    assert find_divisions(found.code)[0] == found
    assert find_divisions("没有这个村") == []
    assert find_divisions(" ") == []


def test_names_that_begin_with_what_was_typed_come_first() -> None:
    found = find_divisions("石桥", most=500)
    begins = [one.name.startswith("石桥") for one in found]
    assert begins == sorted(begins, reverse=True)
    assert len(found) > 20


def test_every_code_is_a_village_of_its_own() -> None:
    codes = [one.code for one in divisions()]
    assert len(codes) == len(set(codes)) > 18000
    assert all(len(code) == 12 and code.isdecimal() and code.startswith("34") for code in codes)
    assert all(one.township and one.county and one.city for one in divisions())
