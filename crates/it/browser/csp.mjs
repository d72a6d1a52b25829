// Reads content security policies, one a line, from standard input, and prints for each a line of JSON: what
// the evaluator found, `[{ "directive", "severity", "value", "description" }]`. Severities: 10 high, 20 syntax,
// 30 medium, 40 high maybe, 45 strict-csp, 50 medium maybe, 60 info, 100 none.
import { readFileSync } from "node:fs";
import { CspEvaluator } from "csp_evaluator/dist/evaluator.js";
import { CspParser } from "csp_evaluator/dist/parser.js";

for (const policy of readFileSync(0, "utf8").split("\n").filter((line) => line !== "")) {
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate();
  const told = findings.map(({ directive, severity, value, description }) => ({ directive, severity, value, description }));
  console.log(JSON.stringify(told));
}
