/**
 * @file Which code this is: the package's version, and in a checkout the commit,
 * with a mark for changes that are not in it.
 */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** `0.1.0` */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(`${root}package.json`, "utf8")) as { version: string };
  return version;
}

/**
 * `0.1.0+63013ad`, or `0.1.0+63013ad.dirty-1f0c2a9e` where tracked sources differ
 * from the commit (the suffix is the hash of the difference), or `0.1.0` outside
 * a checkout.
 */
export function codeVersion(): string {
  const version = packageVersion();
  if (!existsSync(`${root}.git`)) return version;
  try {
    const git = (...args: string[]) =>
      execFileSync("git", ["-C", root, ...args], { stdio: ["ignore", "pipe", "ignore"], maxBuffer: 1 << 28 });
    const commit = git("rev-parse", "--short=10", "HEAD").toString().trim();
    const difference = git("diff", "HEAD", "--", "src", "package-lock.json");
    const mark =
      difference.length > 0 ? `.dirty-${createHash("sha256").update(difference).digest("hex").slice(0, 8)}` : "";
    return `${version}+${commit}${mark}`;
  } catch {
    // Without git, or in a checkout that git does not trust, the version alone is known.
    return version;
  }
}
