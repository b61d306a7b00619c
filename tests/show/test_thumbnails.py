from karat.flow.job import Job
from karat.flow.run import walk
from karat.flow.settings import made_settings
from karat.show.report import write_report
from karat.show.thumbnails import _small, with_thumbnails
from tests.quality._pictures import as_bytes, good_pictures


def test_a_thumbnail_is_a_small_png_in_the_page():
    assert _small(as_bytes(good_pictures(1)[0])).startswith("data:image/png;base64,")
    assert _small(b"no picture") is None


def test_a_run_without_records_has_no_thumbnails(tmp_path):
    found = [{"examples": [{"row": 3}, {"row": None}]}]
    assert [one["picture"] for one in with_thumbnails(found, tmp_path)[0]["examples"]] == [None, None]


def test_the_report_of_a_folder_of_pictures_shows_them(tmp_path):
    good = good_pictures(24)
    for at, pixels in enumerate(good):
        path = tmp_path / "in" / ("cat" if at % 2 else "dog") / f"{at}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(as_bytes(pixels))
    (tmp_path / "in" / "cat" / "copy.png").write_bytes(as_bytes(good[1]))
    walk(Job(tmp_path / "in", tmp_path / "run", "assess", made_settings({"workers": 1}, "a test")))
    write_report(tmp_path / "run")
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert 'src="data:image/png;base64,' in page
    assert "shows exactly what record" in page
