"""``karat.toml``: one table per room, in path order."""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from karat import kinds
from karat.collect.limits import MAX_CELL_BYTES, MAX_MEMORY_MB, MAX_QUERY_SECONDS, MAX_RATIO
from karat.core.addresses import without_secrets
from karat.core.errors import InputError, OptionError
from karat.deploy.limits import HOST, PORT, ServeLimits

Kind = Annotated[
    str, AfterValidator(lambda name: kinds.of(name).name), Field(json_schema_extra={"enum": list(kinds.every())})
]
LIMITS = ServeLimits()
PersonalData = Literal["mask", "hash", "drop", "keep"]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class CollectSettings(_Table):
    """What to read, and what the columns are."""

    data: str = Field("", description="file, folder, glob or URL; relative to the settings file")
    query: str = Field("", description="SQL for SQLite and DuckDB files")
    kind: Kind | None = Field(None, description="what kind of data it is; recognised when absent")
    target: str = Field("", description="the column to predict")
    text: str = Field("", description="the column that holds the documents of a corpus; found when absent")
    encoding: str = Field("", description="encoding of delimited text, such as cp1252 or gb18030; found when absent")
    delimiter: str = Field("", description="character between fields, or comma, semicolon, tab, pipe, space")
    decimal: Literal["", ".", ","] = Field("", description="decimal mark of all numbers; found when absent")
    date_order: Literal["", "dmy", "mdy", "ymd"] = Field(
        "", description="order of day, month and year in dates; found when absent"
    )
    header_row: str = Field(
        "", coerce_numbers_to_str=True, description="line of the column names, from 1; 3-4 for two lines; 0 for none"
    )
    sheet: str = Field("", description="sheet of a workbook; the first that holds records when absent")
    max_query_seconds: float = Field(
        MAX_QUERY_SECONDS, gt=0.0, description="time a query or view of a database may take"
    )
    max_cell_bytes: int = Field(MAX_CELL_BYTES, gt=0, description="size of a picture, or of a value in a database")
    max_ratio: float = Field(
        MAX_RATIO, gt=0.0, description="unpacked size of packed data, workbooks and files of columns to the size stored"
    )
    max_memory_mb: float = Field(MAX_MEMORY_MB, gt=0.0, description="memory for the reader of a workbook")
    columns: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="per column: role, type, nulls, format, decimal, thousands"
    )


