"""How fast a SCIM server is written to: by the target, by a bare HTTP client that sends equal requests to an equal server, and
by a whole apply. Target and client take turns. The server is a process of its own, made anew for each run."""
import json
import shutil
import statistics
import subprocess

GOALS = {"of_bare": 0.8, "of_latency": 0.95}
# How many accounts a run has: enough to measure, and so few that the emulated server's own look-ups do not count.
ACCOUNTS = 400
AT_ONCE = (1, 8, 16)
LATENCY_MS = 50


def pinned(core, command):
    """Returns a command that runs on a core of its own, where cores can be chosen."""
    return ["taskset", "-c", str(core), *command] if shutil.which("taskset") else command


class Server:
    """An emulated SCIM server that takes so many milliseconds for each answer."""

    def __init__(self, figures, latency):
        self.process = subprocess.Popen(pinned(1, [figures, "scim-server", str(latency)]), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)
        self.base = json.loads(self.process.stdout.readline())["base"]

    def __enter__(self):
        return self.base

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()


def run(figures, by, latency, accounts, at_once, keep):
    """Returns the figures of one run: requests, accounts, seconds."""
    with Server(figures, latency) as base:
        command = [figures, "scim", by, base, str(accounts), str(at_once)]
        done = subprocess.run(pinned(0, command), check=True, stdout=subprocess.PIPE, text=True)
    line = json.loads(done.stdout.strip().splitlines()[-1])
    keep(what="scim", by=by, latency_ms=latency, at_once=at_once, **line)
    return line


def rate(*how):
    """Returns the requests in a second of one run."""
    line = run(*how)
    return line["requests"] / line["seconds"]


def measure(figures, rounds, keep):
    """Returns rows without latency, rows at 50 ms, the rate of a whole apply, and its requests for each account."""
    quick, slow = [], []
    for at_once in AT_ONCE:
        lines = {"target": [], "bare": []}
        for _ in range(rounds):
            for by, found in lines.items():
                found.append(rate(figures, by, 0, ACCOUNTS, at_once, keep))
        quick.append({"at_once": at_once, **{by: statistics.median(found) for by, found in lines.items()}})
    # How long one answer takes: a timer is never early, and the way to the server and back comes on top.
    seconds = 1 / statistics.median(rate(figures, "bare", LATENCY_MS, 10, 1, keep) for _ in range(3))
    for at_once in AT_ONCE[1:]:
        rows = {by: statistics.median(rate(figures, by, LATENCY_MS, 20 * at_once, at_once, keep) for _ in range(3))
                for by in ("target", "bare")}
        slow.append({"at_once": at_once, "latency": seconds, **rows})
    # The stage lets 16 requests be under way at once.
    lines = [run(figures, "apply", LATENCY_MS, 20 * AT_ONCE[-1], AT_ONCE[-1], keep) for _ in range(3)]
    apply = statistics.median(line["requests"] / line["seconds"] for line in lines)
    return quick, slow, apply, statistics.median(line["requests"] / line["accounts"] for line in lines)


def report(quick, slow, apply, each):
    """Prints the tables and which goals are met."""
    print("\nWriting to an emulated SCIM server: every account is looked up once and made, then read and changed. Requests a second:\n")
    print("| at once | the target | a bare HTTP client, same requests | of it |")
    print("|---:|---:|---:|---:|")
    for row in quick:
        print(f"| {row['at_once']} | {row['target']:,.0f} | {row['bare']:,.0f} | {row['target'] / row['bare']:.0%} |")
    print(f"\nThe same where each answer takes {LATENCY_MS} ms ({slow[0]['latency'] * 1000:.1f} ms as one request after the other sees it):\n")
    print("| at once | the target | a bare HTTP client | at once / latency | the target of that |")
    print("|---:|---:|---:|---:|---:|")
    for row in slow:
        most = row["at_once"] / row["latency"]
        print(f"| {row['at_once']} | {row['target']:,.0f} | {row['bare']:,.0f} | {most:,.0f} | {row['target'] / most:.0%} |")
    most = slow[-1]["at_once"] / slow[-1]["latency"]
    print(f"\nA whole apply of a first night there, links and journal in the embedded table: {apply:,.0f} a second, {apply / most:.0%}; {each:.1f} requests a joiner, managers included.")
    of_bare = min(row["target"] / row["bare"] for row in quick)
    of_latency = min(row["target"] * row["latency"] / row["at_once"] for row in slow)
    print("\nGoals of the target:")
    for name, value, words in [("of_bare", of_bare, "of a bare client's requests"), ("of_latency", of_latency, "of at once / latency")]:
        print(f"* {'met' if value >= GOALS[name] else 'NOT met'}: {value:.0%} {words} at the least; the goal is {GOALS[name]:.0%}")
