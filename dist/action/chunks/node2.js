import * as stream from "node:stream";
import * as crypto from "node:crypto";
import * as path from "node:path";
import * as child_process from "node:child_process";
import * as fs from "node:fs";
export { stream as a, path as i, crypto as n, fs as r, child_process as t };
