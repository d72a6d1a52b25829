"""Fails unless every operation of the OpenAPI document was called; names those that never succeeded."""

import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    document = json.load(file)
with open(sys.argv[2], encoding="utf-8") as file:
    answers = json.load(file)

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
operations = {
    f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item if method in METHODS
}
missed = sorted(operations - answers.keys())
barren = sorted(
    label for label in operations & answers.keys() if not any(200 <= int(code) < 400 for code in answers[label])
)
calls = sum(sum(codes.values()) for codes in answers.values())
print(f"  {calls} calls of {len(operations)} operations")
for label in barren:
    print(f"  never succeeded: {label} {answers[label]}")
for label in missed:
    print(f"  never called: {label}")
if missed or not operations:
    sys.exit(1)
