"""A function in Python as one would write it: it builds three clients of AWS before its first request for work."""
import http.client
import os

import boto3
import requests

clients = [boto3.client(name) for name in ("dynamodb", "secretsmanager", "sqs")]
session = requests.Session()
connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
connection.request("GET", "/2018-06-01/runtime/invocation/next")
connection.getresponse()
