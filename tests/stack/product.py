"""The users of a deployed Rollcall: the application's backend, a person with a browser, and the HR system beside it."""
import json
import pathlib
import re
import signal
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


# A deferred run waits for another run of its connection, and goes on after it.
UNDER_WAY = ("queued", "running", "deferred")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """A browser that the test leads by hand: it follows no redirect."""

    def redirect_request(self, *_):
        return None


opener = urllib.request.build_opener(NoRedirect)


class Answer:
    """An answer, whatever its status."""

    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.text = body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.text) if self.text else None


def request(method, url, body=None, headers=None, form=None):
    """Sends a request, follows no redirect, and returns the answer, whatever it is."""
    headers = dict(headers or {})
    data = None
    if body is not None:
        data = json.dumps(body).encode()
        headers["content-type"] = "application/json"
    if form is not None:
        data = urllib.parse.urlencode(form).encode()
    asked = urllib.request.Request(url, data=data, method=method, headers=headers)
    try:
        with opener.open(asked, timeout=40) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.headers, error.read())


class Emulator:
    """An emulated server in its own process; `said` is the text with which it introduced itself."""

    def __init__(self, *arguments):
        command = [str(ROOT / "target/debug/rollcall"), "emulate", *map(str, arguments)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, stdin=subprocess.DEVNULL)
        self.said = ""
        while "It answers until" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"the emulator did not start:\n{self.said}"
            self.said += line
        self.url = re.search(r" at (http://[\d.]+:\d+)", self.said)[1]

    def control(self, method, path, body=None):
        answer = request(method, f"{self.url}/_emulator/{path}", body)
        assert answer.status < 300, answer.text
        return answer.json

    def stop(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(10)
        self.process.stdout.close()


class Scim(Emulator):
    """An emulated SCIM server with some habits."""

    EXTENSION = "urn:example:params:scim:schemas:extension:acme:2.0:User"
    ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

    def __init__(self, *habits):
        super().__init__("scim", *(("--habit", *habits) if habits else ()))
        self.base = f"{self.url}/scim/v2"
        self.token = re.search(r"bearer token +(\S+)", self.said)[1]

    def target(self):
        """Returns the server as a caller of the HTTP contract names it."""
        return {"kind": "scim", "base_url": self.base, "extension": self.EXTENSION, "credential": {"bearer": self.token}}

    def accounts(self):
        """Returns the account of each employee id, in the words that `follow` uses; no person may have two accounts."""
        users = self.control("GET", "users")["data"]
        employee = {user["id"]: user["externalId"].split(":")[-1] for user in users}
        assert len(set(employee.values())) == len(users), "somebody is there twice"
        found = {}
        for user in users:
            at_work = user.get(self.ENTERPRISE, {})
            manager = at_work.get("manager", {}).get("value")
            found[employee[user["id"]]] = {
                "active": user["active"], "work_email": user["userName"], "first_name": user["name"].get("givenName"),
                "last_name": user["name"].get("familyName"), "job_title": user.get("title"), "team": at_work.get("division"),
                "manager": employee.get(manager, manager)}
        return found

    def writes(self):
        """Returns how many requests other than reads the server has answered."""
        return len([asked for asked in self.control("GET", "requests")["data"] if asked["method"] != "GET"])


def follow(expected, people):
    """Updates `expected` by HR: people at work have an active account, people who were at work before an inactive one."""
    at_work = {person["employee_id"]: person for person in people if person["status"] == "active" and person["work_email"]}
    for employee, person in at_work.items():
        def plain(member):
            return (person[member] or "").replace("\u200b", "").strip() or None
        manager = person["manager"] if not person["manager"] or person["manager"] in at_work else expected.get(employee, {}).get("manager")
        expected[employee] = {
            "active": True, "work_email": person["work_email"].lower(), "manager": manager,
            **{member: plain(member) for member in ("first_name", "last_name", "job_title", "team")}}
    for employee in expected:
        if employee not in at_work:
            expected[employee]["active"] = False
    return expected


class Factorial(Emulator):
    """An emulated Factorial."""

    def __init__(self, employees, seed=1, companies=1):
        super().__init__("factorial", "--employees", employees, "--seed", seed, "--companies", companies)
        said = self.said
        self.keys = re.findall(r"API key +(\S+)", said)
        self.client_id = re.search(r"client id +(\S+)", said)[1]
        self.client_secret = re.search(r"client secret +(\S+)", said)[1]

    def joiners(self):
        """Returns the work addresses of all people who ought to have an account."""
        people = self.control("GET", "people")["data"]
        return {person["work_email"].lower() for person in people
                if person["status"] == "active" and person.get("work_email")}


class Backend:
    """The application's backend."""

    def __init__(self, url, key):
        self.url = url
        self.headers = {"authorization": f"Bearer {key}", "x-acting-user": "operator-1"}

    def send(self, method, path, body=None, **headers):
        return request(method, self.url + path, body, {**self.headers, **headers})

    def call(self, method, path, body=None):
        answer = self.send(method, path, body)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.text}"
        return answer.json

    def connect_by_login(self, tenant, hr, company=0, **config):
        """Connects as a person does, through the HR system's own page, and returns the connection's id."""
        made = self.call("POST", "/v1/connections", {
            "tenant": tenant, "provider": "factorial", "base_url": hr.url, "return_url": "http://127.0.0.1/settings/hr",
            "config": {"attributes": ["job_title", "team", "manager"], **config}})
        departure = request("GET", made["authorize_url"])
        assert departure.status in (302, 303), departure.text
        cookie = departure.headers["set-cookie"].split(";")[0]
        asked = urllib.parse.parse_qsl(urllib.parse.urlsplit(departure.headers["location"]).query)
        form = asked + [("decision", "allow"), ("sign_in_as", "Administrator"), ("company", str(company))]
        allowed = request("POST", f"{hr.url}/oauth/authorize", form=form)
        arrival = request("GET", allowed.headers["location"], headers={"cookie": cookie})
        assert arrival.status in (302, 303), f"{arrival.status} {arrival.text}"
        back = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(arrival.headers["location"]).query))
        assert "activation" in back, back
        return self.call("POST", "/v1/connect-sessions/activate", {"activation": back["activation"]})["id"]

    def connect_by_key(self, tenant, hr, company=0, target=None, **config):
        made = self.call("POST", "/v1/connections", {
            "tenant": tenant, "provider": "factorial", "base_url": hr.url, "credential": {"kind": "api_key", "key": hr.keys[company]},
            **({"target": target} if target else {}), "config": {"attributes": ["job_title", "team", "manager"], **config}})
        return made["id"]

    def runs(self, connection):
        return self.call("GET", f"/v1/connections/{connection}/runs")["data"]

    def done(self, run, seconds=120):
        """Waits until a run has ended, and returns the run."""
        for _ in range(seconds * 5):
            found = self.call("GET", f"/v1/runs/{run}")
            if found["status"] not in UNDER_WAY:
                return found
            time.sleep(0.2)
        raise AssertionError(f"run {run} has not ended: {found}")

    def quiet(self, connection, seconds=120):
        """Waits until no run of a connection is under way, and returns its runs."""
        for _ in range(seconds * 5):
            runs = self.runs(connection)
            if runs and all(run["status"] not in UNDER_WAY for run in runs):
                return runs
            time.sleep(0.2)
        raise AssertionError(f"connection {connection} is not quiet: {runs}")

    def preview(self, connection):
        plan = self.call("POST", f"/v1/connections/{connection}/preview?wait=20")
        return self.call("GET", f"/v1/plans/{plan['id']}")

    def apply(self, plan):
        return self.call("POST", f"/v1/plans/{plan['id']}/apply", {"hash": plan["hash"]})["run"]

    def users(self, tenant):
        """Returns all users of a tenant."""
        found, cursor = [], ""
        while True:
            page = self.call("GET", f"/v1/tenants/{tenant}/users?limit=200{cursor}")
            found += page["data"]
            if not page.get("next_cursor"):
                return found
            cursor = "&cursor=" + urllib.parse.quote(page["next_cursor"])


def until(what, seconds=120, every=0.2):
    """Waits until `what` returns a value that is true, and returns that value."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(every)
    raise AssertionError("it did not come to pass in time")