class CleanSettings(_Table):
    """Which checks and fixes run."""

    ignore: tuple[str, ...] = Field((), description="codes of checks and fixes left out")
    only: tuple[str, ...] = Field((), description="codes of the only checks that run; all when empty")
    min_confidence: float = Field(0.0, ge=0.0, le=1.0, description="below this no cell is fixed, whatever the check")
    allow: tuple[str, ...] = Field((), description="steps the guard may not stop: a check, check:column, or all")
    max_removed: float = Field(0.05, ge=0.0, le=1.0, description="share of the records that a check may remove unasked")
    max_changed: float = Field(0.2, ge=0.0, le=1.0, description="share of a column that a check may change unasked")
    max_broken: float = Field(
        0.001,
        ge=0.0,
        le=1.0,
        description="share of a column that changes may be expected to break; one cell is always allowed",
    )
    mask: bool = Field(False, description="in a table: take personal data out while it is read; originals go to vault/")
    profile: str = Field("", description="rules for the documents of a corpus: karat, gopher, c4, fineweb, zh, …; none")
    languages: tuple[str, ...] = Field((), description="languages a corpus keeps; all when empty")
    identify_languages: bool = Field(True, description="say which language each document of a corpus is in")
    repair_unicode: bool = Field(True, description="repair broken characters in the documents of a corpus")
    personal_data: PersonalData = Field(
        "mask", description="in a corpus: mask it, hash it, cut it out (drop), or keep it"
    )
    mask_names: bool = Field(
        False, description="in a corpus: names of people and postal addresses too, in English and Chinese"
    )
    exact_duplicates: bool = Field(True, description="remove documents that occur twice in a corpus")
    near_duplicates: float = Field(0.8, ge=0.0, le=1.0, description="Jaccard from which documents are the same; 0: off")
    index: str = Field(
        "", description="folder of texts kept from earlier crawls: what is like one goes, what stays is added"
    )
    repeated_lines: int = Field(0, ge=0, description="cut lines that occur in more documents than this; 0: off")
    repeated_tokens: int = Field(0, ge=0, description="cut passages of this many tokens that occur twice; 0: off")
    test_sets: tuple[str, ...] = Field((), description="files of texts that must not occur in the corpus")
    good: str = Field("", description="file of texts as they should be, for the quality classifier")
    bad: str = Field("", description="file of texts as they should not be")
    html: bool = Field(False, description="take tags and entities out of documents that show three or more")
    boilerplate: bool = Field(False, description="cut lines of consent, sharing, navigation and rights")
    flagged_words: tuple[str, ...] = Field((), description="words of your own to flag; a short list when absent")
    max_flagged: float = Field(
        0.1, ge=0.0, le=1.0, description="share of flagged words above which a document is dropped; 1: off"
    )
    usual: str = Field("", description="file of usual texts: what a language model of them finds strange is dropped")
    max_bits: float = Field(
        0.0, ge=0.0, description="bits per byte above which it is strange; 0: as 1 in 100 of the usual texts are"
    )
    max_mixed: float = Field(
        1.0, ge=0.0, le=1.0, description="share of a document in a second language above which it is dropped; 1: off"
    )
    min_quality: float = Field(0.5, ge=0.0, description="below this the quality model drops a document")
    quality: str = Field(
        "",
        description="quality model: a file of karat label --rubric or fastText, or a Hugging Face classifier's folder",
    )
    quality_label: str = Field("", description="its label of good texts; found by its name when absent")
    drop_urls: tuple[str, ...] = Field((), description="files of domains and addresses whose documents are dropped")
    drop_matching: tuple[str, ...] = Field((), description="expressions (RE2): documents that match one are dropped")
    keep_matching: tuple[str, ...] = Field((), description="expressions (RE2): documents that match none are dropped")
    replace: dict[str, str] = Field(default_factory=dict, description="expression (RE2) to what takes its place")
    min_characters: int = Field(0, ge=0, description="shorter documents are dropped; 0: off")
    max_characters: int = Field(0, ge=0, description="longer documents are dropped; 0: off")
    min_words: int = Field(0, ge=0, description="documents with fewer words between blanks are dropped; 0: off")
    max_words: int = Field(0, ge=0, description="documents with more are dropped; 0: off")
    min_tokens: int = Field(
        0, ge=0, description="documents with fewer tokens of [prepare] tokenizer, else estimated, are dropped; 0: off"
    )
    max_tokens: int = Field(0, ge=0, description="documents with more are dropped; 0: off")
    max_per_domain: int = Field(0, ge=0, description="documents kept of one domain; 0: off")


class LabelSettings(_Table):
    """Answers a person has given, and what is done about labels that nobody has checked."""

    answers: str = Field("", description="CSV: row, column, value")
    weigh_labels: bool = Field(True, description="let records count by how probable their labels are where that helps")


class StoreSettings(_Table):
    """Versions."""

    versions: bool = Field(True, description="keep every state of the data")


class PrepareSettings(_Table):
    """Splits; tokens and shards of a corpus."""

    folds: int = Field(0, ge=0, le=20, description="folds of one repeat; 0: by size")
    repeats: int = Field(0, ge=0, le=50, description="repeats of the folds; 0: by size")
    shards: bool = Field(False, description="write the documents of a corpus as training shards")
    tokenizer: str = Field("", description="tokenizer.json, or its folder; trained on the corpus when absent")
    vocabulary: int = Field(8_192, ge=257, le=1_000_000, description="tokens of a tokenizer that is trained here")
    sequence_length: int = Field(1_024, ge=1, description="tokens of a packed sequence")
    held_out: float = Field(0.01, ge=0.0, lt=1.0, description="share of documents in the validation shards")
    weights: dict[str, float] = Field(default_factory=dict, description="source of a corpus to its share of the tokens")
    epochs: float = Field(1.0, gt=0.0, description="how often a source is read at most")
    shard_formats: tuple[Literal["bin", "megatron", "parquet", "datasets"], ...] = Field(
        ("bin", "megatron", "parquet", "datasets"), description="as nanoGPT, Megatron, Parquet and datasets read them"
    )


