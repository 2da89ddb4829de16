"""An emulated AWS for one run of the tests, and stacks deployed into it with the commands that README gives for the real one.

Everything lies in one folder; the server listens on 127.0.0.1, on a free port, and is stopped by its process id.
"""
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

import boto3
import yaml
from botocore.config import Config

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAM = ROOT / "tests/.tools/sam/bin/sam"
REGION = "eu-west-1"
BUCKET = "artifacts"


class Failed(Exception):
    """A step failed, and the tests cannot go on without it."""


def free_port():
    """Returns a port on which no process listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def quoted(value):
    """A parameter's value as SAM reads it from a command: in double quotes, with a backslash before those inside."""
    return '"' + str(value).replace('"', '\\"') + '"'


class Cloud:
    """The emulated AWS."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder).resolve()
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.record = self.folder / "permissions.jsonl"
        self.process = None
        self._clients = {}
        self._making = threading.Lock()

    def start(self):
        """Starts the server and waits until it answers."""
        for name in ("state", "tmp"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        environment = {
            # Every function gets the server's environment: it must hold nothing that AWS would not give.
            "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(self.folder), "LANG": "C.UTF-8",
            "AUTH": "true", "BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(self.port),
            "MINISTACK_REGION": REGION, "AWS_DEFAULT_REGION": REGION, "AWS_ENDPOINT_URL": self.url,
            "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
            "STATE_DIR": str(self.folder / "state"), "TMPDIR": str(self.folder / "tmp"),
            "IOT_MTLS_ENABLED": "0", "SFTP_ENABLED": "0", "RECORD": str(self.record),
        }
        server = pathlib.Path(__file__).with_name("server.py")
        with open(self.folder / "server.log", "wb") as log:
            self.process = subprocess.Popen([sys.executable, str(server)], env=environment, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, start_new_session=True)
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/_ministack/health", timeout=2).close()
                break
            except OSError:
                if self.process.poll() is not None:
                    raise Failed(f"the emulated AWS did not start; see server.log")
                time.sleep(0.1)
        else:
            raise Failed("the emulated AWS does not answer")
        self.client("s3").create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
        return self

    def stop(self):
        """Stops the server; its functions end with it."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def client(self, service):
        """Returns the operator's client of a service."""
        with self._making:
            if service not in self._clients:
                self._clients[service] = boto3.client(
                    service, endpoint_url=self.url, region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test",
                    config=Config(retries={"max_attempts": 2}, read_timeout=60))
            return self._clients[service]

    def permissions(self):
        """Returns every decision about a permission so far."""
        if not self.record.exists():
            return []
        with open(self.record, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("\n")]

    def deploy(self, name, built, **parameters):
        """Deploys a built template (a folder of `sam build`) as a stack, and returns the stack."""
        environment = dict(os.environ, SAM_CLI_TELEMETRY="0", AWS_ENDPOINT_URL=self.url, AWS_DEFAULT_REGION=REGION,
                           AWS_ACCESS_KEY_ID="test", AWS_SECRET_ACCESS_KEY="test", AWS_EC2_METADATA_DISABLED="true")
        command = [str(SAM), "deploy", "--template-file", str(pathlib.Path(built) / "template.yaml"), "--stack-name", name,
                   "--s3-bucket", BUCKET, "--s3-prefix", name, "--capabilities", "CAPABILITY_IAM",
                   "--no-fail-on-empty-changeset", "--no-confirm-changeset"]
        for release in pathlib.Path(built).glob("*/release"):
            # `sam build` writes this file anew each time: SAM publishes a version only where the code differs.
            release.write_text(f"{time.time_ns()}\n")
        if parameters:
            command += ["--parameter-overrides"] + [f"{key}={quoted(value)}" for key, value in parameters.items()]
        done = subprocess.run(command, env=environment, cwd=self.folder, capture_output=True, text=True, timeout=300,
                              stdin=subprocess.DEVNULL)
        (self.folder / f"deploy-{name}.log").write_text(done.stdout + done.stderr)
        if done.returncode != 0:
            raise Failed(f"deploying {name} failed:\n{(done.stdout + done.stderr)[-3000:]}")
        stack = Stack(self, name)
        stack.mend(built)
        return stack


