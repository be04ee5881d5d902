import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { occupyDatabase } from "../../../src/store/engines/sqlite/occupancy.ts";
import { temporaryFolder } from "../../support/server/server.ts";

const alone = { isShared: false, patience: 0 };

test("a link to a file that is yet to be made stands for that file, before and after it is made", (t) => {
  const folder = temporaryFolder(t);
  const [file, link] = [join(folder, "innbox.db"), join(folder, "link.db")];
  symlinkSync("innbox.db", link);
  const first = occupyDatabase(`sqlite:${link}`, alone);
  t.after(first.release);
  writeFileSync(file, "");
  for (const name of [file, link]) {
    assert.throws(
      () => occupyDatabase(`sqlite:${name}`, alone),
      /^Error: Another server works on .*\/innbox\.db already\.$/,
    );
  }
});

test("a link that leads to itself does not keep the search for its file going", (t) => {
  const link = join(temporaryFolder(t), "loop.db");
  symlinkSync("loop.db", link);
  occupyDatabase(`sqlite:${link}`, alone).release();
});
