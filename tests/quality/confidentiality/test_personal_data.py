import numpy as np
import pyarrow as pa
import pytest

from karat.core.block import Block
from karat.core.errors import OptionError
from karat.core.schema import Column, Role, Schema
from karat.quality.confidentiality.entities import ENTITIES, first, masked
from karat.quality.confidentiality.personal_data import PersonalData

TRUE = {
    "e-mail": ["write to li.wei+x@mail.example.com.", "邮箱a@b.cn。"],
    "resident ID (CN)": ["11010519491231002X", "身份证号11010519491231002X，姓名"],
    "bank card": ["4111 1111 1111 1111", "5500-0000-0000-0004"],
    "IBAN": ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"],
    "mobile phone (CN)": ["13800138000", "电话：+86 138-0013-8000"],
    "phone": ["(212) 555-0123", "+44 20 7946 0958", "205-325-8100"],
    "landline (CN)": ["010-12345678"],
    "phone (+)": ["+4915112345678"],
    "social security number (US)": ["078-05-1120"],
    "passport (CN)": ["E12345678", "EA1234567"],
    "IP address": ["192.168.10.25", "来自8.8.8.8的访问"],
    "IP address (v6)": ["2001:db8:85a3::8a2e:370:7334"],
    "secret key": ["AKIAIOSFODNN7EXAMPLE", "ghp_" + "a1" * 18],
}
FALSE = {
    "resident ID (CN)": ["110105194912310021", "11010519491331002X"],
    "bank card": ["4111 1111 1111 1112", "0000 0000 0000 0000"],
    "IBAN": ["DE89 3704 0044 0532 0130 01", "be7376ae2db553b5f2ed6228acbad26d", "DE41370400440532013"],
    "IP address": ["1.2.3", "300.1.1.1", "0.0.0.0"],
    "social security number (US)": ["000-12-3456"],
    "e-mail": ["a @ b", "user@host"],
    "IP address (v6)": ["12:30:45"],
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, ts in TRUE.items() for t in ts])
def test_what_is_personal_is_seen(kind, text):
    assert first(ENTITIES[kind], text) is not None


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, ts in FALSE.items() for t in ts])
def test_what_only_looks_so_is_not(kind, text):
    assert first(ENTITIES[kind], text) is None


def block(columns):
    table = pa.table({n: pa.array(v, pa.string()) for n, v in columns.items()})
    return Block(np.arange(table.num_rows), table, Schema(tuple(Column(n, Role.TEXT) for n in columns)))


def test_one_masked_finding_per_column():
    whole = block(
        {
            "联系": [f"李{at}: 1380013{8000 + at}" for at in range(60)],
            "n": [f"{at}.5" for at in range(60)],
            "note": ["ok"] * 59 + ["li@example.com"],
        }
    )
    check = PersonalData()
    state = check.learn(whole.take(np.arange(30))).merge(check.learn(whole.take(np.arange(30, 60))))
    told = check.conclude(state, whole.schema).to_pylist()
    assert [(f["column"], f["value"], f["row"]) for f in told] == [
        ("note", "li@*******.***", None),
        ("联系", "13*********", None),
    ]
    assert all("138001" not in f["message"] for f in told)
    measure = check.measures(state, whole.schema, None)[0]
    assert (measure.bad, measure.total) == (2, 3)


def test_plain_numbers_are_nobodys():
    rng = np.random.default_rng(0)
    whole = block({"a": [str(v) for v in rng.integers(0, 10**7, 500)], "b": [f"{v:.6f}" for v in rng.normal(size=500)]})
    assert PersonalData().conclude(PersonalData().learn(whole), whole.schema).num_rows == 0


def test_an_unknown_kind_is_an_error_with_a_cure():
    with pytest.raises(OptionError, match="e-mail"):
        PersonalData(entities=("email",))


def test_masking_leaves_two_signs():
    assert masked("李雷 13800138000") == "李雷 ***********"


def test_a_column_of_versions_and_parts_is_nobodys():
    columns = {
        "app_version": [f"10.{at % 9}.{at}.4" for at in range(60)],
        "part_no": [f"307-44-{1200 + at}" for at in range(60)],
        "sku": [f"S{1234500 + at}" for at in range(60)],
    }
    check = PersonalData()
    whole = block(columns)
    assert check.conclude(check.learn(whole), whole.schema).num_rows == 0
    others = block(dict(zip(("ip", "ssn", "passport"), columns.values(), strict=True)))
    assert check.conclude(check.learn(others), others.schema).num_rows == 3
