"""Values of a contract that are not what their key says are refused in one line, whatever they are."""

from pathlib import Path

import pytest

from karat.core.errors import InputError
from karat.store.contract import read_contract

SOUND = """apiVersion: v3.1.0
kind: DataContract
schema:
- name: t
  properties:
  - name: id
    logicalType: integer
    required: true
    logicalTypeOptions: {minimum: 0, multipleOf: 1}
    quality: [{metric: nullValues, mustBe: 0}]
  - {name: day, logicalType: date, logicalTypeOptions: {maximum: 2030-01-01}}
  - {name: word, logicalTypeOptions: {maxLength: 9}}
  quality: [{metric: duplicateValues, mustBeBetween: [0, 3], arguments: {properties: [id, day]}}]
"""


def written(folder: Path, old: str, new: str) -> Path:
    assert old in SOUND
    path = folder / "c.yaml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum: 0", "minimum: [1]", r"t\.id: minimum is \[1\], not a number"),
        ("minimum: 0", "minimum: zz", "minimum is 'zz', not a number"),
        ("minimum: 0", f"minimum: 1{'0' * 400}", "not a number"),
        ("minimum: 0", f"minimum: {'9' * 5000}", "is not YAML"),
        ("multipleOf: 1", "multipleOf: 0", "not a number above 0"),
        ("maximum: 2030-01-01", "maximum: 99-99", "not a time"),
        ("maximum: 2030-01-01", "maximum: 2030-99-01", "is not YAML"),
        ("maximum: 2030-01-01", "maximum: .nat", "not a time"),
        ("maxLength: 9", "maxLength: zz", "maxLength is 'zz', not a whole number"),
        ("logicalType: integer", "logicalType: [integer]", "logicalType is .* not a text"),
        ("required: true", "required: zz", "required is 'zz', not true or false"),
        ("mustBe: 0", "mustBe: [1]", "mustBe is .* not a number"),
        ("mustBe: 0", "mustBe:", "mustBe is None, not a number"),
        ("[0, 3]", "3", "not two numbers"),
        ("[id, day]", "[[id]]", "not a list of column names"),
        ("{metric: nullValues, mustBe: 0}", "zz", "not a list of mappings"),
        ("[{metric: nullValues, mustBe: 0}]", "zz", "not a list of mappings"),
        ("{minimum: 0, multipleOf: 1}", "zz", "not a mapping"),
        ("- name: id\n    ", "- ", "without a name"),
        ("- name: t", "- zz\n- name: t", "not a list of mappings"),
        ("kind: DataContract", "kind: DataContract\nid: " + "[" * 5000, "is not YAML"),
    ],
)
def test_a_value_of_another_shape_is_refused_in_words(tmp_path, old, new, message):
    with pytest.raises(InputError, match=message):
        read_contract(written(tmp_path, old, new))


def test_references_of_a_bomb_are_not_written_out(tmp_path):
    levels = "".join(f"  a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9)}]\n" for at in range(1, 40))
    bomb = "customProperties:\n  a0: &a0 zz\n" + levels + SOUND.replace("minimum: 0", "minimum: *a39")
    (tmp_path / "c.yaml").write_text(bomb, encoding="utf-8")
    with pytest.raises(InputError, match=r"minimum is .* not a number") as refused:
        read_contract(tmp_path / "c.yaml")
    assert len(str(refused.value)) < 1000


def test_a_sound_contract_is_read(tmp_path):
    contract = read_contract(written(tmp_path, "minimum: 0", "minimum: 0"))
    assert [prop.name for prop in contract.properties] == ["id", "day", "word"]
    assert contract.rules[0].arguments == {"properties": ["id", "day"]}
