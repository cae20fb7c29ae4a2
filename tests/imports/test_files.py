"""Every kind of file: encodings, delimiters, headers, workbooks, TikTok's own exports."""

from datetime import datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from greenroom.creators.models import Account, Creator, Post
from greenroom.imports import actions as imports
from greenroom.observations import view

PLAIN = "handle,name,followers\nana,Ana Müller,12\nbruno,Bruno,1300\n"


def figures(workspace, sql: str) -> list[dict]:
    return view.open_view(workspace.pk).rows(sql)


def workbook(rows, **sheets) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "windows-1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found_out(desk, acme, encoding, delimiter):
    done = desk.bring("creators", PLAIN.replace(",", delimiter).encode(encoding))
    assert done.counted()["new"] == 2
    assert Creator.objects.get(accounts__handle="ana").name == "Ana Müller"
    says = " ".join(imports.notes(done))
    assert ("Windows-1252" in says) == (encoding == "windows-1252")


def test_a_quoted_cell_may_hold_lines_quotes_and_delimiters(desk):
    done = desk.bring("creators", 'handle,about\nana,"one, two\nthree ""four"""\n')
    assert Creator.objects.get().about == 'one, two\nthree "four"'
    assert done.total == 1


def test_a_row_with_too_many_cells_is_told_of_in_the_preview(desk):
    made = desk.upload("creators", "handle,name\nana,Ana,more\nbob,Bob\n")
    problem = imports.preview(made, at=desk.at)[0].problem
    assert problem == "has 1 cell more than the header; quote a text that holds the separator"


def test_a_file_that_ends_within_a_character_keeps_its_other_rows(desk):
    done = desk.bring("creators", "handle,name\nana,Ana\nbob,Bjö".encode()[:-1])
    assert done.counted() | {"new": 1, "errors": 1} == done.counted()


def test_a_title_above_the_header_and_a_separator_line_are_left_out(desk):
    done = desk.bring("creators", "sep=;\nReport of March;;\n;;\nHandle;Followers;Country\nana;5;DE\n")
    assert done.mapping == {"handle": "Handle", "country": "Country", "followers": "Followers"}
    assert any("header is line 4" in one for one in imports.notes(done))


def test_columns_without_or_with_the_same_name_have_names(desk):
    made = desk.upload("creators", "handle,,note,note\nana,1,2,3\n")
    assert made.header == ["handle", "Column 2", "note", "note (4)"]


def test_a_workbook_comes_in_like_a_csv(desk, acme):
    rows = [["handle", "followers", "engagement rate", "date"], ["ana", 12300, 0.079, datetime(2026, 1, 5)]]
    done = desk.bring("creators", workbook(rows), name="list.xlsx")
    assert done.counted()["new"] == 1
    (read,) = figures(acme.workspace, "select followers, engagement_rate, observed_at from account_readings")
    assert (read["followers"], read["engagement_rate"]) == (12300, 0.079)
    assert read["observed_at"].date() == datetime(2026, 1, 5).date()


def test_a_percentage_in_a_workbook_is_a_share(desk, acme):
    book = Workbook()
    book.active.append(["handle", "engagement rate"])
    book.active.append(["ana", 0.079])
    book.active["B2"].number_format = "0.0%"
    out = BytesIO()
    book.save(out)
    desk.bring("creators", out.getvalue(), name="list.xlsx")
    assert figures(acme.workspace, "select engagement_rate from account_readings")[0]["engagement_rate"] == 0.079


def test_of_several_sheets_the_one_with_the_columns_is_read(desk):
    made = desk.upload("creators", workbook([["Cover"]], Data=[["handle", "followers"], ["ana", 5]]), name="a.xlsx")
    assert made.told["sheet"] == "Data"
    assert any("2 sheets" in one for one in imports.notes(made))


def test_ids_in_a_workbook_are_exact_or_refused(desk):
    exact, rounded = "7412345678901234567", 7412345678901234567.0
    rows = [["video id", "author", "views"], [exact, "ana", 5], [rounded, "ana", 6], [int(exact) + 1, "ana", 7]]
    done = desk.bring("posts", workbook(rows), name="posts.xlsx")
    assert list(Post.objects.values_list("item_id", flat=True)) == [exact]  # as text; as numbers they are rounded
    assert {"rounded" in one.words for one in done.row_errors.all()} == {True}
    assert done.counted()["errors"] == 2


def test_ids_that_a_spreadsheet_rounded_to_zeros_are_refused(desk):
    rows = "".join(f"741234567890{n}0000,ana,5\n" for n in range(100, 110))
    done = desk.bring("posts", f"video id,author,views\n{rows}7412345678901234567,ana,5\n")
    assert done.counted()["errors"] == 10
    assert "rounded" in done.row_errors.first().words


def test_a_formula_is_never_calculated(desk):
    done = desk.bring("creators", workbook([["handle", "followers"], ["ana", "=1+1"], ["bob", 3]]), name="a.xlsx")
    assert done.counted() | {"new": 1, "errors": 1} == done.counted()
    assert "formula without a result" in done.row_errors.get().words