class Stack:
    """A deployed stack."""

    def __init__(self, cloud, name):
        self.cloud = cloud
        self.name = name
        described = cloud.client("cloudformation").describe_stacks(StackName=name)["Stacks"][0]
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in described.get("Outputs", [])}
        pages = cloud.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=name)
        self.ids = {found["LogicalResourceId"]: found["PhysicalResourceId"]
                    for page in pages for found in page["StackResourceSummaries"]}

    @property
    def url(self):
        """Returns the address at which the HTTP API answers."""
        return f"{self.cloud.url}/_aws/execute-api/{self.ids['Api']}/$default"

    def mend(self, built):
        """Sets by API the settings of the template that this emulator's CloudFormation leaves out."""
        template = yaml.safe_load(plain((pathlib.Path(built) / "template.yaml").read_text()))
        table = template["Resources"]["Table"]["Properties"]
        dynamodb = self.cloud.client("dynamodb")
        name = self.ids["Table"]
        if dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "DISABLED":
            dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=table["TimeToLiveSpecification"])
            dynamodb.update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification=table["PointInTimeRecoverySpecification"])
        functions = self.cloud.client("lambda")
        for source in functions.list_event_source_mappings()["EventSourceMappings"]:
            # A parameter's number arrives as text, which AWS reads and this emulator does not.
            most = int((source.get("ScalingConfig") or {}).get("MaximumConcurrency") or 0)
            if most:
                functions.update_event_source_mapping(UUID=source["UUID"], ScalingConfig={"MaximumConcurrency": most})

    def first_key(self):
        """Returns the first API key, read as README says."""
        secret = self.outputs["FirstApiKeySecret"]
        text = self.cloud.client("secretsmanager").get_secret_value(SecretId=secret)["SecretString"]
        return f"rck_first_{text}"

    def depth(self, queue):
        """Returns how many messages a queue holds, visible or not."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
        found = self.cloud.client("sqs").get_queue_attributes(QueueUrl=self.outputs[queue], AttributeNames=names)
        return sum(int(found["Attributes"][name]) for name in names)


def plain(text):
    """Returns a template without the short forms of its functions, for reading the constants in it."""
    return text.replace("!Ref ", "").replace("!GetAtt ", "").replace("!Sub ", "").replace("!", "")


def without_default(folder):
    """Makes a home of rustup with this machine's toolchains and no default: a build that names no toolchain gets none."""
    found = shutil.which("rustup")
    if found is None:
        return {}
    home = subprocess.run([found, "show", "home"], capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "settings.toml").write_text('version = "12"\nprofile = "minimal"\n')
    for part in ("toolchains", "update-hashes"):
        link = folder / part
        if not link.is_symlink() and (pathlib.Path(home) / part).exists():
            link.symlink_to(pathlib.Path(home) / part)
    environment = {"RUSTUP_HOME": str(folder)}
    unsaid = {name: value for name, value in os.environ.items() if name != "RUSTUP_TOOLCHAIN"}
    refused = subprocess.run(["cargo", "--version"], env={**unsaid, **environment}, cwd=folder, capture_output=True)
    if refused.returncode == 0:
        raise Failed("a toolchain is chosen though none is named: whether the build names one is not proven")
    return environment


def build(into, build_id, profile="stack"):
    """Builds the functions with the command that README gives, on a machine whose rustup has no default toolchain."""
    architecture = {"x86_64": "x86_64", "aarch64": "arm64"}[os.uname().machine]
    environment = dict(os.environ, SAM_CLI_TELEMETRY="0", AWS_DEFAULT_REGION=REGION, ARCHITECTURE=architecture,
                       PROFILE=profile, ROLLCALL_BUILD=build_id, **without_default(pathlib.Path(into).parent / "rustup"))
    shutil.rmtree(into, ignore_errors=True)
    command = [str(SAM), "build", "--template-file", str(ROOT / "infra/template.yaml"), "--build-dir", str(into)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=ROOT)
    if done.returncode != 0:
        raise Failed(f"building failed:\n{(done.stdout + done.stderr)[-3000:]}")
    return architecture