class TrainSettings(_Table):
    """Learners."""

    learner: str = Field("", description="code of the learner of the headline; chosen by kind of data when absent")
    monotone: dict[str, Literal["increasing", "decreasing"]] = Field(
        default_factory=dict, description="column of numbers to the only way the answer may move along it"
    )
    horizon: int = Field(
        0, ge=0, le=500, description="steps ahead that a series is forecast; 0: the rows to come, else a season"
    )


class EvaluateSettings(_Table):
    """Metric, and what a wrong answer costs."""

    metric: str = Field("", description="code of the metric; AUC, macro-F1 or R2 when absent")
    costs: dict[str, dict[str, float]] = Field(default_factory=dict, description="costs[truth][answer] of a decision")


class DeploySettings(_Table):
    """The served model."""

    model: bool = Field(True, description="export the model")


class ServeSettings(_Table):
    """What `karat serve` takes on, and who may ask; a token is never written here, only its file."""

    host: str = Field(HOST, description="address to listen on; by default this machine alone")
    port: int = Field(PORT, ge=0, le=65_535, description="port; 0: any free one")
    token_file: str = Field("", description="file with the token that requests must send; else KARAT_TOKEN, else none")
    tls_cert: str = Field("", description="PEM file of the certificate, for https")
    tls_key: str = Field("", description="PEM file of its key")
    allowed_hosts: tuple[str, ...] = Field((), description="names with a dot that the server answers to; * for any")
    allowed_origins: tuple[str, ...] = Field((), description="origins whose pages may post; * for any")
    max_body_mb: float = Field(LIMITS.max_body_mb, gt=0.0, description="size of a request's body")
    max_nesting: int = Field(LIMITS.max_nesting, ge=4, description="lists and objects inside one another in a request")
    max_records: int = Field(LIMITS.max_records, ge=1, description="records of one request")
    max_request_seconds: float = Field(LIMITS.max_request_seconds, gt=0.0, description="time an answer may take")
    max_arrival_seconds: float = Field(
        LIMITS.max_arrival_seconds, gt=0.0, description="time a request may take to arrive; half-sent ones are dropped"
    )
    max_connections: int = Field(LIMITS.max_connections, ge=1, description="open connections; beyond: 503")
    max_waiting: int = Field(LIMITS.max_waiting, ge=1, description="requests that wait for the model; beyond: 503")
    max_cache_mb: float = Field(
        LIMITS.max_cache_mb, ge=0.0, description="memory for what checks have said about values that come again"
    )
    drain_seconds: float = Field(
        LIMITS.drain_seconds, ge=0.0, description="time after SIGTERM in which requests are still taken"
    )
    max_stop_seconds: float = Field(
        LIMITS.max_stop_seconds, ge=0.0, description="time after that for the requests under way"
    )
    checks: bool = Field(True, description="validate records with the checks of training")
    policy: Literal["pass", "hold", "reject"] = Field(
        "pass", description="records that checks are sure about: pass answers, hold answers and keeps, reject refuses"
    )
    workers: int = Field(1, ge=1, description="processes that answer")
    record: bool = Field(False, description="append served records to the folder served, personal data masked")


class LiveSettings(_Table):
    """Records that come after a run, and when their drift alarms."""

    window: int = Field(1000, ge=50, description="records of a window, compared with the run as a whole")
    alarms_per_day: float = Field(
        0.1,
        gt=0.0,
        description="false alarms a day that are put up with, over all columns; evidence adds up until then",
    )
    cost: float = Field(0.05, ge=0.0, description="rise of the expected loss from which drift alarms, as a share of it")


class ReviewSettings(_Table):
    """What the people who decide are told."""

    instructions: str = Field("", description="how cases of this project are decided; shown on the review page")


