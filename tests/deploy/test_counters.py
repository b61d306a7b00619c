"""What a server has done, as Prometheus reads it."""

import json

from karat.deploy.counters import BOUNDS_S, Counters


def series(counters: Counters) -> dict[str, str]:
    lines = [line for line in counters.text().splitlines() if not line.startswith("#")]
    return dict(line.rsplit(" ", 1) for line in lines)


def test_a_server_that_did_nothing() -> None:
    values = series(Counters("m"))
    assert set(values.values()) == {"0", "0.0"}
    assert values['karat_request_seconds_count{model="m"}'] == "0"
    assert not any(name.startswith("karat_requests_total") for name in values)


def test_answers_are_counted_by_status_and_by_their_time() -> None:
    counters = Counters("m")
    for status, seconds in ((200, 0.001), (200, 0.0011), (400, 2.5), (200, 2.6)):
        counters.answered(status, seconds)
    values = series(counters)
    assert values['karat_requests_total{model="m",code="200"}'] == "3"
    assert values['karat_requests_total{model="m",code="400"}'] == "1"
    within = [int(values[f'karat_request_seconds_bucket{{model="m",le="{bound}"}}']) for bound in BOUNDS_S]
    assert within == [1] + [2] * 9 + [3]  # a time at its bound lies within it
    assert values['karat_request_seconds_bucket{model="m",le="+Inf"}'] == "4"
    assert values['karat_request_seconds_count{model="m"}'] == "4"
    assert float(values['karat_request_seconds_sum{model="m"}']) == 0.001 + 0.0011 + 2.5 + 2.6


def test_records_findings_and_scores() -> None:
    counters = Counters("m", {"accuracy": 0.97, "timeliness": 0.5}, records=7, broken={"B": 2})
    counters.refused['年 \\龄\n"x"'] += 3
    counters.findings["C", "accuracy", "true"] += 1
    values = series(counters)
    assert values['karat_records_total{model="m"}'] == "7"
    assert values['karat_records_refused_total{model="m",column="年 \\\\龄\\n\\"x\\""}'] == "3"
    assert values['karat_findings_total{model="m",check="C",dimension="accuracy",sure="true"}'] == "1"
    assert values['karat_check_errors_total{model="m",check="B"}'] == "2"
    assert values['karat_quality_score{dataset="m",dimension="accuracy"}'] == "0.97"


def test_every_family_is_described_once() -> None:
    lines = Counters("m").text().splitlines()
    families = [line.split()[2] for line in lines if line.startswith("# TYPE")]
    assert families == [line.split()[2] for line in lines if line.startswith("# HELP")]
    assert len(set(families)) == len(families) == 7
    assert "# TYPE karat_request_seconds histogram" in lines
    assert Counters("m").text().endswith("\n")


def test_the_bounds_rise_from_a_thousandth_of_a_second() -> None:
    assert list(BOUNDS_S) == sorted(BOUNDS_S)
    assert BOUNDS_S == (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


def test_the_counters_of_several_workers_together() -> None:
    own, other = Counters("m", {"accuracy": 0.9}, broken={"A": 1}), Counters("m", broken={"A": 2, "B": 1})
    for counters in (own, other):
        counters.answered(200, 0.01)
        counters.records += 2
        counters.findings["Check", "accuracy", "true"] += 1
        counters.refused["age"] += 1
    other.answered(503, 9.0)
    told = json.loads(json.dumps(other.plain()))
    together = Counters.summed(own, [told]).text()
    for line in (
        'karat_requests_total{model="m",code="200"} 2',
        'karat_requests_total{model="m",code="503"} 1',
        'karat_records_total{model="m"} 4',
        'karat_records_refused_total{model="m",column="age"} 2',
        'karat_findings_total{model="m",check="Check",dimension="accuracy",sure="true"} 2',
        'karat_check_errors_total{model="m",check="A"} 3',
        'karat_request_seconds_count{model="m"} 3',
        'karat_quality_score{dataset="m",dimension="accuracy"} 0.9',
    ):
        assert line in together.splitlines()
    assert own.records == 2
