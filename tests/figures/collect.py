"""Runs the measurements of tests/measure and prints them as tables; each run adds one line of JSON to figures.jsonl."""

import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

import start
import writes

RELEASE = pathlib.Path("target/release").resolve()
PYTHON = pathlib.Path("tests/.tools/stack/bin/python").absolute()
FIGURES = os.path.abspath("target/release/figures")
ROLLCALL = os.path.abspath("target/release/rollcall")
BASELINE = os.path.abspath("tests/figures/baseline.py")
RESULTS = os.path.abspath("tests/.results/figures.jsonl")
QUICK = "--quick" in sys.argv[1:]
# How many employees are invented. People who left and people who are still to come are added, so that about 1,000, 10,000 and
# 100,000 people are read.
SIZES = [850, 8_450] if QUICK else [850, 8_450, 84_500]
DEMO_SIZES = [250, 2_000]
ROUNDS = 3 if QUICK else 7
# The measured cases: the pages of a company as they are, and the pages without the lists that only custom fields need.
CASES = {"standard fields": ("fields-", "values-"), "all custom fields": ()}
# The goals for Rollcall (with standard fields, at the largest size).
GOALS = {"us": 8, "mb": 99, "faster": 5.4, "growth": 1.2}


def run(*command):
    """Runs one process pinned to one core, and returns its last line, which is JSON."""
    pinned = ["taskset", "-c", "0", *command] if shutil.which("taskset") else list(command)
    done = subprocess.run(pinned, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def keep(**line):
    with open(RESULTS, "a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")


def median(lines, member):
    return statistics.median(line[member] for line in lines)


def link_pages(source, target, left_out):
    """Links the files of a folder under another folder, except the files whose name begins with what is left out."""
    for root, _, names in os.walk(source):
        folder = os.path.join(target, os.path.relpath(root, source))
        os.makedirs(folder, exist_ok=True)
        for name in names:
            if not name.startswith(left_out):
                os.link(os.path.join(root, name), os.path.join(folder, name))


def size_of(folder):
    paths = (os.path.join(root, name) for root, _, names in os.walk(folder) for name in names)
    return sum(os.path.getsize(path) for path in paths if path.endswith(".json"))


def night(case, employees, pages):
    """Measures a usual night: 1 % moved, 0.3 % joined, 0.2 % left since yesterday. Rollcall and the script take turns."""
    state, script_state = f"{pages}/state", f"{pages}/state.json"
    json_bytes = size_of(f"{pages}/day2")
    first = run(FIGURES, "first", f"{pages}/day1", state)
    keep(what="first", case=case, asked=employees, by="rollcall", **first)
    run("python3", BASELINE, f"{pages}/day1", script_state)
    shutil.copy(script_state, f"{script_state}.first")
    lines = {"rollcall": [], "script": []}
    for _ in range(ROUNDS):
        lines["rollcall"].append(run(FIGURES, "night", f"{pages}/day2", state))
        shutil.copy(f"{script_state}.first", script_state)
        lines["script"].append(run("python3", BASELINE, f"{pages}/day2", script_state))
    for by, runs in lines.items():
        for line in runs:
            keep(what="night", case=case, asked=employees, by=by, json_bytes=json_bytes, **line)
    ours, script = lines["rollcall"], lines["script"]
    people = ours[0]["employees"]
    return {
        "employees": people,
        "json": json_bytes / people,
        "changes": ours[0]["changes"],
        "us": median(ours, "seconds") / people * 1e6,
        "range": [limit(line["seconds"] for line in ours) / people * 1e6 for limit in (min, max)],
        "mb": median(ours, "peak_bytes") / 1e6,
        "state": ours[0]["state_bytes"] / people,
        "plan": ours[0]["plan_bytes"],
        "script_us": median(script, "seconds") / people * 1e6,
        "script_mb": median(script, "peak_bytes") / 1e6,
        "script_state": script[0]["state_bytes"] / people,
        "first_us": first["seconds"] / people * 1e6,
        "first_mb": first["peak_bytes"] / 1e6,
    }


def nights(folder):
    """Measures all sizes of all cases, and how many calls a read of each size costs."""
    rows, calls = {case: [] for case in CASES}, []
    for employees in SIZES:
        print(f"Inventing a company of {employees:,} and reading its pages", file=sys.stderr)
        pages = f"{folder}/{employees}"
        line = run(FIGURES, "pages", pages, str(employees))
        keep(what="calls", asked=employees, **line)
        calls.append(line)
        for case, left_out in CASES.items():
            print(f"Nights of {employees:,}, {case}", file=sys.stderr)
            linked = f"{pages}-{case.replace(' ', '-')}"
            link_pages(pages, linked, left_out)
            rows[case].append(night(case, employees, linked))
            shutil.rmtree(linked)
        shutil.rmtree(pages)
    return rows, calls


def print_nights(case, rows):
    print(f"\nA night without a network, {case}: pages -> roster -> certificate -> diff -> guards -> plan written\n")
    print("| people | JSON a person | changes | time a person | plain script | times faster | peak memory | script | state a person | script | plan |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        low, high = row["range"]
        print(f"| {row['employees']:,} | {row['json'] / 1000:.1f} KB | {row['changes']:,} | {row['us']:.1f} us ({low:.1f}-{high:.1f}) "
              f"| {row['script_us']:.0f} us | {row['script_us'] / row['us']:.1f} | {row['mb']:.0f} MB | {row['script_mb']:.0f} MB "
              f"| {row['state']:.0f} B | {row['script_state']:.0f} B | {row['plan'] / 1000:.1f} KB |")
    first = ", ".join(f"{row['first_us']:.1f} us and {row['first_mb']:.0f} MB at {row['employees']:,}" for row in rows)
    print(f"\nThe first night, when everybody joins (one run each): {first}.")
    growth = rows[-1]["us"] / rows[-2]["us"]
    print(f"Growth of the time a person from {rows[-2]['employees']:,} to {rows[-1]['employees']:,} people: {growth:.2f}x.")


def print_goals(rows):
    last, before = rows[-1], rows[-2]
    found = {
        "us": (last["us"], "us a person", last["us"] <= GOALS["us"]),
        "mb": (last["mb"], "MB at the peak", last["mb"] <= GOALS["mb"]),
        "faster": (last["script_us"] / last["us"], "times faster than the script", last["script_us"] / last["us"] >= GOALS["faster"]),
        "growth": (last["us"] / before["us"], "times the time a person of a tenth of the people", last["us"] / before["us"] <= GOALS["growth"]),
    }
    print(f"\nGoals, at {last['employees']:,} people with their standard fields:")
    for name, (value, unit, is_met) in found.items():
        print(f"* {'met' if is_met else 'NOT met'}: {value:.1f} {unit}; the goal is {GOALS[name]}")


def print_calls(calls):
    print("\nWhat a read asks of HR, counted at the connector, against what it documents for so many rows:\n")
    print("| people | company and shared lists | pages of people | contracts | team memberships | custom values | together | counted |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    for line in calls:
        parts = [line[part] for part in ("shared", "pages", "contracts", "memberships", "values")]
        cells = " | ".join(f"{part:,}" for part in parts)
        print(f"| {line['employees']:,} | {cells} | {sum(parts):,} | {line['counted']:,} |")
        if sum(parts) != line["counted"]:
            sys.exit("The connector does not ask what it documents.")


def print_long():
    """A company that is too large for one call of a function, read by a clock that each request moves on."""
    line = run(FIGURES, "long", str(SIZES[-1]))
    keep(what="long", **line)
    print("\nA first night in slices (20 requests a second, functions of 300 seconds, memory store, by the clock of the requests):\n")
    print("| people | read | slices | HR calls | by the clock |")
    print("|---|---|---|---|---|")
    print(f"| {line['people']:,} | {line['completeness']} | {line['slices']} | {line['calls']:,} | {line['seconds'] / 60:.0f} min |")


def print_folders():
    """Prints how long the folders of HR systems are, and how many passages two of them share."""
    line = run(FIGURES, "folders")
    keep(what="folders", **line)
    print("\nFolders of HR systems (lines without tests, comments among them; the goal is 350 to 600, and 1,200 for Factorial):\n")
    print("| HR system | lines |\n|---|---:|")
    for name, lines in line["lines"].items():
        print(f"| {name} | {lines:,} |")
    print(f"\nPassages of six equal lines that two of them share: {line['shared']}.")


def print_store():
    """Prints what nights read and write on the embedded stack, from the demo's report."""
    print("\nWhat a night reads and writes in the table (embedded stack, directory included; items in calls):\n")
    print("| people to join | night | changes | accounts written | items read | items written | HR calls |")
    print("|---:|---|---:|---:|---:|---:|---:|")
    for employees in DEMO_SIZES:
        done = subprocess.run([ROLLCALL, "demo", "--employees", str(employees), "--seed", "1", "--json"],
                              check=True, stdout=subprocess.PIPE, text=True)
        days = {day["name"]: day for day in json.loads(done.stdout.strip().splitlines()[-1])["days"]}
        for name, day in days.items():
            keep(what="store", asked=employees, **day)
        for name, word in [("first", "first"), ("changes", "busy"), ("quiet", "quiet")]:
            day = days[name]
            changes = sum(day[kind] for kind in ["joiners", "movers", "leavers", "rehires"])
            print(f"| {employees:,} | {word} | {changes:,} | {day['target_writes']:,} "
                  f"| {day['store_reads']:,} in {day['store_read_calls']:,} "
                  f"| {day['store_writes']:,} in {day['store_write_calls']:,} | {day['calls']:,} |")


def main():
    if os.path.exists(RESULTS):
        os.remove(RESULTS)
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    conditions = {
        "on": datetime.date.today().isoformat(), "machine": model, "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}", "python": platform.python_version(), "rounds": ROUNDS,
        "load": os.getloadavg()[0],
    }
    keep(what="conditions", **conditions)
    with tempfile.TemporaryDirectory() as folder:
        rows, calls = nights(folder)
    print(f"\n{conditions['on']}, {model}, {os.cpu_count()} cores, {conditions['system']}, Python {conditions['python']}, release profile;")
    print(f"one core, files warm, medians of {ROUNDS} runs that alternate with the script's; load {conditions['load']:.1f} at the start, "
          f"{os.getloadavg()[0]:.1f} at the end.")
    for case in CASES:
        print_nights(case, rows[case])
    print_goals(rows["standard fields"])
    print_calls(calls)
    print_long()
    print_folders()
    print_store()
    print("Writing to a SCIM server", file=sys.stderr)
    writes.report(*writes.measure(FIGURES, ROUNDS, keep))
    print("Starting the functions", file=sys.stderr)
    start.report(start.measure(9 if QUICK else 31, keep, PYTHON, RELEASE))
    print("\nRaw lines: tests/.results/figures.jsonl")


main()