class ShowSettings(_Table):
    """How results are shown."""

    lang: Literal["en", "zh"] = Field("en", description="language of terminal and report")


class Settings(_Table):
    """All tables of ``karat.toml``, in path order, and the settings outside any table."""

    seed: int = 0
    workers: int = Field(0, ge=0, description="0: as many as there are cores")
    budget: str = Field(
        "",
        description="time the run is to take, such as 5m: proof and learners are cut to it; when absent nothing is cut",
    )
    now: str = Field("", description="ISO time taken as now where the data has no clock of its own")
    collect: CollectSettings = CollectSettings()
    clean: CleanSettings = CleanSettings()
    label: LabelSettings = LabelSettings()
    store: StoreSettings = StoreSettings()
    prepare: PrepareSettings = PrepareSettings()
    train: TrainSettings = TrainSettings()
    evaluate: EvaluateSettings = EvaluateSettings()
    deploy: DeploySettings = DeploySettings()
    serve: ServeSettings = ServeSettings()
    live: LiveSettings = LiveSettings()
    review: ReviewSettings = ReviewSettings()
    show: ShowSettings = ShowSettings()
    quality: dict[str, dict[str, Any]] = Field(default_factory=dict, description="parameters of checks, by check")


def read_settings(path: Path) -> Settings:
    """Settings from a TOML file. Raises InputError or OptionError that names the key and the nearest right one."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"settings file {path} not found", "Check the path") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not TOML: {error}", "Correct the file") from None
    return made_settings(values, str(path))


def made_settings(values: dict[str, Any], where: str) -> Settings:
    """Settings from plain values, with errors in words."""
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(map(str, first["loc"]))
        if first["type"] == "extra_forbidden":
            raise OptionError.unknown("key", key, _keys(first["loc"]), where) from None
        if first["type"] == "literal_error":
            known = str(first["ctx"]["expected"])
            raise OptionError(f"{key} is {first['input']!r} in {where}", f"choose from: {known}") from None
        said = first["msg"].replace("Input should be", "it must be")
        raise OptionError(f"{key} is {first['input']!r} in {where}: {said}", "Correct that setting") from None


def _keys(place: tuple[Any, ...]) -> list[str]:
    model: Any = Settings
    for part in place[:-1]:
        model = model.model_fields[part].annotation
    return [".".join([*map(str, place[:-1]), name]) for name in model.model_fields]


def written(settings: Settings) -> str:
    """Settings as TOML, comments from the descriptions."""
    lines = []
    for name, value in settings:
        if not isinstance(value, (_Table, dict)):
            lines.append(f"{name} = {json.dumps(value)}")
    for name, value in settings:
        if isinstance(value, _Table):
            lines += ["", f"[{name}]  # {(type(value).__doc__ or '').strip()}"]
            lines += _lines(name, value)
    for check, parameters in settings.quality.items():
        lines += [
            "",
            f"[quality.{check}]",
            *(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in parameters.items()),
        ]
    return "\n".join(lines) + "\n"


def _lines(table: str, value: _Table) -> list[str]:
    plain, nested = [], []
    for key, field in type(value).model_fields.items():
        setting = getattr(value, key)
        if isinstance(setting, dict) and any(not isinstance(entries, dict) for entries in setting.values()):
            inside = ", ".join(f"{json.dumps(k, ensure_ascii=False)} = {json.dumps(v)}" for k, v in setting.items())
            plain.append(f"{key} = {{ {inside} }}  # {field.description}")
        elif isinstance(setting, dict):
            for inner, entries in setting.items():
                nested += ["", f"[{table}.{key}.{json.dumps(inner, ensure_ascii=False)}]"]
                nested += [f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in entries.items()]
        elif setting is not None:
            text = json.dumps(setting, ensure_ascii=False)
            plain.append(f"{key} = {without_secrets(text) if key == 'data' else text}  # {field.description}")
    return plain + nested


def schema_text() -> str:
    """The JSON Schema of ``karat.toml``, as it is shipped in ``karat.schema.json``."""
    return json.dumps(Settings.model_json_schema(), ensure_ascii=False, indent=2) + "\n"
