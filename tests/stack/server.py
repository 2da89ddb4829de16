"""The emulated AWS in its own process: ministack with IAM enforced, every decision of its policies written down.

Three things are mended before it starts, all inside this process: small packets of the Runtime API are sent at once, a
function's log is waited for briefly, and each check of a permission becomes a line of JSON in the file RECORD names.
Nothing of the functions' environment comes from here: it is started with an empty one.
"""
import json
import os
import signal
import socketserver
import threading
import time

socketserver.StreamRequestHandler.disable_nagle_algorithm = True

import ministack.core.iam_evaluator as iam
import ministack.core.lambda_runtime as runtime

for kind in vars(runtime).values():
    if isinstance(kind, type) and "_drain_stderr_bounded" in vars(kind):
        kind._drain_stderr_bounded.__defaults__ = (0.003, 0.003, 0.25)

record = open(os.environ.pop("RECORD"), "a", buffering=1, encoding="utf-8")
evaluate = iam.evaluate


def evaluate_and_record(context, policies, *limits):
    """Decides as the emulator does, and writes each decision down."""
    result = evaluate(context, policies, *limits)
    line = {
        "principal": context.principal_arn,
        "action": context.action,
        "resource": context.resource_arn,
        "decision": result.decision,
    }
    record.write(json.dumps(line) + "\n")
    return result


iam.evaluate = evaluate_and_record



def end_with(parent):
    """Ends the server when the process that started it is gone, whatever ended that process."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()

from ministack.app import main

main()
