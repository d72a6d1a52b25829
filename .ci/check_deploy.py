#!/usr/bin/env python3
"""Checks what lies in deploy/ without a cluster and without Docker: .ci/run deploy.

The Kubernetes manifest parses, its parts fit each other, and its container gives up what it can; its
configuration is one that the built program takes; the Dockerfile has the lines that matter.
Usage: check_deploy.py PROGRAM
"""
import pathlib
import re
import subprocess
import sys
import tempfile

import yaml

HERE = pathlib.Path(__file__).resolve().parent.parent / "deploy"
problems = []


def expect(truth, words):
    if not truth:
        problems.append(words)


def by_kind():
    found = {}
    for document in yaml.safe_load_all((HERE / "kubernetes.yaml").read_text()):
        kind, name = document["kind"], document["metadata"]["name"]
        expect(document.get("apiVersion"), f"{kind} {name}: no apiVersion")
        expect((kind, name) not in found, f"{kind} {name}: twice")
        found[kind, name] = document
    return found


def kubernetes(program):
    found = by_kind()
    wanted = {"ConfigMap", "Service", "StatefulSet", "PodDisruptionBudget", "ServiceAccount", "NetworkPolicy"}
    expect(wanted <= {kind for kind, _ in found}, f"missing: {wanted - {kind for kind, _ in found}}")
    spec = found["StatefulSet", "keyward"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    selectors = [
        spec["selector"]["matchLabels"],
        found["Service", "keyward"]["spec"]["selector"],
        found["PodDisruptionBudget", "keyward"]["spec"]["selector"]["matchLabels"],
        found["NetworkPolicy", "keyward"]["spec"]["podSelector"]["matchLabels"],
    ]
    for selector in selectors:
        expect(selector and selector.items() <= labels.items(), f"{selector} does not select {labels}")
    pod = spec["template"]["spec"]
    hardened(pod)
    connected(found, pod)
    accepted(found["ConfigMap", "keyward"]["data"]["keyward.toml"], program)


def hardened(pod):
    expect(pod["automountServiceAccountToken"] is False, "the pod gets a token of the cluster")
    expect(pod["securityContext"]["runAsNonRoot"] is True, "the pod may run as root")
    expect(pod["securityContext"]["runAsUser"] > 0, "the pod runs as root")
    expect(pod["securityContext"]["seccompProfile"]["type"] == "RuntimeDefault", "no seccomp profile")
    (container,) = pod["containers"]
    context = container["securityContext"]
    expect(context["allowPrivilegeEscalation"] is False, "privileges may grow")
    expect(context["readOnlyRootFilesystem"] is True, "the file system may be written")
    expect(context["capabilities"]["drop"] == ["ALL"], "capabilities are left")
    expect("limits" in container["resources"], "no limit of memory")
    expect(not container["image"].endswith(":latest"), "the image is `latest`")


def connected(found, pod):
    (container,) = pod["containers"]
    ports = {port["name"] for port in container["ports"]}
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        expect(container[probe]["httpGet"]["port"] in ports, f"{probe}: no such port")
    for port in found["Service", "keyward"]["spec"]["ports"]:
        expect(port["targetPort"] in ports, f"Service: no port {port['targetPort']}")
    claims = found["StatefulSet", "keyward"]["spec"]["volumeClaimTemplates"]
    volumes = {volume["name"] for volume in pod["volumes"]} | {c["metadata"]["name"] for c in claims}
    for mount in container["volumeMounts"]:
        expect(mount["name"] in volumes, f"no volume {mount['name']}")
        expect(mount["name"] == "data" or mount.get("readOnly"), f"{mount['name']} may be written")
    for volume in pod["volumes"]:
        if "configMap" in volume:
            expect(("ConfigMap", volume["configMap"]["name"]) in found, f"no ConfigMap of {volume}")


def accepted(text, program):
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as file:
        file.write(text)
        file.flush()
        command = [program, "--config", file.name, "config"]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    expect(done.returncode == 0, f"the program does not take the ConfigMap: {done.stderr}")


def dockerfile():
    text = (HERE / "Dockerfile").read_text()
    # The last stage is what is shipped.
    shipped = re.split(r"^FROM ", text, flags=re.MULTILINE)[-1]
    expect(text.count("\nFROM ") == 2, "two stages: the compiler is not shipped")
    users = re.findall(r"^USER (\S+)", shipped, flags=re.MULTILINE)
    expect(users and users[-1].split(":")[0] not in ("0", "root"), "the image runs as root")
    for word in ("HEALTHCHECK", "ENTRYPOINT [", "VOLUME"):
        expect(re.search(rf"^{re.escape(word)}", shipped, flags=re.MULTILINE), f"no {word}")
    expect(":latest" not in text, "an image is `latest`")
    for name in re.findall(r"KEYWARD_[A-Z0-9_]+", shipped):
        document = (HERE.parent / "docs" / "configuration.md").read_text()
        known = re.sub(r"_\d+_", "_N_", name)
        expect(f"`{known}`" in document, f"{name} is no setting")


kubernetes(sys.argv[1])
dockerfile()
for problem in problems:
    print(f"deploy/: {problem}", file=sys.stderr)
sys.exit(1 if problems else 0)
