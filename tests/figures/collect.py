"""Runs the measurements of tests/measure and prints them as tables; one JSON line a run goes to figures.jsonl."""

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile

FIGURES = os.path.abspath("target/release/figures")
ROLLCALL = os.path.abspath("target/release/rollcall")
BASELINE = os.path.abspath("tests/figures/baseline.py")
RESULTS = os.path.abspath("tests/.results/figures.jsonl")
QUICK = "--quick" in sys.argv[1:]
SIZES = [1_000, 10_000] if QUICK else [1_000, 10_000, 100_000]
ROUNDS = 3 if QUICK else 5


def run(*command):
    """One process pinned to one core; its last line is JSON."""
    pinned = ["taskset", "-c", "0", *command] if shutil.which("taskset") else list(command)
    done = subprocess.run(pinned, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def keep(**line):
    with open(RESULTS, "a", encoding="utf-8") as results:
        results.write(json.dumps(line) + "\n")


def median(lines, member):
    return statistics.median(line[member] for line in lines)


def night(employees, folder):
    """A usual night: 1 % moved, 0.3 % joined, 0.2 % left since yesterday. Rollcall and the script take turns."""
    pages = f"{folder}/{employees}"
    subprocess.run([FIGURES, "pages", pages, str(employees)], check=True)
    rust_state, script_state = f"{pages}/state", f"{pages}/state.json"
    first = run(FIGURES, "first", f"{pages}/day1", rust_state)
    run("python3", BASELINE, f"{pages}/day1", script_state)
    size = sum(os.path.getsize(os.path.join(root, name))
               for root, _, names in os.walk(f"{pages}/day2") for name in names if name.endswith(".json"))
    shutil.copy(script_state, f"{script_state}.first")
    ours, script = [], []
    for _ in range(ROUNDS):
        ours.append(run(FIGURES, "night", f"{pages}/day2", rust_state))
        shutil.copy(f"{script_state}.first", script_state)
        script.append(run("python3", BASELINE, f"{pages}/day2", script_state))
    people = ours[0]["employees"]
    for line in ours:
        keep(what="night", by="rollcall", **line)
    for line in script:
        keep(what="night", by="script", **line)
    keep(what="first", by="rollcall", **first)
    return {
        "employees": people,
        "json": size / people,
        "us": median(ours, "seconds") / people * 1e6,
        "range": (min(line["seconds"] for line in ours) / people * 1e6, max(line["seconds"] for line in ours) / people * 1e6),
        "mb": median(ours, "peak_bytes") / 1e6,
        "changes": ours[0]["changes"],
        "state": ours[0]["state_bytes"] / people,
        "roster": ours[0]["roster_bytes"] / people,
        "plan": ours[0]["plan_bytes"],
        "script_us": median(script, "seconds") / people * 1e6,
        "script_mb": median(script, "peak_bytes") / 1e6,
        "first_us": first["seconds"] / people * 1e6,
        "first_mb": first["peak_bytes"] / 1e6,
    }


def nights_of_the_store(sizes):
    """Items that the store writes on a first, a busy and a quiet night, from the demo on the embedded stack."""
    table = {}
    for employees in sizes:
        done = subprocess.run([ROLLCALL, "demo", "--employees", str(employees), "--seed", "1", "--json"],
                              check=True, capture_output=True, text=True)
        days = {day["name"]: day for day in json.loads(done.stdout.strip().splitlines()[-1])["days"]}
        for name, day in days.items():
            keep(what="store", employees=employees, **day)
        table[employees] = days
    return table


def main():
    if os.path.exists(RESULTS):
        os.remove(RESULTS)
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        model = next(line.split(":")[1].strip() for line in file if line.startswith("model name"))
    print(f"\n{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()};")
    print(f"one core, files warm, medians of {ROUNDS} runs that alternate with the script's.\n")
    with tempfile.TemporaryDirectory() as folder:
        rows = [night(employees, folder) for employees in SIZES]
    print("A night without a network: pages -> roster -> certificate -> diff -> guards -> plan written")
    print("| employees | JSON a person | changes | time a person | peak memory | plain script | its memory | times faster | roster + links + accounts a person | plan |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        print(f"| {row['employees']:,} | {row['json'] / 1000:.1f} KB | {row['changes']:,} | {row['us']:.2f} us "
              f"({row['range'][0]:.2f}-{row['range'][1]:.2f}) | {row['mb']:.0f} MB | {row['script_us']:.1f} us "
              f"| {row['script_mb']:.0f} MB | {row['script_us'] / row['us']:.1f} | {row['state']:.0f} B | {row['plan'] / 1000:.1f} KB |")
    print("\nThe first night, when everybody joins (one run)")
    for row in rows:
        print(f"* {row['employees']:,} employees: {row['first_us']:.2f} us a person, {row['first_mb']:.0f} MB")
    if len(rows) > 2:
        print(f"\nGrowth from 10 k to 100 k: {rows[2]['us'] / rows[1]['us']:.2f}x a person")
    sizes = [250, 2_000]
    print("\nWhat a night writes and asks for (embedded stack; 'first' creates everybody)")
    print("| employees | night | changes | accounts written | items written | HR calls |")
    print("|---:|---|---:|---:|---:|---:|")
    for employees, days in nights_of_the_store(sizes).items():
        for name in ["first", "changes", "quiet"]:
            day = days[name]
            changes = sum(day[kind] for kind in ["joiners", "movers", "leavers", "rehires"])
            print(f"| {employees:,} | {name} | {changes} | {day['target_writes']} | {day['store_writes']} | {day['calls']} |")
    print("\nRaw lines: tests/.results/figures.jsonl")


main()
