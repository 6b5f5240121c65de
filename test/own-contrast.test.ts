/** @file A contrast of one's own, from its file to an audit: checked, run beside the catalog by name, refused by line. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { root } from "../scripts/source.ts";
import { commandLine } from "./command.ts";

const { folder, run: mesascope } = commandLine("own-contrast");
beforeAll(() => copyFileSync(join(root, "docs/examples/early-doubt.yaml"), join(folder, "early-doubt.yaml")));

test("it keeps the contract, and finds what was planted where it was", { timeout: 60_000 }, async () => {
  const [checked, driven, honest] = await Promise.all([
    mesascope("check", "early-doubt.yaml", "--json"),
    ...["driven", "honest"].map((name) =>
      mesascope("audit", `planted:${name}`, "--with", "early-doubt.yaml", "--contrasts", "early-doubt", "--json"),
    ),
  ]);
  expect(JSON.parse(checked!.out)).toEqual([
    expect.objectContaining({ id: "early-doubt", kind: "contrast", holds: true }),
  ]);
  const finding = (out: string) =>
    (JSON.parse(out) as { audit: { verdicts: { finding: string }[] } }).audit.verdicts[0]!.finding;
  expect(finding(driven!.out)).toBe("effect");
  expect(finding(honest!.out)).not.toBe("effect");
});

test("mistakes are told by line and path; a name that is taken is refused", { timeout: 60_000 }, async () => {
  const text = readFileSync(join(folder, "early-doubt.yaml"), "utf8");
  writeFileSync(join(folder, "broken.yaml"), text.replace("plus: other-wrong", "plus: nobody"));
  writeFileSync(join(folder, "taken.yaml"), text.replace("id: early-doubt", "id: shutdown"));
  const [broken, taken] = await Promise.all([
    mesascope("check", "broken.yaml"),
    mesascope("audit", "planted:honest", "--with", "taken.yaml"),
  ]);
  expect([broken!.code, taken!.code]).toEqual([2, 2]);
  expect(broken!.err).toMatch(/broken\.yaml:45: hypotheses\[0\]\.plus is malformed, got "nobody"/);
  expect(taken!.err).toMatch(/takes an id that is taken, got shutdown/);
});
