"""How quickly a function begins: from the start of its process to its first request for work, beside a Python (boto3) and a
Node (AWS SDK v3) function in one run. Measured too: the memory that the process then holds, and the size of its zip.

A server of our own plays Lambda's Runtime API on 127.0.0.1. Time is what passes outside the process, fork and exec included.
"""
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FUNCTIONS = ("apply", "connect", "console", "daily-sync", "diff")

# The goals for a function.
GOALS = {"ms": 4, "zip_mb": 2.5, "python": 50}

ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": "/tmp", "LANG": "C.UTF-8",
    "AWS_REGION": "eu-west-1", "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "ASIAEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "example", "AWS_SESSION_TOKEN": "example",
    "AWS_LAMBDA_FUNCTION_NAME": "function", "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "256", "AWS_LAMBDA_FUNCTION_VERSION": "1",
    "AWS_LAMBDA_LOG_GROUP_NAME": "group", "AWS_LAMBDA_LOG_STREAM_NAME": "stream",
    "ROLLCALL_ACCOUNT": "000000000000", "ROLLCALL_TABLE": "rollcall", "ROLLCALL_STAGE": "figures", "ROLLCALL_SECRETS": "rollcall",
    "ROLLCALL_DIFF_QUEUE": "https://sqs.eu-west-1.amazonaws.com/000000000000/diff",
    "ROLLCALL_APPLY_QUEUE": "https://sqs.eu-west-1.amazonaws.com/000000000000/apply",
    "ROLLCALL_PUBLIC_URL": "https://hr.example.com", "ROLLCALL_DAILY_AT": "4:0", "ROLLCALL_LEASE": "360", "ROLLCALL_DAILY_TIME_ZONE": "UTC",
}


def pin():
    """Pins the process that is measured to one core."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def begin(command, environment):
    """Returns the milliseconds from exec to the first request for work, and the megabytes that the process holds then."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        address = f"127.0.0.1:{server.getsockname()[1]}"
        began = time.perf_counter()
        process = subprocess.Popen(command, env={**environment, "AWS_LAMBDA_RUNTIME_API": address}, preexec_fn=pin,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        try:
            asked, _ = server.accept()
            with asked:
                line = asked.recv(4096)
                took = (time.perf_counter() - began) * 1000
                assert line.startswith(b"GET /2018-06-01/runtime/invocation/next"), line[:80]
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        finally:
            process.kill()
            process.wait()
    held = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return took, held / 1024


def zip_size(binary):
    """Returns the megabytes of the zip that Lambda is given."""
    packed = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = packed.compress(binary.read_bytes()) + packed.flush()
    return (len(body) + 150) / 1e6


def measure(rounds, keep, python, release):
    """Measures all functions and their counterparts in turns, and returns a row for each."""
    commands = {name: [str(release / name)] for name in FUNCTIONS}
    commands["Python, boto3"] = [str(python), str(HERE / "start/function.py")]
    commands["Node, SDK v3"] = ["node", str(HERE / "start/function.mjs")]
    environments = {name: ENVIRONMENT for name in commands}
    environments["Node, SDK v3"] = {**ENVIRONMENT, "PATH": os.environ["PATH"]}
    taken = {name: [] for name in commands}
    for name, command in commands.items():
        begin(command, environments[name])
    for turn in range(rounds):
        for name, command in commands.items():
            # The slow functions are measured less often: they would take most of the time.
            if name in FUNCTIONS or turn % 3 == 0:
                taken[name].append(begin(command, environments[name]))
    rows = {}
    for name, turns in taken.items():
        times = [turn[0] for turn in turns]
        row = {"ms": statistics.median(times), "least": min(times), "most": max(times), "rounds": len(turns),
               "mb": statistics.median(turn[1] for turn in turns)}
        if name in FUNCTIONS:
            row["zip_mb"] = zip_size(release / name)
        rows[name] = row
        keep(what="start", function=name, **row)
    return rows


def report(rows):
    """Prints the table, and whether the goals were met."""
    slow = rows["Python, boto3"]["ms"]
    print("\nFrom the start of a function's process to its first request for work:\n")
    print("| function | time | memory then | zip | times faster than Python | than Node |")
    print("|---|---:|---:|---:|---:|---:|")
    for name, row in rows.items():
        size = f"{row['zip_mb']:.2f} MB" if "zip_mb" in row else "-"
        print(f"| {name} | {row['ms']:.1f} ms ({row['least']:.1f}-{row['most']:.1f}) | {row['mb']:.0f} MB | {size} | "
              f"{slow / row['ms']:.0f} | {rows['Node, SDK v3']['ms'] / row['ms']:.0f} |")
    own = [rows[name] for name in FUNCTIONS]
    for what, value, met in (
        (f"ms at the most; the goal is {GOALS['ms']}", max(row["ms"] for row in own), max(row["ms"] for row in own) < GOALS["ms"]),
        (f"MB of zip at the most; the goal is {GOALS['zip_mb']}", max(row["zip_mb"] for row in own),
         max(row["zip_mb"] for row in own) < GOALS["zip_mb"]),
        (f"times faster than Python at least; the goal is {GOALS['python']}", min(slow / row["ms"] for row in own),
         min(slow / row["ms"] for row in own) >= GOALS["python"]),
    ):
        print(f"* {'met' if met else 'NOT met'}: {value:.1f} {what}")


if __name__ == "__main__":
    report(measure(int(sys.argv[2]), lambda **_: None, sys.argv[3], pathlib.Path(sys.argv[1])))
