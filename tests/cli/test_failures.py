"""What can be wrong with a request or its data: a clear message, the exit code, no file."""

from __future__ import annotations

import gzip
import os
import signal
import subprocess
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
import shop
from processes import Failing, Run

GOOD = "contact,time,order,amount\nann,2026-01-30,o1,10\n"


@pytest.fixture
def failing(run: Run, tmp_path: Path) -> Failing:
    """Runs rfm, expects the exit code, and that no output file is left; gives the message."""

    def go(*arguments: object, code: int, rejects_stay: bool = False) -> str:
        before = set(os.listdir(tmp_path))
        outputs = ["--out", "scores.csv", "--report", "page.html"]
        done = run("rfm", *arguments, *outputs, "--quiet")
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        left = set(os.listdir(tmp_path)) - before
        assert left == ({"rejects.csv"} if rejects_stay else set())
        return done.stderr

    return go


def write(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


USAGE = [
    (["--model", "retial"], "did you mean 'retail'|\"retail\""),
    (["--as-of", "yesterday"], "yesterday"),
    (["--as-of", "2026-02-30"], "2026-02-30"),
    (["--time-zone", "Europe/Warsawa"], "Europe/Warsaw"),
    (["--format", "jsn"], "did you mean 'json'"),
    (["--grid", "--format", "csv"], "--format table"),
    (["--map", "contcat=id"], "did you mean 'contact'"),
    (["--map", "contact"], "NAME=VALUE"),
    (["--map", "contact=a,contact=b"], "twice"),
    (["--map", "amount=a,price=b"], "price"),
    (["--max-rejects", "some"], "some"),
    (["--max-rejects", "101%"], "101%"),
    (["--max-rejects", "-1"], "-1"),
    (["--delimiter", "||"], "||"),
    (["--date-format", "%Q"], "%Q"),
    (["--currency", "euro"], "euro"),
    (["--decimals", "7"], "7"),
    (["--threads", "0"], "0"),
    (["--rates", "rates.csv"], "--currency"),
    (["--transitions", "moves.csv"], "--compare-as-of"),
    (["--compare-as-of", "2026-02-01"], "before"),
    (["--attributes", "country=category"], "--contacts"),
    (["--contacts", "orders.csv", "--attributes", "country=categry"], "did you mean 'category'"),
    (["--frobnicate"], "frobnicate"),
    (["--sumary"], "did you mean --summary"),
    (["--transitions", "./orders.csv", "--compare-as-of", "2026-01-01"], "is an input"),
    (["--rejects", "./scores.csv"], "two outputs"),
]


@pytest.mark.parametrize(("arguments", "said"), USAGE, ids=[" ".join(a) for a, _ in USAGE])
def test_bad_requests(failing: Failing, tmp_path: Path, arguments: list[str], said: str) -> None:
    write(tmp_path, GOOD)
    wanted = ["--orders", "orders.csv"]
    if "--as-of" not in arguments:
        wanted += ["--as-of", shop.AS_OF]
    message = failing(*wanted, *arguments, code=2)
    assert any(each in message for each in said.split("|") if each) or said in message, message


def test_required_options(run: Run, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    done = run("rfm", "--orders", "orders.csv")
    assert done.returncode == 2
    assert "--as-of" in done.stderr
    done = run("rfm", "--as-of", shop.AS_OF)
    assert done.returncode == 2
    assert "--orders" in done.stderr


def test_unknown_instruction_set(run: Run) -> None:
    done = run("--version", env={"QUINTILE_ISA": "avx9000"})
    assert done.returncode == 2
    assert "avx9000" in done.stderr
    assert "scalar" in done.stderr


def test_forced_instruction_set_is_active(run: Run) -> None:
    done = run("--version", env={"QUINTILE_ISA": "scalar"})
    assert done.returncode == 0
    assert "scalar" in done.stdout


def test_population_needs_contacts(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, shop.MODEL + "population: \"country = 'PL'\"\n", "m.yaml")
    arguments = ["--orders", "orders.csv", "--as-of", shop.AS_OF, "--model", "m.yaml"]
    assert "--contacts" in failing(*arguments, code=2)
    write(tmp_path, "contact,country\nann,PL\n", "contacts.csv")
    message = failing(*arguments, "--contacts", "contacts.csv", code=2)
    assert "country" in message
    assert "--attributes" in message


ARGUMENTS = ["--orders", "orders.csv", "--as-of", shop.AS_OF]


def test_missing_file(failing: Failing) -> None:
    assert "orders.csv" in failing(*ARGUMENTS, code=1)


def test_missing_folder_of_the_output(run: Run, tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("10", "ten"))  # told before the data are looked at
    done = run("rfm", *ARGUMENTS, "--out", "nowhere/scores.csv")
    assert done.returncode == 1
    assert "nowhere/scores.csv" in done.stderr


def test_missing_column(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, "customer,time,amount\nann,2026-01-30,10\n")
    message = failing(*ARGUMENTS, code=1)
    assert "'contact'" in message
    assert "customer" in message
    message = failing(*ARGUMENTS, "--map", "contact=custmer", code=1)
    assert "custmer" in message


def test_zero_byte_file(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, b"")
    assert "orders.csv" in failing(*ARGUMENTS, code=1)


def test_truncated_gzip(failing: Failing, tmp_path: Path) -> None:
    packed = gzip.compress((GOOD + "bob,2026-01-29,o2,20\n" * 50_000).encode())
    write(tmp_path, packed[: len(packed) // 2], "orders.csv.gz")
    message = failing("--orders", "orders.csv.gz", "--as-of", shop.AS_OF, code=1)
    assert "orders.csv.gz" in message


REJECTS = [
    ("ann,2026-01-30,o2,ten\n", "ten"),
    ("ann,2026-01-30,o2,1e400\n", "1e400"),
    ("ann,2026-01-30,o2,99999999999999999999\n", "99999999999999999999"),
    ("ann,2026-01-30,o2,nan\n", "nan"),
    ("ann,tomorrow,o2,10\n", "tomorrow"),
    ("ann,1899-01-01,o2,10\n", "1899-01-01"),
    ("ann,2026-13-01,o2,10\n", "2026-13-01"),
    (b"\xff\xfe,2026-01-30,o2,10\n", ""),
    (b"a\x00b,2026-01-30,o2,10\n", ""),
    ("x" * 257 + ",2026-01-30,o2,10\n", "xxx"),
    ("y" * (1 << 20) + ",2026-01-30,o2,10\n", "yyy"),
]


@pytest.mark.parametrize(
    ("line", "value"), REJECTS, ids=[str(v or repr(line)[:20]) for line, v in REJECTS]
)
def test_bad_records_are_listed(
    run: Run, failing: Failing, tmp_path: Path, line: str | bytes, value: str
) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    write(tmp_path, GOOD.encode() + raw)
    message = failing(*ARGUMENTS, "--rejects", "rejects.csv", code=1, rejects_stay=True)
    assert "1 of 2 records" in message
    assert "orders.csv:3" in message
    assert "rejects.csv" in message
    listed = (tmp_path / "rejects.csv").read_text(encoding="utf-8").splitlines()
    assert listed[0] == "file,line,reason,value"
    assert len(listed) == 2
    assert listed[1].startswith("orders.csv,3,")
    assert value in listed[1]
    assert len(listed[1]) < 400
    done = run("rfm", *ARGUMENTS, "--max-rejects", "50%")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[1].startswith("ann,1,1,10.00,")
    assert len(done.stdout.splitlines()) == 2
    done = run("rfm", *ARGUMENTS, "--max-rejects", "1")
    assert done.returncode == 0, done.stderr
    done = run("rfm", *ARGUMENTS, "--max-rejects", "0")
    assert done.returncode == 1


def test_one_percent_of_rejects_is_the_limit(run: Run, tmp_path: Path) -> None:
    lines = "".join(f"c{i},2026-01-30,o{i},1\n" for i in range(198))
    write(tmp_path, "contact,time,order,amount\n" + lines + "x,2026-01-30,o,bad\n" * 2)
    assert run("rfm", *ARGUMENTS).returncode == 0
    write(tmp_path, "contact,time,order,amount\n" + lines + "x,2026-01-30,o,bad\n" * 3)
    assert run("rfm", *ARGUMENTS).returncode == 1


def test_sum_past_64_bits(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, "contact,time,amount\n" + "ann,2026-01-30,90000000000000000\n" * 2)
    message = failing(*ARGUMENTS, code=1)
    assert "ann" in message


def test_currency_without_a_rate(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, "contact,time,amount,cur\nann,2026-01-30,10,EUR\nbob,2026-01-30,10,PLN\n")
    message = failing(*ARGUMENTS, "--map", "currency=cur", code=1)
    assert "PLN" in message or "currenc" in message
    write(tmp_path, "date,currency,rate\n2026-01-01,PLN,0.25\n", "rates.csv")
    write(tmp_path, "contact,time,amount,cur\nann,2026-01-30,10,EUR\nbob,2026-01-30,10,USD\n")
    message = failing(*ARGUMENTS, "--map", "currency=cur", "--currency", "EUR", "--rates",
                      "rates.csv", code=1)  # fmt: skip
    assert "USD" in message


def test_rates_for_another_base_currency(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, "contact,time,amount,cur\nann,2026-01-30,10,EUR\nbob,2026-01-30,10,PLN\n")
    arguments = [*ARGUMENTS, "--map", "currency=cur", "--currency", "EUR", "--rates", "rates.csv"]
    # Units of PLN for one unit: EUR would come out as if it were PLN.
    write(tmp_path, "date,currency,rate\n2026-01-01,PLN,1\n2026-01-01,EUR,4.32\n", "rates.csv")
    message = failing(*arguments, code=1)
    assert "rates.csv: record 3: expected 1 for EUR" in message
    assert "got '4.32'" in message


def test_rates_may_name_the_base_currency(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "contact,time,amount,cur\nann,2026-01-30,10,EUR\nbob,2026-01-30,10,PLN\n")
    write(tmp_path, "date,currency,rate\n2026-01-01,EUR,1.000\n2026-01-01,PLN,0.25\n", "rates.csv")
    done = run("rfm", *ARGUMENTS, "--map", "currency=cur", "--currency", "EUR",
               "--rates", "rates.csv")  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "bob,1,1,2.50," in done.stdout


def test_decimals_are_those_of_the_currency(run: Run, failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, "contact,time,amount,cur\nann,2026-01-30,1500,JPY\n")
    message = failing(*ARGUMENTS, "--map", "currency=cur", code=1)
    assert "JPY, which has 0 decimals, not 2" in message
    assert "--currency JPY" in message
    for named in (["--currency", "JPY"], ["--decimals", "0"]):
        done = run("rfm", *ARGUMENTS, "--map", "currency=cur", *named)
        assert done.returncode == 0, done.stderr
        assert "ann,1,1,1500," in done.stdout


def test_unknown_column_of_a_where(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("amount", "amount,channel").replace("10", "10,web"))
    write(tmp_path, shop.MODEL + "where: \"chanel = 'web'\"\n", "m.yaml")
    message = failing(*ARGUMENTS, "--model", "m.yaml", code=1)
    assert "no column 'chanel' for the where of model 'tiny'; did you mean 'channel'?" in message
    assert "extra column" not in message
    message = failing(*ARGUMENTS, "--model", "m.yaml", "--map", "chanel=chan", code=1)
    assert "no column 'chan' for 'chanel' in the where of model 'tiny'" in message


def test_damaged_files_are_named_with_a_next_step(failing: Failing, tmp_path: Path) -> None:
    table = pa.table(
        {"contact": ["ann"] * 1000, "time": ["2026-01-30"] * 1000, "amount": [1.5] * 1000}
    )
    pyarrow.parquet.write_table(table, tmp_path / "orders.parquet", compression="snappy")
    content = bytearray((tmp_path / "orders.parquet").read_bytes())
    content[4:200] = bytes(196)
    write(tmp_path, bytes(content), "orders.parquet")
    packed = gzip.compress(GOOD.encode() + b"bob,2026-01-29,o2,20\n" * 50_000)
    write(tmp_path, packed[: len(packed) // 2], "orders.csv.gz")
    for name in ("orders.parquet", "orders.csv.gz"):
        message = failing("--orders", name, "--as-of", shop.AS_OF, code=1)
        assert f"{name}: is damaged or cut off (" in message
        assert "again" in message
        assert "broke off" not in message


def test_map_that_misses_cells(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    write(tmp_path, shop.MODEL.replace("otherwise: rest\n", ""), "m.yaml")
    message = failing(*ARGUMENTS, "--model", "m.yaml", code=1)
    assert "m.yaml" in message
    assert "otherwise" in message


def test_bad_model_file(failing: Failing, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert "missing.yaml" in failing(*ARGUMENTS, "--model", "missing.yaml", code=1)
    write(tmp_path, shop.MODEL.replace("tiers:", "teirs:"), "m.yaml")
    message = failing(*ARGUMENTS, "--model", "m.yaml", code=1)
    assert "m.yaml:2" in message
    assert "tiers" in message
    write(tmp_path, shop.MODEL + "where: \"chanel = 'web'\"\n", "m.yaml")
    assert "chanel" in failing(*ARGUMENTS, "--model", "m.yaml", code=1)


def test_a_failed_run_leaves_the_earlier_file(run: Run, tmp_path: Path) -> None:
    write(tmp_path, GOOD.replace("10", "ten"))
    (tmp_path / "scores.csv").write_text("what was there before")
    assert run("rfm", *ARGUMENTS, "--out", "scores.csv").returncode == 1
    assert (tmp_path / "scores.csv").read_text() == "what was there before"


def test_an_earlier_file_is_replaced_and_keeps_its_mode(run: Run, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    out = tmp_path / "scores.csv"
    out.write_text("what was there before")
    out.chmod(0o640)
    link = tmp_path / "link.csv"
    link.symlink_to(out)
    assert run("rfm", *ARGUMENTS, "--out", "link.csv").returncode == 0
    assert link.is_symlink()
    assert out.read_text().startswith("contact,")
    assert out.stat().st_mode & 0o777 == 0o640


def test_a_full_disk_is_told(run: Run, tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    done = run("rfm", *ARGUMENTS, "--out", "/dev/full")
    assert done.returncode == 1
    assert "/dev/full" in done.stderr


def test_a_signal_leaves_nothing(program: Path, tmp_path: Path) -> None:
    # The orders come through a pipe that never ends, so the run is surely under way.
    pipe = tmp_path / "orders.csv"
    os.mkfifo(pipe)
    with subprocess.Popen(
        [program, "rfm", *ARGUMENTS, "--out", "scores.csv", "--rejects", "rejects.csv"],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    ) as process:
        for _ in range(200):
            if any(name.endswith(".unfinished") for name in os.listdir(tmp_path)):
                break
            time.sleep(0.05)
        else:
            process.kill()
            pytest.fail("the run never began")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == -signal.SIGTERM
    assert os.listdir(tmp_path) == ["orders.csv"]


@pytest.mark.parametrize("earlier", [None, "what was there before"])
def test_outputs_get_their_names_together(
    program: Path, tmp_path: Path, earlier: str | None
) -> None:
    lines = "".join(f"contact {i},2026-01-30,o{i},1\n" for i in range(20_000))
    write(tmp_path, "contact,time,order,amount\n" + lines)
    if earlier is not None:
        write(tmp_path, earlier, "page.html")
    outputs = [
        "--report",
        "page.html",
        "--transitions",
        "moves.csv",
        "--compare-as-of",
        "2026-01-30",
    ]
    with subprocess.Popen(
        [program, "rfm", *ARGUMENTS, *outputs], cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        # The rows do not fit the pipe, so the run waits for us between writing and renaming.
        assert process.stdout is not None
        assert process.stdout.read(1) == b"c"
        write(tmp_path / make_folder(tmp_path / "moves.csv"), "in the way", "file")
        _, said = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"moves.csv" in said
    page = tmp_path / "page.html"
    assert (page.read_text() if page.exists() else None) == earlier
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".unfinished")]


def make_folder(path: Path) -> Path:
    path.mkdir()
    return path


NOT_UNDERSTOOD = [
    (["frob"], "unknown command 'frob'; known are generate, load, "),
    (["rmf", "--orders", "orders.csv"], "unknown command 'rmf'; did you mean 'rfm'?"),
    (["--versoin"], "unknown option --versoin; did you mean --version?"),
    (["rfm", "--order", "orders.csv", "--as-of", shop.AS_OF],
     "unknown option --order; did you mean --orders?"),
    (["rfm", "--orders", "orders.csv", "--as-off=2026-01-31"],
     "unknown option --as-off; did you mean --as-of?"),
    (["rfm", "orders.csv", "--as-of", shop.AS_OF], "'orders.csv' belongs to no option"),
    (
        ["generate", "--contacts", "5", "--ouut", "shop"],
        "unknown option --ouut; did you mean --out?",
    ),
    (["generate", "--contacts", "-5", "--out", "shop"], "whole number", "-5"),
    (["generate", "--contacts", "many", "--out", "shop"], "whole number", "many"),
    (["generate", "--seed", "-1", "--out", "shop"], "whole number", "-1"),
    *(
        (["rfm", *ARGUMENTS, option, ""], f"{option}: expected a name, got ''")
        for option in ("--out", "--report", "--rejects", "--transitions", "--model", "--contacts")
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "said"), [(a, s) for a, *s in NOT_UNDERSTOOD],
    ids=[" ".join(a) for a, *_ in NOT_UNDERSTOOD],
)  # fmt: skip
def test_what_is_not_understood_is_named(
    run: Run, tmp_path: Path, arguments: list[str], said: list[str]
) -> None:
    write(tmp_path, GOOD)
    done = run(*arguments)
    assert done.returncode == 2, done.stderr
    for each in said:
        assert each in done.stderr
    assert "18446744073709551611" not in done.stderr
    assert "is required" not in done.stderr or "belongs to no option" in done.stderr
    assert os.listdir(tmp_path) == ["orders.csv"]
