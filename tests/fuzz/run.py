"""Fuzzes the HTTP contract of the local stage with schemathesis: no 5xx, and no answer that the contract does not name.

    tests/fuzz/run.py SCHEMATHESIS ROLLCALL [EXAMPLES]

SCHEMATHESIS is its program, ROLLCALL the built `rollcall`. The stage is served on a free port of 127.0.0.1 and stopped,
by its process id, at the end.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
# This number of operations has to be carried out at least once: a fuzzer that is refused everywhere proves little.
LEAST_REACHED = 30
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


class Stage:
    """A served stage, and its backend."""

    def __init__(self, ready):
        self.url, self.key = ready["url"], ready["api_key"]
        self.hr = ready["emulators"]["factorial"]

    def call(self, method, path, body=None):
        request = urllib.request.Request(self.url + path, method=method)
        request.add_header("Authorization", f"Bearer {self.key}")
        request.add_header("X-Acting-User", "fuzzer")
        data = None
        if body is not None:
            request.add_header("Content-Type", "application/json")
            data = json.dumps(body).encode()
        with urllib.request.urlopen(request, data, timeout=60) as answer:
            return json.loads(answer.read() or "null")

    def ended(self, run):
        for _ in range(300):
            shown = self.call("GET", f"/v1/runs/{run}")
            if shown["status"] not in ("queued", "running", "deferred"):
                return shown
            time.sleep(0.1)
        raise SystemExit("a run does not end")

    def prepare(self):
        """Brings one tenant in step with HR, and returns everything that requests can name of it."""
        made = self.call("POST", "/v1/connections", {
            "tenant": "acme", **self.hr["connection"], "credential": self.hr["credential"],
        })
        connection, first = made["id"], self.ended(made["run"])
        plan = self.call("GET", f"/v1/plans/{first['plan']}")
        run = self.call("POST", f"/v1/plans/{plan['id']}/apply", {"hash": plan["hash"]})["run"]
        self.ended(run)
        users = self.call("GET", "/v1/tenants/acme/users?limit=20")["data"]
        people = [user["external_id"].split(":")[-1] for user in users]
        return {
            "connections.id": [connection],
            "plans.id": [plan["id"]],
            "runs.id": [run, made["run"]],
            "keys.id": ["nobody"],
            "tenant": ["acme"],
            "user": [user["id"] for user in users],
            "employee_id": people,
            "base_url": self.hr["url"],
            "receiver": "http://127.0.0.1:9/",
        }


def await_file(path, process):
    for _ in range(600):
        if path.exists():
            return json.loads(path.read_text())
        if process.poll() is not None:
            raise SystemExit("the stage ended before it was ready")
        time.sleep(0.1)
    raise SystemExit("the stage did not get ready")


def main():
    schemathesis, rollcall = map(os.path.abspath, sys.argv[1:3])
    examples = sys.argv[3] if len(sys.argv) > 3 else "40"
    with tempfile.TemporaryDirectory() as folder:
        ready = pathlib.Path(folder) / "ready.json"
        log = pathlib.Path(folder) / "stage.log"
        command = [rollcall, "serve", "--port", "0", "--employees", "20", "--ready-file", str(ready)]
        # The fuzzer is one caller that sends very many requests.
        command += ["--requests-per-key", "1000000", "--requests-per-address", "1000000"]
        command += ["--log", str(log), "--log-level", "info"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            stage = Stage(await_file(ready, process))
            known = stage.prepare()
            counts = pathlib.Path(folder) / "reached.json"
            environment = {
                **os.environ,
                "ROLLCALL_KNOWN": json.dumps(known),
                "ROLLCALL_REACHED": str(counts),
                "SCHEMATHESIS_HOOKS": str(HERE / "hooks.py"),
            }
            code = subprocess.run([
                schemathesis, "run", f"{stage.url}/openapi.json",
                "--header", f"Authorization: Bearer {stage.key}", "--header", "X-Acting-User: fuzzer",
                "--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", examples,
                "--workers", "1", "--seed", "1", "--suppress-health-check", "all", "--no-color",
            ], env=environment, cwd=folder, check=False).returncode
            # A stage that answers every request with 401 proves nothing.
            stage.call("GET", "/v1/providers")
            reached = json.loads(counts.read_text())
        finally:
            process.terminate()
            process.wait(timeout=30)
            failures = [line for line in log.read_text().splitlines() if '"level":"ERROR"' in line]
            for line in failures[:20]:
                print(line)
    if failures:
        raise SystemExit(f"{len(failures)} failures stand in the stage's log")
    offered = {name: statuses for name, statuses in reached.items() if set(statuses) != {"405"}}
    carried_out = {name for name, statuses in offered.items() if min(map(int, statuses)) < 400}
    print(f"{len(carried_out)} of {len(offered)} operations were carried out at least once; the others were only refused:")
    print("  " + ", ".join(sorted(set(offered) - carried_out)))
    if len(carried_out) < LEAST_REACHED:
        raise SystemExit(f"at least {LEAST_REACHED} were to be")
    raise SystemExit(code)


if __name__ == "__main__":
    try:
        main()
    except urllib.error.HTTPError as error:
        raise SystemExit(f"{error.url}: {error.code} {error.read().decode(errors='replace')}") from error