OVERVIEW = '"Date","Video Views","Profile Views","Likes","Comments","Shares"\n"November 3","139654","1107","12248","54","1242"\n"November 4","undefined","-","0","1","2"\n'  # noqa: E501
CONTENT = '"Time","Video title","Video link","Post time","Total likes","Total comments","Total shares","Total views"\n"March 1","One, two","https://www.tiktok.com/@ana/video/7412345678901234567","September 9","1.2K","48","31","18400"\n'  # noqa: E501
FOLLOWERS = '"Date","Followers","Difference in followers from previous day"\n"28 August","308209","583"\n'
VIEWERS = '"Date","Total Viewers","New Viewers","Returning Viewers"\n"9月6日","1200","1000","200"\n'


@pytest.mark.parametrize("of", ["previous day", "previous viewer"])
def test_the_difference_in_followers_is_left_out_and_the_reason_is_said(desk, acme, of):
    made = desk.upload("account_days", FOLLOWERS.replace("previous day", of), account="ana")
    assert made.mapping == {"date": "Date", "followers": "Followers"}
    assert f"“Difference in followers from {of}” is left out: Greenroom works the difference out from Followers" in (
        imports.notes(made)
    )
    desk.run(made)
    (day,) = figures(acme.workspace, "select followers, daily_new_followers from account_day_readings")
    assert (day["followers"], day["daily_new_followers"]) == (308209, None)


def test_overview_of_tiktok_studio(desk, acme):
    done = desk.bring("account_days", OVERVIEW, account="ana")
    assert done.mapping["video_views"] == "Video Views"
    assert len(done.mapping) == 6
    days = figures(acme.workspace, "select * from account_day_readings order by date")
    assert [str(one["date"]) for one in days] == ["2025-11-03", "2025-11-04"]
    assert (days[0]["video_views"], days[1]["video_views"], days[1]["profile_views"]) == (139654, None, None)
    assert days[1]["likes"] == 0
    assert any("without a year" in words for words in done.warnings)


def test_content_of_tiktok_studio(desk, acme):
    done = desk.bring("posts", CONTENT)
    assert done.mapping == {
        "post": "Video link", "posted_at": "Post time", "caption": "Video title", "observed_at": "Time",
        "views": "Total views", "likes": "Total likes", "comments": "Total comments", "shares": "Total shares",
    }  # fmt: skip
    post = Post.objects.get()
    assert (post.item_id, post.caption, post.account.handle) == ("7412345678901234567", "One, two", "ana")
    assert f"{post.posted_at:%Y-%m-%d}" == "2024-09-09"  # the id tells the year
    assert figures(acme.workspace, "select likes, views from post_readings") == [{"likes": 1200, "views": 18400}]


def test_followers_and_viewers_of_tiktok_studio(desk, acme):
    one = desk.bring("account_days", FOLLOWERS, account="ana")
    assert one.mapping == {"date": "Date", "followers": "Followers"}
    assert any("works the difference out" in words for words in imports.notes(one))
    two = desk.bring("account_days", VIEWERS)  # the workspace has one account: nobody needs to say whose
    assert two.mapping == {"date": "Date", "unique_video_views": "Total Viewers"}
    assert Account.objects.count() == 1


def test_tiktok_studios_zip_is_opened(desk):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("Content.csv", CONTENT)
        archive.writestr("__MACOSX/._Content.csv", b"\0\1")
    assert desk.bring("posts", out.getvalue(), name="Content_ana.zip").counted()["new"] == 1


def test_a_zip_of_several_tables_is_refused_by_name(desk):
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        archive.writestr("a.csv", PLAIN)
        archive.writestr("b.csv", PLAIN)
    with pytest.raises(imports.BadFile, match=r"a\.csv, b\.csv"):
        desk.upload("creators", out.getvalue(), name="both.zip")


def test_a_report_of_the_marketplace_comes_in(desk, acme):
    done = desk.bring(
        "posts",
        "Campaign report,,,,,,,,,\n"
        "Creator handle,Video ID,Video link,Publish date,Total video views,Likes,Comments,Shares,Average watch time,Video completion rate\n"  # noqa: E501
        "@ana,7412345678901234567,https://www.tiktok.com/@ana/video/7412345678901234567,2024-09-09,18400,1200,48,31,11.5,38%\n",
    )
    assert done.counted()["new"] == 1
    (read,) = figures(acme.workspace, "select views, avg_play_time, video_completion_rate from post_readings")
    assert read == {"views": 18400, "avg_play_time": 11.5, "video_completion_rate": 0.38}


def test_a_column_decides_what_a_point_means(desk, acme):
    desk.bring("creators", "handle,followers,date\nana,1.234,2026-01-01\nbob,5.678,2026-01-01\n")
    rows = figures(acme.workspace, "select followers from account_readings order by followers")
    assert [one["followers"] for one in rows] == [1234, 5678]


def test_numbers_over_one_in_a_column_of_rates_are_percentages(desk, acme):
    done = desk.bring("creators", "handle,engagement rate\nana,7.9\nbob,0.8\ncyd,12.5\n")
    rows = figures(acme.workspace, "select engagement_rate from account_readings order by 1")
    assert [one["engagement_rate"] for one in rows] == pytest.approx([0.008, 0.079, 0.125])
    assert any("percentages" in one for one in imports.notes(done))
