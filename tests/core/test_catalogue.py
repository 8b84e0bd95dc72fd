"""The catalogue of accounts: by year, with its levels, and with an organisation's own file."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from juesuan.core import catalogue as module
from juesuan.core.catalogue import (
    Account,
    Catalogue,
    Kind,
    Row,
    is_code,
    load_catalogue,
    read_catalogue_file,
    search,
)

KINDS: tuple[Kind, ...] = ("functional", "economic")
YEARS = range(2018, 2031)
SHIPPED = Path(module.__file__).parent / "taxonomies" / "classification"


def functional(year: int = 2024) -> Catalogue:
    return load_catalogue("functional", year)


def economic(year: int = 2024) -> Catalogue:
    return load_catalogue("economic", year)


def found(text: str, kind: Kind = "functional", limit: int = 20) -> list[str]:
    return [account.code for account in search(load_catalogue(kind, 2024), text, limit)]


# The shipped files


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_lines_can_be_read_without_a_csv_reader(kind: Kind) -> None:
    data = (SHIPPED / f"{kind}.csv").read_bytes()
    assert b'"' not in data
    assert b"\r" not in data
    title, *lines = data.decode("utf-8").removesuffix("\n").split("\n")
    assert title == "code,name,since,until,grade,former"
    for line in lines:
        code, name, since, until, grade, former = line.split(",")
        assert is_code(kind, code)
        assert name == name.strip() != ""
        assert name.isprintable()
        assert all(re.fullmatch(r"(20\d\d)?", year) for year in (since, until))
        assert grade in module.GRADES
        assert name not in former.split("|")
    assert lines == sorted(lines, key=lambda line: (line.split(",")[0], line.split(",")[2]))


@pytest.mark.parametrize("kind", KINDS)
def test_the_shipped_files_pass_the_checks_of_an_own_file(kind: Kind) -> None:
    # Among them: a code has one name a year.
    result = read_catalogue_file(SHIPPED / f"{kind}.csv")
    assert result.problems == ()
    assert len(result.rows) == (SHIPPED / f"{kind}.csv").read_text(encoding="utf-8").count("\n") - 1


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize("kind", KINDS)
def test_every_parent_is_in_force_when_its_children_are(kind: Kind, year: int) -> None:
    catalogue = load_catalogue(kind, year)
    orphans = [code for code in catalogue for above in catalogue.ancestors(code) if above not in catalogue]
    assert orphans == []


@pytest.mark.parametrize("kind", KINDS)
def test_siblings_have_different_names(kind: Kind) -> None:
    catalogue = load_catalogue(kind, 2024)
    for parent in (None, *catalogue.codes()):
        names = [catalogue.name(code) for code in catalogue.children(parent)]
        assert len(names) == len(set(names))


# What published reports print: 三明 2024, 宁德 2024 and 临汾 2021, without their typing errors

FUNCTIONAL_AS_PRINTED = """
201一般公共服务支出 20105统计信息事务 2010550事业运行 20132组织事务 2013299其他组织事务支出
208社会保障和就业支出 20801人力资源和社会保障管理事务 2080109社会保险经办机构
20805行政事业单位养老支出 2080501行政单位离退休 2080502事业单位离退休
2080505机关事业单位基本养老保险缴费支出 2080506机关事业单位职业年金缴费支出 2080801死亡抚恤
210卫生健康支出 21011行政事业单位医疗 2101101行政单位医疗 2101102事业单位医疗
2101103公务员医疗补助 21012财政对基本医疗保险基金的补助
2101201财政对职工基本医疗保险基金的补助 2101202财政对城乡居民基本医疗保险基金的补助
21013医疗救助 2101301城乡医疗救助 2101399其他医疗救助支出 21015医疗保障管理事务
2101501行政运行 2101502一般行政管理事务 2101504信息化建设 2101505医疗保障政策管理
2101506医疗保障经办事务 2101550事业运行 2101599其他医疗保障管理事务支出
21099其他卫生健康支出 2109999其他卫生健康支出 2130599其他巩固脱贫攻坚成果衔接乡村振兴支出
221住房保障支出 22102住房改革支出 2210201住房公积金
"""

# The classes in the order of the first form of the final accounts.
CLASSES_AS_PRINTED = """
201一般公共服务支出 202外交支出 203国防支出 204公共安全支出 205教育支出 206科学技术支出
207文化旅游体育与传媒支出 208社会保障和就业支出 210卫生健康支出 211节能环保支出
212城乡社区支出 213农林水支出 214交通运输支出 215资源勘探工业信息等支出 216商业服务业等支出
217金融支出 219援助其他地区支出 220自然资源海洋气象等支出 221住房保障支出
222粮油物资储备支出 223国有资本经营预算支出 224灾害防治及应急管理支出 229其他支出
231债务还本支出 232债务付息支出 233债务发行费用支出 234抗疫特别国债安排的支出
"""

ECONOMIC_IN_BOTH_YEARS = """
301工资福利支出 30101基本工资 30102津贴补贴 30103奖金 30106伙食补助费 30107绩效工资
30108机关事业单位基本养老保险缴费 30109职业年金缴费 30110职工基本医疗保险缴费
30111公务员医疗补助缴费 30112其他社会保障缴费 30113住房公积金 30114医疗费
30199其他工资福利支出
302商品和服务支出 30201办公费 30202印刷费 30203咨询费 30204手续费 30205水费 30206电费
30207邮电费 30208取暖费 30209物业管理费 30211差旅费 30212因公出国（境）费用
30213维修（护）费 30214租赁费 30215会议费 30216培训费 30217公务接待费 30218专用材料费
30224被装购置费 30225专用燃料费 30226劳务费 30227委托业务费 30228工会经费 30229福利费
30231公务用车运行维护费 30239其他交通费用 30240税金及附加费用 30299其他商品和服务支出
303对个人和家庭的补助 30301离休费 30302退休费 30303退职（役）费 30304抚恤金 30305生活补助
30306救济费 30307医疗费补助 30308助学金 30309奖励金 30310个人农业生产补贴
30311代缴社会保险费 30399其他对个人和家庭的补助
307债务利息及费用支出 30701国内债务付息 30702国外债务付息 30703国内债务发行费用
30704国外债务发行费用
309资本性支出（基本建设） 30901房屋建筑物购建 30902办公设备购置 30903专用设备购置
30905基础设施建设 30906大型修缮 30907信息网络及软件购置更新 30908物资储备
30913公务用车购置 30919其他交通工具购置 30921文物和陈列品购置 30922无形资产购置
30999其他基本建设支出
310资本性支出 31001房屋建筑物购建 31002办公设备购置 31003专用设备购置 31005基础设施建设
31006大型修缮 31007信息网络及软件购置更新 31008物资储备 31009土地补偿 31010安置补助
31011地上附着物和青苗补偿 31012拆迁补偿 31013公务用车购置 31019其他交通工具购置
31021文物和陈列品购置 31022无形资产购置 31099其他资本性支出
311对企业补助（基本建设） 31101资本金注入 31199其他对企业补助
312对企业补助 31201资本金注入 31203政府投资基金股权投资 31204费用补贴 31205利息补贴
31299其他对企业补助
313对社会保障基金补助 31302对社会保险基金补助 31303补充全国社会保障基金
31304对机关事业单位职业年金的补助
399其他支出 39907国家赔偿费用支出 39908对民间非营利组织和群众性自治组织补贴 39999其他支出
"""


def printed(text: str) -> dict[str, str]:
    return dict(re.findall(r"(\d+)(\S+)", text))


def names(catalogue: Catalogue) -> dict[str, str | None]:
    return {code: catalogue.name(code) for code in catalogue}


@pytest.mark.parametrize("text", [FUNCTIONAL_AS_PRINTED, CLASSES_AS_PRINTED])
@pytest.mark.parametrize("year", [2021, 2024])
def test_functional_accounts_have_their_printed_names(year: int, text: str) -> None:
    assert printed(text).items() <= names(functional(year)).items()


def test_the_economic_accounts_are_those_that_are_printed() -> None:
    both = printed(ECONOMIC_IN_BOTH_YEARS)
    assert names(economic(2021)) == both | {"39906": "赠与"}
    assert names(economic(2024)) == both | {
        "31206": "其他资本性补助",
        "39909": "经常性赠与",
        "39910": "资本性赠与",
    }


def test_the_economic_classes() -> None:
    classes = ("301", "302", "303", "307", "309", "310", "311", "312", "313", "399")
    assert economic().children() == classes


# Years


def test_gifts_are_one_account_until_2023_and_two_from_2024() -> None:
    assert economic(2021).name("39906") == "赠与"
    assert "39909" not in economic(2021)
    assert "39906" not in economic(2024)
    assert economic(2024).name("39909") == "经常性赠与"
    assert economic(2024).name("39910") == "资本性赠与"


@pytest.mark.parametrize(
    ("kind", "code", "first"),
    [
        ("economic", "31206", 2024),
        ("functional", "20139", 2024),
        ("functional", "21015", 2019),
        ("functional", "2101550", 2019),
        ("functional", "2340101", 2020),
    ],
)
def test_an_account_is_there_from_its_first_year_on(kind: Kind, code: str, first: int) -> None:
    assert load_catalogue(kind, first - 1).get(code) is None
    assert code in load_catalogue(kind, first)
    assert code in load_catalogue(kind, 2030)


def test_a_retired_account_is_there_in_its_last_year() -> None:
    assert functional(2023).name("2010308") == "信访事务"
    assert functional(2024).name("2010308") is None


def test_a_renamed_account_has_the_name_of_its_year() -> None:
    assert functional(2019).name("20805") == "行政事业单位离退休"
    assert functional(2020).name("20805") == "行政事业单位养老支出"
    assert functional(2018).name("210") == "医疗卫生与计划生育支出"
    assert functional(2019).name("210") == "卫生健康支出"


def test_former_names_are_kept() -> None:
    assert functional().get("21305") == Account("21305", "巩固脱贫攻坚成果衔接乡村振兴", "A", ("扶贫",))
    account = functional().get("215")
    assert account is not None
    assert account.former == ("采掘电力信息等事务", "资源勘探信息等支出")


# Codes


def test_levels() -> None:
    assert functional().levels == (3, 5, 7)
    assert economic().levels == (3, 5)
    assert [functional().level(code) for code in ("210", "21015", "2101501")] == [1, 2, 3]
    assert [economic().level(code) for code in ("301", "30101")] == [1, 2]


@pytest.mark.parametrize("code", ["", "2", "20", "2101", "21015011", "301", "2１0", "²10", "21a", "-21"])
def test_what_is_no_functional_code_has_no_level_and_no_parent(code: str) -> None:
    assert functional().level(code) == 0
    assert functional().parent(code) is None
    assert functional().ancestors(code) == ()
    assert functional().get(code) is None


def test_an_economic_code_has_no_third_level() -> None:
    assert economic().level("3010101") == 0


def test_parents_and_ancestors() -> None:
    assert functional().parent("2101501") == "21015"
    assert functional().parent("21015") == "210"
    assert functional().parent("210") is None
    assert functional().ancestors("2101501") == ("210", "21015")
    assert functional().ancestors("210") == ()


def test_an_unknown_code_still_has_its_place() -> None:
    assert "2109877" not in functional()
    assert functional().ancestors("2109877") == ("210", "21098")


def test_codes_stand_in_the_order_of_the_book() -> None:
    codes = functional().codes()
    assert list(codes) == sorted(codes) == list(functional())
    assert len(codes) == len(functional()) == len(set(codes))
    for code in codes:
        below = functional().children(code)
        assert all(codes.index(child) > codes.index(code) for child in below[:1])
    assert functional().children("21015")[-1] == "2101599"
    assert functional().children("210")[-1] == "21099"


def test_children_of_an_item_and_of_an_unknown_code() -> None:
    assert functional().children("2101501") == ()
    assert functional().children("999") == ()


def test_a_catalogue_is_loaded_once() -> None:
    assert functional(2024) is functional(2024)


# An organisation's own rows


def test_an_own_row_wins_and_a_new_one_finds_its_place() -> None:
    rows = [Row("2101501", "本地名称"), Row("2101577", "本地科目"), Row("30177", "本地款")]
    catalogue = load_catalogue("functional", 2024, rows)
    assert catalogue.get("2101501") == Account("2101501", "本地名称", "A", ())
    assert catalogue.children("21015")[-2:] == ("2101577", "2101599")
    assert catalogue.name("2101550") == "事业运行"
    assert list(catalogue.codes()) == sorted(catalogue.codes())
    assert catalogue.codes().count("2101501") == 1
    assert "30177" not in catalogue
    assert load_catalogue("economic", 2024, rows).name("30177") == "本地款"


def test_own_rows_leave_the_shipped_catalogue_alone() -> None:
    load_catalogue("functional", 2024, [Row("2101501", "本地名称"), Row("2101577", "本地科目")])
    assert functional().name("2101501") == "行政运行"
    assert "2101577" not in functional()
    assert "2101577" not in functional().children("21015")


def test_an_own_row_counts_in_its_years_only() -> None:
    rows = [Row("2101501", "旧", until=2022), Row("2101501", "新", since=2024, until=2024)]
    by_year = {year: load_catalogue("functional", year, rows).name("2101501") for year in range(2021, 2026)}
    assert by_year == {2021: "旧", 2022: "旧", 2023: "行政运行", 2024: "新", 2025: "行政运行"}


def test_the_later_own_row_wins() -> None:
    rows = [Row("2101501", "市"), Row("2101501", "区")]
    assert load_catalogue("functional", 2024, rows).name("2101501") == "区"


# An organisation's own file


def test_a_file_needs_code_and_name_only() -> None:
    result = read_catalogue_file("code,name\n21018,疾病预防控制事务\n2101801,行政运行\n")
    assert result.problems == ()
    assert result.rows == (Row("21018", "疾病预防控制事务"), Row("2101801", "行政运行"))


def test_all_columns_in_any_order_with_others_between() -> None:
    text = "备注,name,former,code,until,since,grade\n甲,名,旧|更旧,21018,2025,2023,c\n"
    result = read_catalogue_file(text)
    assert result.problems == ()
    assert result.rows == (Row("21018", "名", 2023, 2025, "C", ("旧", "更旧")),)


def test_chinese_titles() -> None:
    text = "科目编码,科目名称,启用年度,停用年度,可信度,曾用名\n21018,名,2023,,B,旧\n"
    assert read_catalogue_file(text).rows == (Row("21018", "名", 2023, None, "B", ("旧",)),)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    data = "code,name\r\n21018,疾病预防控制事务\r\n".encode(encoding)
    path = tmp_path / "own.csv"
    path.write_bytes(data)
    rows = (Row("21018", "疾病预防控制事务"),)
    assert read_catalogue_file(path) == read_catalogue_file(data) == (rows, ())


def test_quotes_blank_lines_and_spaces_as_a_spreadsheet_writes_them() -> None:
    text = '"code","name"\n\n" 21018 ","名，""甲"",乙"\n,\n21019,名\u3000\n'
    result = read_catalogue_file(text)
    assert result.problems == ()
    assert result.rows == (Row("21018", '名，"甲",乙'), Row("21019", "名"))


def test_every_problem_is_listed_with_its_line_and_sound_rows_are_returned() -> None:
    text = (
        "code,name,since,until,grade\n"  # 1
        "21018,疾病预防控制事务,,,\n"  # 2
        "2101,四位,,,\n"  # 3: code
        "50101,政府预算,,,\n"  # 4: code
        "2101801,,,,\n"  # 5: name
        "21018,又一次,2024,,\n"  # 6: code twice
        "2101802,名,24,二〇二四,\n"  # 7: both years
        "2101803,名,2024,2023,\n"  # 8: order of years
        "2101804,名,,,D\n"  # 9: grade
        "2101805,名\x1b[31m,,,\n"  # 10: escape
        "abc,,x,,Z\n"  # 11: code, name, year, grade
        "2101806,好,,,\n"  # 12
        "2101801,名,,,\n"  # 13: the code of line 5
        "2101807\n"  # 14: name
    )
    result = read_catalogue_file(text)
    lines = [problem.line for problem in result.problems]
    assert lines == [3, 4, 5, 6, 7, 7, 8, 9, 10, 11, 11, 11, 11, 13, 14]
    assert [row.code for row in result.rows] == ["21018", "2101806"]


def test_a_problem_shows_what_was_found() -> None:
    (problem,) = read_catalogue_file("code,name\n2101,四位\n").problems
    assert "2101" in problem.message
    (problem,) = read_catalogue_file("code,name\n21018,一\n20101,名\n21018,二\n").problems
    assert problem.line == 4
    assert "21018" in problem.message
    assert "2" in problem.message.replace("21018", "")


def test_a_problem_is_harmless_and_short() -> None:
    text = "code,name,since\n\x1b[2J,名\x07,{0}{x!r}%s\n" + "9" * 100_000 + ",名,\n"
    for problem in read_catalogue_file(text).problems:
        assert problem.message.isprintable()
        assert len(problem.message) < 300


@pytest.mark.parametrize(
    ("second", "problems"),
    [("2024,", 0), ("2023,", 1), (",2019", 0), (",2020", 1), (",", 1), ("2021,2022", 1)],
)
def test_a_code_may_come_again_in_other_years(second: str, problems: int) -> None:
    text = f"code,name,since,until\n21018,一,2020,2023\n21018,二,{second}\n"
    assert len(read_catalogue_file(text).problems) == problems


def test_a_line_is_counted_past_a_cell_with_line_breaks() -> None:
    result = read_catalogue_file('code,name,备注\n21018,名,"甲\n乙\n丙"\n2101,名,\n')
    assert [problem.line for problem in result.problems] == [5]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", 0),
        ("\n \n", 0),
        ("21018,疾病预防控制事务\n", 1),
        ("code\n21018\n", 1),
        ("code,name,name\n21018,甲,乙\n", 1),
        ("code,科目编码,name\n21018,21018,乙\n", 1),
    ],
)
def test_a_file_needs_its_titles(text: str, line: int) -> None:
    result = read_catalogue_file(text)
    assert result.rows == ()
    assert {problem.line for problem in result.problems} == {line}


def test_an_open_quote_ends_the_reading() -> None:
    result = read_catalogue_file('code,name\n21018,一\n2101801,"二\n2101802,三\n')
    assert [problem.line for problem in result.problems] == [3]
    assert result.rows == (Row("21018", "一"),)


@pytest.mark.parametrize("data", [b"code,name\n21018,\xff\xff\n", "code,name\n".encode("utf-16")])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    result = read_catalogue_file(data)
    assert result.rows == ()
    assert [problem.line for problem in result.problems] == [0]


def test_a_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv", tmp_path / "a\0b"):
        assert [problem.line for problem in read_catalogue_file(path).problems] == [0]


def test_a_file_beyond_any_list_is_refused() -> None:
    result = read_catalogue_file("code,name\n" + "\n" * (5 * 1024 * 1024))
    assert [problem.line for problem in result.problems] == [0]


# Search


def test_search_by_the_beginning_of_a_code() -> None:
    assert found("21015")[:3] == ["21015", "2101501", "2101502"]
    assert found("2101599") == ["2101599"]
    assert found("999") == []


def test_search_by_a_part_of_the_name() -> None:
    assert found("医疗保障")[0] == "21015"
    assert "2101505" in found("保障政策")
    assert found("物业", "economic") == ["30209"]


def test_a_name_that_begins_with_the_word_comes_first() -> None:
    names = [account.name for account in search(functional(), "住房公积金")]
    assert names[0] == "住房公积金"
    accounts = search(economic(), "其他", 200)
    begins = [account.name.startswith("其他") for account in accounts]
    assert begins == sorted(begins, reverse=True)


def test_several_words_must_all_fit() -> None:
    assert found("21015 运行") == ["2101501", "2101550"]
    assert found("运行 21015") == ["2101501", "2101550"]
    assert found("210 20105") == []


def test_a_former_name_finds_the_account_last() -> None:
    codes = found("扶贫", limit=100)
    assert "21305" in codes
    names = ["扶贫" in (functional().name(code) or "") for code in codes]
    assert names == sorted(names, reverse=True)


def test_search_takes_what_a_keyboard_gives() -> None:
    assert found("因公出国(境)", "economic") == ["30212"]
    assert found("２１０１５　运行") == ["2101501", "2101550"]


def test_the_limit_and_an_empty_text() -> None:
    assert len(found("行政运行")) == 20
    assert len(found("行政运行", limit=3)) == 3
    assert found("行政运行", limit=0) == []
    assert found("  ") == []


def test_search_sees_own_accounts() -> None:
    catalogue = load_catalogue("functional", 2024, [Row("2101577", "本地特有科目")])
    assert [account.code for account in search(catalogue, "特有")] == ["2101577"]
